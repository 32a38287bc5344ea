"""The bench counts correctly: frames, snapshots, quantiles and CPU time."""

import os
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage

from bench.lateness import quantile
from bench.load import Load, Player, Walk
from bench.machine import cpu_s
from bench.raw_websocket import BINARY_FINAL, FrameReader, masked

PAYLOADS = st.lists(st.binary(max_size=300) | st.just(b"x" * 70_000), max_size=6)


def framed_by_a_server(payloads):
    server = Connection(ConnectionType.SERVER)
    return b"".join(server.send(BytesMessage(payload)) for payload in payloads)


@pytest.mark.slow
@given(PAYLOADS, st.integers(1, 5_000))
def test_frames_are_whole_however_they_are_cut(payloads, chunk_bytes):
    stream, reader = framed_by_a_server(payloads), FrameReader()
    chunks = [stream[i : i + chunk_bytes] for i in range(0, len(stream), chunk_bytes)]
    frames = [frame for chunk in chunks for frame in reader.frames(chunk)]
    assert frames == [(BINARY_FINAL, payload) for payload in payloads]


@given(st.binary(max_size=2_000))
def test_a_masked_frame_is_read_by_a_real_server(payload):
    server = Connection(ConnectionType.SERVER)
    server.receive_data(masked(payload))
    (event,) = server.events()
    assert bytes(event.data) == payload


def test_the_walk_of_a_seed_is_the_same_for_every_contender():
    first, second = Walk(7, fights=True), Walk(7, fights=True)
    assert [first.next() for _ in range(200)] == [second.next() for _ in range(200)]


def test_peaceful_players_never_fire_and_never_stand_still():
    walk = Walk(7, fights=False)
    buttons = [walk.next()[0] for _ in range(500)]
    assert all(0 < each < 16 for each in buttons)


class Plain(Player):
    def input(self):
        return b"input"

    def take(self, payload):
        return payload.startswith(b"snapshot")


def test_only_snapshots_are_counted_with_their_heads():
    ours, theirs = socket.socketpair()
    early = framed_by_a_server([b"snapshot!", b"roster", b"snapshot" + b"x" * 200])
    load = Load([Plain(ours, early, Walk(1, fights=False))])
    assert load.snapshots() == (2, (9 + 2) + (208 + 4))
    load.close()
    theirs.close()


def test_a_connection_that_the_server_ends_is_counted_as_lost():
    ours, theirs = socket.socketpair()
    load = Load([Plain(ours, b"", Walk(1, fights=False))])
    theirs.close()
    load.play(0.05)
    assert load.lost == 1
    load.close()


def test_a_quantile_is_the_bound_that_so_many_ticks_keep_between_two_readings():
    before = {0.001: 100.0, 0.002: 100.0, float("inf"): 100.0}
    after = {0.001: 190.0, 0.002: 199.0, float("inf"): 200.0}
    assert quantile(before, after, 0.50) == 0.001
    assert quantile(before, after, 0.99) == 0.002
    assert quantile(before, after, 1.0) == float("inf")


def test_work_of_a_process_shows_in_its_cpu_time():
    before_s, end_s = cpu_s(os.getpid()), time.thread_time() + 0.02
    while time.thread_time() < end_s:
        pass
    assert cpu_s(os.getpid()) - before_s >= 0.015

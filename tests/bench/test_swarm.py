"""The load in C writes the same bytes and makes the same counts as the players in Python."""

import ctypes
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, Ping, Pong

from bench.contender_colyseus import ROOM_STATE_PATCH, ColyseusPlayer
from bench.contender_floor import FloorPlayer
from bench.contender_skirmish import SkirmishPlayer
from bench.load import Load, Player, Walk
from bench.programs import program
from bench.swarm import (
    ARRIVAL,
    REPORT,
    WALK_SHIFT,
    WALK_STEPS,
    WALKS,
    Counts,
    Swarm,
    place_of,
    walks,
)
from game.wire import match_messages
from game.wire.codec import encode
from game.wire.match_messages import DeltaSnapshot, FullSnapshot

KINDS = ["skirmish", "colyseus", "floor"]
START_TICK = 300
PATIENCE_S = 10.0


def player_of(kind: str, link: socket.socket, walk: Walk, early: bytes = b"") -> Player:
    if kind == "skirmish":
        return SkirmishPlayer(link, early, walk, START_TICK)
    return (ColyseusPlayer if kind == "colyseus" else FloorPlayer)(link, early, walk)


class InC:
    """One player of bench/load.c in this process."""

    def __init__(self, kind: str, walk: Walk) -> None:
        self.server, self._link = socket.socketpair()
        self._library = ctypes.CDLL(str(program("load", "-shared", "-fPIC", suffix=".so")))
        self._library.add_player.restype = ctypes.c_void_p
        self._library.next_input.restype = ctypes.c_size_t
        self._walks = walks(fights=False)
        assert self._library.begin(kind.encode(), self._walks, ctypes.c_size_t(WALK_STEPS))
        arrival = ARRIVAL.pack(*place_of(walk), START_TICK)
        self._player = ctypes.c_void_p(self._library.add_player(self._link.fileno(), arrival))

    def input(self) -> bytes:
        payload = ctypes.create_string_buffer(200)
        length = self._library.next_input(self._player, payload)
        return payload.raw[:length]

    def hear(self, stream: bytes) -> None:
        self.server.sendall(stream)
        self._library.read_from(self._player)

    def counts(self) -> Counts:
        numbers = REPORT.unpack((ctypes.c_char * REPORT.size).in_dll(self._library, "counted").raw)
        return Counts(*numbers[:8], gaps_ms=numbers[8:])

    def close(self) -> None:
        self.server.close()
        self._link.close()


@contextmanager
def in_c(kind: str, walk: Walk) -> Iterator[InC]:
    player = InC(kind, walk)
    try:
        yield player
    finally:
        player.close()


def framed_by_a_server(payloads: list[bytes]) -> bytes:
    server = Connection(ConnectionType.SERVER)
    return b"".join(server.send(BytesMessage(payload)) for payload in payloads)


def shown(kind: type[DeltaSnapshot | FullSnapshot], ticks: int) -> bytes:
    return encode(kind(ticks, 0, (), (), ()))


HEARD = st.one_of(
    st.none(),  # nothing: an input is sent
    st.builds(shown, st.just(DeltaSnapshot), st.integers(1, 255)),
    st.builds(shown, st.just(FullSnapshot), st.integers(0, 2**24)),
    st.just(encode(match_messages.Pong(5, 7, 9))),
    st.binary(min_size=8, max_size=8).map(bytes([ROOM_STATE_PATCH]).__add__),
)


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, WALKS - 1), heard=st.lists(HEARD, max_size=30))
def test_both_write_the_same_inputs_whatever_they_have_heard(kind, seed, heard):
    with in_c(kind, Walk(seed, fights=False)) as ours:
        python = player_of(kind, ours.server, Walk(seed, fights=False))
        for payload in heard:
            if payload is None:
                assert ours.input() == python.input()
            elif kind != "skirmish" or payload[0] != ROOM_STATE_PATCH:
                before = ours.counts().snapshots
                ours.hear(framed_by_a_server([payload]))
                assert ours.counts().snapshots - before == python.take(payload)


@given(st.lists(st.integers(1, 300) | st.just(70_000), max_size=6), st.integers(16, 5_000))
def test_both_count_the_same_however_the_frames_are_cut(lengths, chunk_bytes):
    payloads = [bytes([ROOM_STATE_PATCH - each % 2]) * each for each in lengths]
    stream = framed_by_a_server(payloads)
    ours, theirs = socket.socketpair()
    python = Load([ColyseusPlayer(ours, stream, Walk(1, fights=False))])
    with in_c("colyseus", Walk(1, fights=False)) as player:
        for start in range(0, len(stream), chunk_bytes):
            player.hear(stream[start : start + chunk_bytes])
        counts = player.counts()
    assert (counts.snapshots, counts.snapshot_bytes) == python.snapshots()
    python.close()
    theirs.close()


def test_the_walks_are_those_of_their_seeds_and_other_matches_begin_elsewhere():
    steps = memoryview(walks(fights=True)).cast("H").tolist()
    walk = Walk(5, fights=True)
    first = 5 * WALK_STEPS * 2
    assert steps[first : first + 20] == [value for _ in range(10) for value in walk.next()]
    assert place_of(Walk(5, fights=True)) == (5, 0)
    assert place_of(Walk(5 + 2 * WALKS, fights=True)) == (5, 2 * WALK_SHIFT)


class Server:
    """The server's end of one of the program's connections."""

    def __init__(self) -> None:
        self.link, self.client = socket.socketpair()
        self.link.settimeout(PATIENCE_S)
        self._frames = Connection(ConnectionType.SERVER)
        self._events = self._frames.events()

    def say(self, event: Any) -> None:
        self.link.sendall(self._frames.send(event))

    def hear(self, kind: type) -> Any:
        """Wait for the next event of a kind."""
        while True:
            for event in self._events:
                if isinstance(event, kind):
                    return event
            self._frames.receive_data(self.link.recv(65_536))
            self._events = self._frames.events()

    def wait_until_all_is_read(self) -> None:
        """Ping and wait for the pong, which comes after everything that was sent before."""
        self.say(Ping(b"everything?"))
        assert self.hear(Pong).payload == b"everything?"


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    both = [Server(), Server()]
    yield both
    for server in both:
        server.link.close()


@pytest.fixture
def swarm() -> Iterator[Swarm]:
    with Swarm("floor", fights=False) as swarm:
        yield swarm


def test_players_play_from_when_they_are_added_and_those_who_come_later_too(swarm, servers):
    for seed, server in enumerate(servers):
        swarm.add([FloorPlayer(server.client, b"", Walk(seed, fights=False))])
        python = FloorPlayer(server.client, b"", Walk(seed, fights=False))
        heard = [bytes(server.hear(BytesMessage).data) for _ in range(4)]
        assert heard == [python.input() for _ in range(4)]
    assert swarm.take().sent >= 8


def test_snapshots_are_counted_by_player_and_only_since_the_last_report(swarm, servers):
    early = framed_by_a_server([b"early"])
    swarm.add([FloorPlayer(it.client, early, Walk(0, fights=False)) for it in servers])
    for server in servers:
        server.wait_until_all_is_read()
    assert swarm.take().snapshots_least == 1
    for server, payloads in zip(servers, ([b"one"], [b"one", b"x" * 300]), strict=True):
        for payload in payloads:
            server.say(BytesMessage(payload))
        server.wait_until_all_is_read()
    counts = swarm.take()
    assert (counts.players, counts.snapshots, counts.snapshots_least) == (2, 3, 1)
    assert counts.snapshot_bytes == 5 + 5 + 304
    assert sum(counts.gaps_ms) == 3
    assert swarm.take().snapshots == 0


def test_a_player_closed_by_the_server_is_lost_and_the_others_play_on(swarm, servers):
    gone, here = servers
    swarm.add([FloorPlayer(it.client, b"", Walk(0, fights=False)) for it in servers])
    gone.link.close()
    here.wait_until_all_is_read()
    here.wait_until_all_is_read()  # its next read after the first answer has everything
    assert here.hear(BytesMessage).data
    counts = swarm.take()
    assert (counts.players, counts.lost) == (1, 1)


def test_percentiles_of_gaps_round_up():
    gaps = [0] * 1_000
    gaps[33], gaps[60] = 99, 1
    counts = Counts(1, 0, 0, 0, 0, 100, 0, 100, tuple(gaps))
    assert (counts.gap_ms(0.99), counts.gap_ms(1.0)) == (34, 61)


def test_the_program_ends_with_its_harness():
    swarm = Swarm("skirmish", fights=True)
    swarm.close()
    with pytest.raises(ProcessLookupError):
        os.kill(swarm.pid, 0)

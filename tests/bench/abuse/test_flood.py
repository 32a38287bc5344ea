"""A flood sends, reads, and reconnects when it is disconnected."""

import socket
import time
from collections.abc import Iterator

import pytest

from bench.abuse.flood import SendPlan, flood
from bench.abuse.outcome import Outcome
from bench.abuse.wire import Ended, frame
from bench.raw_websocket import CLOSE_FINAL

SOON_S = 0.3


@pytest.fixture
def peer() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection."""
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def run(link: socket.socket, diet: SendPlan) -> Outcome:
    """Flood over one connection; a reconnect is refused."""
    links = [link]

    def connect(_: int) -> socket.socket:
        if not links:
            raise Ended("status 429")
        return links.pop()

    return flood(connect, 1, diet, time.monotonic() + SOON_S)


def test_work_is_counted_in_its_units(peer):
    ours, theirs = peer
    outcome = run(ours, SendPlan(b"x" * 1_000, unit_bytes=100, unit="frames"))
    theirs.setblocking(False)
    taken = 0
    while chunk := theirs.recv(1 << 20):
        taken += len(chunk)
    assert outcome.done["frames"] == taken // 100 > 0


def test_a_close_frame_is_counted_by_its_code_and_so_is_the_door_that_stays_shut(peer):
    ours, theirs = peer
    theirs.send(bytes([CLOSE_FINAL, 2, 0x0F, 0xA5]))
    outcome = run(ours, SendPlan(frame(0x89), unit="frames", unit_bytes=6))
    assert outcome.ended["close 4005"] == 1
    assert outcome.ended["status 429"] == 1


def test_statuses_are_counted_however_answers_are_cut(peer):
    ours, theirs = peer
    theirs.send(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 429 Too Many Requests\r\n\r\n")
    outcome = run(ours, SendPlan(b"", is_http=True, pace_s=1e9))
    assert outcome.answers == {"status 200": 1, "status 429": 1}


def test_counts_cross_to_another_process_whole(peer):
    outcome = Outcome()
    outcome.done["frames"], outcome.ended["end"] = 7, 1
    assert Outcome.loads(outcome.dumps()) == outcome

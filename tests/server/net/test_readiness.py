"""Readiness: every stream with data to read is reported, and no other."""

import select
import socket
import sys

import pytest
from attrs import evolve

from server.net.frames import BINARY
from server.net.readiness import Readiness
from server.net.stream import TickStream
from tests.server.net.frame_strategies import frame
from tests.server.net.sockets import SETTINGS, Wires

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all count as ready")


def ticking(wires: Wires, count: int) -> list[tuple[TickStream, socket.socket]]:
    pairs = [wires.framed() for _ in range(count)]
    for stream, _ in pairs:
        stream.begin_ticks()
    return pairs


async def test_only_streams_with_bytes_are_ready(wires: Wires) -> None:
    pairs, readiness = ticking(wires, 3), Readiness[TickStream]()
    for stream, _ in pairs:
        readiness.register(stream, stream)
    assert readiness.ready_nowait() == []
    pairs[1][1].send(frame(BINARY, b"x"))
    assert readiness.ready_nowait() == [pairs[1][0]]
    assert pairs[1][0].core.messages_nowait() == [b"x"]
    assert readiness.ready_nowait() == []
    readiness.close()


async def test_a_peer_that_left_is_ready_to_be_noticed(wires: Wires) -> None:
    pairs, readiness = ticking(wires, 1), Readiness[TickStream]()
    readiness.register(pairs[0][0], pairs[0][0])
    pairs[0][1].close()
    assert readiness.ready_nowait() == [pairs[0][0]]
    readiness.close()


async def test_a_backlog_is_ready_though_the_kernel_is_empty(wires: Wires) -> None:
    stream, peer = wires.framed(evolve(SETTINGS, drain_messages_max=1))
    stream.begin_ticks()
    readiness = Readiness[TickStream]()
    readiness.register(stream, stream)
    peer.send(frame(BINARY, b"1") + frame(BINARY, b"2"))
    seen = []
    while ready := readiness.ready_nowait():
        seen += [ready[0].core.messages_nowait()]
        if stream.core.has_backlog:
            readiness.again(stream)
    assert [message for drained in seen for message in drained] == [b"1", b"2"]
    readiness.close()


async def test_unregistering_is_safe_after_the_descriptor_was_reused(wires: Wires) -> None:
    pairs, readiness = ticking(wires, 1), Readiness[TickStream]()
    old = pairs[0][0]
    readiness.register(old, old)
    descriptor = old.fileno()
    old.close_nowait()
    pairs += ticking(wires, 1)
    new, peer = pairs[1]
    assert new.fileno() == descriptor, "the kernel gives the lowest free descriptor"
    readiness.register(new, new)
    readiness.unregister(old)
    peer.send(frame(BINARY, b"x"))
    assert readiness.ready_nowait() == [new]
    readiness.unregister(new)
    assert readiness.ready_nowait() == []
    readiness.close()


async def test_without_epoll_every_stream_is_tried(
    wires: Wires, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    pairs, readiness = ticking(wires, 2), Readiness[TickStream]()
    monkeypatch.setattr(select, "epoll", None)
    for stream, _ in pairs:
        readiness.register(stream, stream)
    assert readiness.ready_nowait() == [stream for stream, _ in pairs]
    readiness.unregister(pairs[0][0])
    assert readiness.ready_nowait() == [pairs[1][0]]
    readiness.close()
    monkeypatch.undo()

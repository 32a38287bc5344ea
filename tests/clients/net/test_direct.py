"""Two writers share a socket: a frame that went out half is finished before anything else."""

import socket
from typing import Any, cast

import pytest
import trio
import trio.testing
from attrs import define, field

from clients.net.direct import DirectStream
from clients.net.frames import FrameSplitter


@define
class FakeSocket:
    """The plain name of a socket: takes as many bytes at a time as the test says."""

    wire: bytearray
    takes: list[int]

    def send(self, data: bytes) -> int:
        taken = self.takes.pop(0)
        if taken == 0:
            raise BlockingIOError
        self.wire += data[:taken]
        return min(taken, len(data))

    def close(self) -> None:
        pass


@define
class FakeStream:
    """Trio's name of the same socket: waits until the test lets it write."""

    wire: bytearray
    is_writable: trio.Event = field(factory=trio.Event)

    async def send_all(self, data: bytes) -> None:
        await self.is_writable.wait()
        self.wire += data

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        await trio.sleep_forever()
        raise AssertionError


def make(takes: list[int]) -> tuple[DirectStream, FakeStream, bytearray]:
    wire = bytearray()
    raw = FakeStream(wire)
    plain = cast(socket.socket, FakeSocket(wire, takes))
    return DirectStream(plain, cast(Any, raw), FrameSplitter(1_000)), raw, wire


async def send(stream: DirectStream, frame: bytes) -> None:
    rest = stream.send_nowait(frame)
    if rest:
        await stream.send_rest(rest)


@pytest.mark.parametrize("taken", range(5))
async def test_a_frame_that_went_out_half_is_finished_first(taken: int) -> None:
    stream, raw, wire = make([taken, 99, 99])
    async with trio.open_nursery() as nursery:
        nursery.start_soon(send, stream, b"AAAA")
        await trio.testing.wait_all_tasks_blocked()
        nursery.start_soon(send, stream, b"BB")
        nursery.start_soon(stream.send_all, b"pong")
        await trio.testing.wait_all_tasks_blocked()
        raw.is_writable.set()
    whole = bytes(wire)
    for frame in (b"AAAA", b"BB", b"pong"):
        assert whole.count(frame) == 1
        whole = whole.replace(frame, b"")
    assert whole == b""


async def test_the_library_gets_only_what_is_passed_on_until_the_end() -> None:
    stream, _, _ = make([])
    got: list[bytes] = []

    async def read_twice() -> None:
        got.append(await stream.receive_some())
        got.append(await stream.receive_some())

    async with trio.open_nursery() as nursery:
        nursery.start_soon(read_twice)
        await trio.testing.wait_all_tasks_blocked()
        stream.begin_direct()
        await trio.testing.wait_all_tasks_blocked()
        stream.pass_on(b"ping")
        await trio.testing.wait_all_tasks_blocked()
        stream._splitter.feed(b"\x88")
        stream.end_direct()
    assert got == [b"ping", b"\x88"]

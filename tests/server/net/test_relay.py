"""A relay carries every byte both ways, passes ends on, and lets slow readers hold back."""

import socket

import trio
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import wait_all_tasks_blocked

from server.net.relay import PIECE_BYTES, relay
from server.net.transport import SocketTransport, socket_transport
from tests.examples import examples

PATIENCE_S = 10
CHUNKS = st.lists(st.binary(min_size=1, max_size=3 * PIECE_BYTES), max_size=5)


def trio_stream(sock: socket.socket) -> trio.SocketStream:
    return trio.SocketStream(trio.socket.from_stdlib_socket(sock))


@define
class Relayed:
    """A peer and a process, with a relay between them."""

    peer: trio.SocketStream = field(init=False)
    process: trio.SocketStream = field(init=False)
    to_peer: SocketTransport = field(init=False)
    to_process: SocketTransport = field(init=False)

    def __attrs_post_init__(self) -> None:
        ours, theirs = socket.socketpair()
        near, far = socket.socketpair()
        self.peer, self.process = trio_stream(theirs), trio_stream(far)
        self.to_peer, self.to_process = socket_transport(ours), socket_transport(near)

    async def run(self) -> None:
        """As a front does it: what is left is closed afterwards."""
        try:
            await relay(self.to_peer, self.to_process)
        finally:
            self.to_peer.close()

    def close(self) -> None:
        for stream in (self.peer, self.process):
            stream.socket.close()


async def say(stream: trio.SocketStream, chunks: list[bytes]) -> None:
    for chunk in chunks:
        await stream.send_all(chunk)
    await stream.send_eof()


async def rest(stream: trio.SocketStream) -> bytes:
    return b"".join([bytes(chunk) async for chunk in stream])


@given(CHUNKS, CHUNKS)
@examples(30)
def test_every_byte_is_carried_both_ways(said: list[bytes], answered: list[bytes]) -> None:
    async def check() -> None:
        relayed = Relayed()
        with trio.fail_after(PATIENCE_S):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(relayed.run)
                nursery.start_soon(say, relayed.peer, said)
                assert await rest(relayed.process) == b"".join(said)  # its end arrived as well
                nursery.start_soon(say, relayed.process, answered)
                assert await rest(relayed.peer) == b"".join(answered)
        relayed.close()

    trio.run(check)


async def test_it_ends_when_the_process_is_gone() -> None:
    relayed = Relayed()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(relayed.run)
        relayed.process.socket.close()
        with trio.fail_after(PATIENCE_S):
            assert await rest(relayed.peer) == b""
    relayed.close()


async def test_the_process_learns_that_the_peer_is_gone() -> None:
    relayed = Relayed()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(relayed.run)
        relayed.peer.socket.close()
        with trio.fail_after(PATIENCE_S):
            assert await rest(relayed.process) == b""
        relayed.process.socket.close()
    relayed.close()


async def test_a_peer_that_does_not_read_holds_the_process_back() -> None:
    relayed = Relayed()
    sent_bytes = 0

    async def pour() -> None:
        nonlocal sent_bytes
        while sent_bytes < 100_000_000:
            await relayed.process.send_all(b"x" * PIECE_BYTES)
            sent_bytes += PIECE_BYTES

    async with trio.open_nursery() as nursery:
        nursery.start_soon(relayed.run)
        nursery.start_soon(pour)
        await wait_all_tasks_blocked(0.01)
        assert sent_bytes < 2_000_000  # the kernel's buffers and one piece
        nursery.cancel_scope.cancel()
    relayed.close()

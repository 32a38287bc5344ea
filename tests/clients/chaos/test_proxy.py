"""The proxy over real sockets of this machine: what a link promises is tested without them."""

import random
import socket
from contextlib import asynccontextmanager

import trio

from clients.chaos.profiles import NetworkProfile
from clients.chaos.proxy import SOCKET_BUFFER_BYTES, Proxy, Target, listen

FAST = NetworkProfile()


class Lines:
    """The proxy's lines, and a way to wait for them."""

    def __init__(self) -> None:
        self.sender, self.receiver = trio.open_memory_channel[str](100)

    def say(self, line: str) -> None:
        self.sender.send_nowait(line)

    async def next(self) -> str:
        return await self.receiver.receive()


async def echo(stream: trio.SocketStream) -> None:
    async for data in stream:
        await stream.send_all(data)
    await stream.send_eof()


async def is_reset(port: int) -> bool:
    """Whether a new connection is; that may be seen as early as by who opens it."""
    try:
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            await stream.receive_some()
    except (OSError, trio.BrokenResourceError):
        return True
    return False


@asynccontextmanager
async def proxied(profile: NetworkProfile, port: int, **more):
    lines = Lines()
    proxy = Proxy(profile, Target("127.0.0.1", port), 1, lines.say, **more)
    with trio.fail_after(30):
        with await listen("127.0.0.1", 0) as listener:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(proxy.serve, listener)
                yield listener.getsockname()[1], proxy, lines
                nursery.cancel_scope.cancel()


@asynccontextmanager
async def echo_server():
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, echo, 0)
        yield listeners[0].socket.getsockname()[1]
        nursery.cancel_scope.cancel()


async def test_all_bytes_pass_through_and_a_line_reports_it() -> None:
    said = random.Random(1).randbytes(200_000)
    async with echo_server() as target, proxied(FAST, target) as (port, proxy, lines):
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(stream.send_all, said)
                heard = b""
                while len(heard) < len(said):
                    heard += await stream.receive_some()
            await stream.send_eof()
            assert heard == said
            assert await stream.receive_some() == b""
        line = await lines.next()
        assert "200,000 bytes up, 200,000 down, ended by the client" in line
        assert proxy.open_count == 0


async def test_a_client_of_a_dead_target_is_reset_and_a_line_says_why() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with proxied(FAST, unused.getsockname()[1]) as (port, _, lines):
            assert await is_reset(port)
            line = await lines.next()
            assert "refused: nothing listens at 127.0.0.1:" in line
            assert "connection refused" in line


async def test_more_connections_than_the_limit_are_refused_until_one_ends() -> None:
    async with (
        echo_server() as target,
        proxied(FAST, target, connections_max=1) as (port, _, lines),
    ):
        first = await trio.open_tcp_stream("127.0.0.1", port)
        await first.send_all(b"x")
        assert await first.receive_some() == b"x"
        assert await is_reset(port)
        assert "refused: 1 connections are open" in await lines.next()
        await first.aclose()
        assert "ended by the client" in await lines.next()
        third = await trio.open_tcp_stream("127.0.0.1", port)
        await third.send_all(b"y")
        assert await third.receive_some() == b"y"
        await third.aclose()


async def test_a_client_that_resets_resets_the_server() -> None:
    broken = trio.Event()

    async def serve(stream: trio.SocketStream) -> None:
        try:
            await stream.receive_some()
            await stream.receive_some()
        except trio.BrokenResourceError:
            broken.set()

    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, serve, 0)
        target = listeners[0].socket.getsockname()[1]
        async with proxied(FAST, target) as (port, _, lines):
            stream = await trio.open_tcp_stream("127.0.0.1", port)
            await stream.send_all(b"x")
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            stream.socket.close()
            await broken.wait()
            assert "reset by the client" in await lines.next()
        nursery.cancel_scope.cancel()


async def test_a_slow_line_pushes_back_on_the_server_and_not_on_memory() -> None:
    """The server can send only as much as the links, the line and small buffers hold."""
    sent_bytes = 0
    is_stuck = trio.Event()

    async def flood(stream: trio.SocketStream) -> None:
        nonlocal sent_bytes
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
        stream.socket._sock.setblocking(False)
        while not is_stuck.is_set():
            with trio.move_on_after(0.5) as patience:  # at 100 bytes a second nothing moves in it
                await stream.wait_send_all_might_not_block()
                sent_bytes += await stream.socket.send(bytes(4_096))
            if patience.cancelled_caught:
                is_stuck.set()
        await trio.sleep_forever()

    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(trio.serve_tcp, flood, 0)
        target = listeners[0].socket.getsockname()[1]
        async with proxied(NetworkProfile(bytes_per_s=100), target) as (port, _, _lines):
            stream = await trio.open_tcp_stream("127.0.0.1", port)
            await is_stuck.wait()
            await stream.aclose()
        nursery.cancel_scope.cancel()
    assert 16_384 <= sent_bytes < 16_384 + 12 * SOCKET_BUFFER_BYTES

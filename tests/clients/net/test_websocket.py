"""The socket hides the library: whole messages in order, whatever frames they came in."""

import socket
import struct
from functools import partial

import pytest
import trio
import trio_websocket
import wsproto.events

from clients.net import websocket
from clients.net.address import Address
from clients.net.errors import ClientError, ConnectionEndedError
from clients.net.websocket import CONNECT_S, connect
from tests.clients.net.fake_server import Peer, serving


async def test_fragments_pings_and_large_messages_arrive_whole_and_in_order() -> None:
    large = bytes(range(256)) * 300

    async def script(peer: Peer) -> None:
        connection = peer.connection
        assert await connection.get_message() == b"go"
        await connection.send_message(b"one")
        for part, finished in ((b"tw", False), (b"o", True)):
            event = wsproto.events.BytesMessage(part, message_finished=finished)
            await connection._send(event)
        await connection.ping(b"are you there")
        await connection.send_message(large)
        assert await connection.get_message() == large

    async with serving(match=[script]) as address, trio.open_nursery() as nursery:
        socket = await connect(nursery, address, "/match/x")
        await socket.send(b"go")
        assert [await socket.receive() for _ in range(3)] == [b"one", b"two", large]
        await socket.send(large)
        with pytest.raises(ConnectionEndedError) as ended:
            await socket.receive()
        assert ended.value.code == 1000
        socket.release()


async def test_an_end_without_farewell_is_abnormal() -> None:
    async def script(peer: Peer) -> None:
        await peer.connection.get_message()
        await peer.connection._stream.aclose()

    async with serving(match=[script]) as address, trio.open_nursery() as nursery:
        socket = await connect(nursery, address, "/match/x")
        await socket.send(b"go")
        with pytest.raises(ConnectionEndedError) as ended:
            await socket.receive()
        assert ended.value.code == 1006
        with pytest.raises(ConnectionEndedError):
            await socket.send(b"still there?")
        socket.release()


async def test_a_ping_that_crosses_our_goodbye_is_no_error() -> None:
    """The library raises for it: it may not answer any more."""
    pinged = trio.Event()

    async def script(peer: Peer) -> None:
        await peer.connection.get_message()
        await peer.connection._send(wsproto.events.Ping(b"still there?"))
        pinged.set()
        with pytest.raises(trio_websocket.ConnectionClosed) as closed:
            await peer.connection.get_message()
        assert closed.value.reason.code == 1000

    async with serving(match=[script]) as address, trio.open_nursery() as nursery:
        socket = await connect(nursery, address, "/match/x")
        await socket.send(b"go")
        await pinged.wait()
        socket.release()


@pytest.mark.parametrize("is_reset", [False, True])
async def test_a_peer_that_hangs_up_is_not_waited_for(is_reset: bool) -> None:
    """As for a client that is passed on to a process that dies: waiting costs it the match."""

    async def hang_up(stream: trio.SocketStream) -> None:
        await stream.receive_some()
        if is_reset:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await stream.aclose()

    with trio.fail_after(CONNECT_S / 2):
        async with trio.open_nursery() as nursery:
            listeners = await nursery.start(partial(trio.serve_tcp, hang_up, 0, host="127.0.0.1"))
            address = Address("127.0.0.1", listeners[0].socket.getsockname()[1])
            with pytest.raises(ClientError, match="hung up instead of answering"):
                await connect(nursery, address, "/match/x")
            nursery.cancel_scope.cancel()


async def test_giving_up_as_the_answer_arrives_is_harmless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A socket that nobody was given waits for nobody's release."""
    shake_hands = websocket._shake_hands

    async def then_give_up(*given: object) -> websocket.Socket:
        made = await shake_hands(*given)
        giving_up.cancel()
        return made

    async def script(peer: Peer) -> None:
        with pytest.raises(trio_websocket.ConnectionClosed):
            await peer.connection.get_message()

    monkeypatch.setattr(websocket, "_shake_hands", then_give_up)
    async with serving(match=[script]) as address, trio.open_nursery() as nursery:
        with trio.CancelScope() as giving_up:
            await connect(nursery, address, "/match/x")
        assert giving_up.cancelled_caught


async def test_text_is_not_this_protocol() -> None:
    async def script(peer: Peer) -> None:
        await peer.connection.get_message()
        await peer.connection.send_message("hello")
        with pytest.raises(trio_websocket.ConnectionClosed):
            await peer.connection.get_message()

    async with serving(match=[script]) as address, trio.open_nursery() as nursery:
        socket = await connect(nursery, address, "/match/x")
        await socket.send(b"go")
        with pytest.raises(ClientError, match="text"):
            await socket.receive()
        socket.release()


async def test_a_server_that_is_no_websocket_is_named() -> None:
    async def answer(stream: trio.SocketStream) -> None:
        await stream.receive_some()
        await stream.send_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        await stream.aclose()

    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            listeners = await nursery.start(trio.serve_tcp, answer, 0)
            address = Address("127.0.0.1", listeners[0].socket.getsockname()[1])
            with pytest.raises(ClientError, match="answers 404"):
                await connect(nursery, address, "/lobby")
            nursery.cancel_scope.cancel()


async def test_many_senders_never_cut_each_other_in_two() -> None:
    count, payload = 40, bytes(50_000)  # more than a socket's buffer in all

    async def script(peer: Peer) -> None:
        for _ in range(count):
            assert await peer.connection.get_message() == payload

    async with serving(match=[script]) as address, trio.open_nursery() as nursery:
        socket = await connect(nursery, address, "/match/x")
        async with trio.open_nursery() as senders:
            for _ in range(count):
                senders.start_soon(socket.send, payload)
        with pytest.raises(ConnectionEndedError):
            await socket.receive()
        socket.release()

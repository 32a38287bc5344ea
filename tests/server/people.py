"""Clients for a whole server in this process: they use real sockets and the message table."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trio
from trio_websocket import WebSocketConnection, wrap_client_stream
from wsproto.utilities import LocalProtocolError

from game.wire.codec import decode_from_server, encode
from game.wire.fingerprint import fingerprint
from game.wire.messages import SUBPROTOCOL, Channel, Sender
from server.app import App, Census

PATIENCE_S = 20  # a test that waits longer has failed
NOBODY = Census(0, 0, 0, 0, 0, 0, 0)


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0


@asynccontextmanager
async def guest(app: App, path: str = "/lobby") -> AsyncIterator[WebSocketConnection]:
    """Open a WebSocket. We close its TCP stream: the library drops one that the server ends."""
    async with await trio.open_tcp_stream("127.0.0.1", app.port) as stream:
        try:
            async with trio.open_nursery() as nursery:
                authority = f"127.0.0.1:{app.port}"
                websocket = await wrap_client_stream(
                    nursery, stream, authority, path, subprotocols=[SUBPROTOCOL]
                )
                yield websocket
                await websocket.aclose()
        except* LocalProtocolError:
            pass  # the library's reader answered a ping of the server's that crossed our close


async def heard(websocket: WebSocketConnection, channel: Channel, name: str) -> tuple:
    """The fields of the next message with this name."""
    with trio.fail_after(PATIENCE_S):
        while True:
            got, fields = decode_from_server(channel, await websocket.get_message())
            if got == name:
                return fields


async def says(websocket: WebSocketConnection, channel: Channel, name: str, *fields) -> None:
    await websocket.send_message(encode(channel, Sender.CLIENT, name, *fields))


async def hello(lobby: WebSocketConnection, name: str, session: bytes = b"") -> bytes:
    """Say hello; returns the session token."""
    await says(lobby, Channel.LOBBY, "hello", fingerprint(), name, session)
    return (await heard(lobby, Channel.LOBBY, "welcome"))[2]


async def seat_for(lobby: WebSocketConnection, name: str = "Ann", match_id: str = "") -> tuple:
    """The fields of a seat: in this match, or wherever quick play assigns one."""
    await hello(lobby, name)
    if match_id:
        await says(lobby, Channel.LOBBY, "join_match", match_id)
    else:
        await says(lobby, Channel.LOBBY, "play", "deathmatch")
    return await heard(lobby, Channel.LOBBY, "seat")


async def join(match: WebSocketConnection, ticket: bytes) -> tuple:
    """Take the seat; returns the fields of the welcome."""
    await says(match, Channel.MATCH, "join", fingerprint(), ticket)
    return await heard(match, Channel.MATCH, "welcome")

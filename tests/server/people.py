"""Clients for a whole server in this process: they use real sockets and the message table."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import trio
from trio_websocket import WebSocketConnection, wrap_client_stream
from wsproto.utilities import LocalProtocolError

from game.wire import lobby_messages, match_messages
from game.wire.codec import decode, encode
from game.wire.fingerprint import fingerprint
from game.wire.lobby_messages import Hello, JoinMatch, Play, Seat
from game.wire.match_messages import Join
from game.wire.messages import SUBPROTOCOL
from game.wire.schema import FromLobby, FromMatch, Message
from server.app import App, Census

M = TypeVar("M", bound=Message)
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


async def heard(websocket: WebSocketConnection, kind: type[M]) -> M:
    """The next message of this kind."""
    side = FromLobby if issubclass(kind, FromLobby) else FromMatch
    with trio.fail_after(PATIENCE_S):
        while True:
            message = decode(side, await websocket.get_message())
            if isinstance(message, kind):
                return message


async def says(websocket: WebSocketConnection, message: Message) -> None:
    await websocket.send_message(encode(message))


async def hello(lobby: WebSocketConnection, name: str, session: bytes = b"") -> bytes:
    """Say hello; returns the session token."""
    await says(lobby, Hello(fingerprint(), name, session))
    return (await heard(lobby, lobby_messages.Welcome)).session


async def seat_for(lobby: WebSocketConnection, name: str = "Ann", match_id: str = "") -> Seat:
    """A seat: in this match, or wherever quick play assigns one."""
    await hello(lobby, name)
    await says(lobby, JoinMatch(match_id) if match_id else Play("deathmatch"))
    return await heard(lobby, Seat)


async def join(match: WebSocketConnection, ticket: bytes) -> match_messages.Welcome:
    """Take the seat; returns the welcome."""
    await says(match, Join(fingerprint(), ticket))
    return await heard(match, match_messages.Welcome)

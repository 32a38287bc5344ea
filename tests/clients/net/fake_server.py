"""A server of a few lines that says what a test wants, on a real loopback socket.

Each connection is given to the script that the test wrote for its path; what a script raises fails
the test.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

import trio
import trio_websocket
from attrs import define

from clients.net.address import Address
from game.records import Body, Card, Own, by_slot
from game.view import View
from game.wire import lobby_messages, match_messages
from game.wire.codec import decode, encode, fingerprint
from game.wire.lobby_messages import Hello, Play, Queued, Seat
from game.wire.match_messages import Inputs, Join, Ping, Pong, Roster, RosterRow
from game.wire.messages import SUBPROTOCOL
from game.wire.schema import Message, ToLobby, ToMatch
from game.wire.snapshot import SnapshotWriter

PATIENCE_S = 5
MATCH_PATH = "/match/m1"
CARD = Card.of((131, *[0] * 9, -1))
RECORD = (1_000, 2_000, 3, 0, 0, 1, 100, 0)
LOBBY_WELCOME = lobby_messages.Welcome(
    fingerprint(), "Rookie", b"session", online=1, modes=(), maps=(), name_note=""
)
MATCH_WELCOME = match_messages.Welcome(
    3,
    0,
    "m1",
    mode="deathmatch",
    map="yard",
    map_digest="0" * 16,
    resume=b"resume ticket",
    score_limit=25,
    players_max=8,
    vote_maps=(),
    round=0,
)
M = TypeVar("M", bound=Message)


@define
class Peer:
    """One accepted connection."""

    connection: trio_websocket.WebSocketConnection
    side: type[ToLobby | ToMatch]

    async def say(self, message: Message) -> None:
        await self.connection.send_message(encode(message))

    async def hear(self, kind: type[M]) -> M:
        """The next message of this kind; pings are answered, inputs are dropped on the way."""
        while True:
            encoded = await self.connection.get_message()
            assert isinstance(encoded, bytes)
            message = decode(self.side, encoded)
            if isinstance(message, kind):
                return message
            assert isinstance(message, Ping | Inputs)
            if isinstance(message, Ping):
                await self.say(Pong(message.nonce, tick=1, held_ms=0))

    async def seat(self) -> None:
        """The lobby's part of a way to a match."""
        await self.hear(Hello)
        await self.say(LOBBY_WELCOME)
        await self.hear(Play)
        await self.say(Queued("deathmatch", 1, 3))
        await self.say(Seat("m1", MATCH_PATH, b"first ticket", watch=0))

    async def admit(self, ticket: bytes) -> SnapshotWriter:
        """The match's part: the join with this ticket, and a welcome."""
        assert await self.hear(Join) == Join(fingerprint(), ticket)
        await self.say(MATCH_WELCOME)
        await self.say(Roster((RosterRow(3, "Rookie", bot=0, connected=1, ping_ms=0),)))
        return SnapshotWriter(64)

    async def show(
        self, writer: SnapshotWriter, tick: int, base: int | None, margin: int = 2
    ) -> None:
        """One snapshot in which seat 3 stands somewhere."""
        cards, own = by_slot({3: CARD}), by_slot({3: Own()})
        bodies = by_slot({3: Body.of((tick, *RECORD[1:]))})
        writer.push(View(tick, cards, bodies, {}, {0: (0,)}, (2, 0, -1, 2), own, []))
        await self.connection.send_message(writer.message(3, base, margin))


Script = Callable[[Peer], Awaitable[None]]


@asynccontextmanager
async def serving(**scripts: list[Script]) -> AsyncIterator[Address]:
    """Serve `lobby` and `match` connections, each with the next script of its list."""
    with trio.fail_after(PATIENCE_S):
        async with trio.open_nursery() as nursery:
            handler = partial(_serve, scripts)
            listeners = await nursery.start(partial(trio.serve_tcp, handler, 0, host="127.0.0.1"))
            yield Address("127.0.0.1", listeners[0].socket.getsockname()[1])
            nursery.cancel_scope.cancel()


async def _serve(scripts: dict[str, list[Script]], stream: trio.SocketStream) -> None:
    async with trio.open_nursery() as nursery:
        request = await trio_websocket.wrap_server_stream(nursery, stream)
        assert SUBPROTOCOL in request.proposed_subprotocols
        is_lobby = request.path == "/lobby"
        connection = await request.accept(subprotocol=SUBPROTOCOL)
        script = scripts["lobby" if is_lobby else "match"].pop(0)
        try:
            await script(Peer(connection, ToLobby if is_lobby else ToMatch))
            await connection.aclose()
        except trio_websocket.ConnectionClosed:
            pass  # the client was faster
        nursery.cancel_scope.cancel()

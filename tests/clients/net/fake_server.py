"""A server of a few lines that says what a test wants, on a real loopback socket.

Each connection is given to the script that the test wrote for its path; what a script raises fails
the test.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import trio
import trio_websocket
from attrs import define

from clients.net.address import Address
from game.records import Body, Card, Own, by_slot
from game.view import View
from game.wire.codec import Decoded, decode_from_client, encode, fingerprint
from game.wire.messages import SUBPROTOCOL, Channel, Sender
from game.wire.snapshot import SnapshotWriter

PATIENCE_S = 5
MATCH_PATH = "/match/m1"
CARD = Card.of((131, *[0] * 9, -1))
RECORD = (1_000, 2_000, 3, 0, 0, 1, 100, 0)


@define
class Peer:
    """One accepted connection."""

    connection: trio_websocket.WebSocketConnection
    channel: Channel

    async def say(self, name: str, *fields: object) -> None:
        await self.connection.send_message(encode(self.channel, Sender.SERVER, name, *fields))

    async def hear(self, name: str) -> Decoded:
        """The next message of this name; pings are answered, inputs are dropped on the way."""
        while True:
            message = await self.connection.get_message()
            assert isinstance(message, bytes)
            decoded = decode_from_client(self.channel, message)
            if decoded.name == name:
                return decoded
            assert decoded.name in ("ping", "input")
            if decoded.name == "ping":
                await self.say("pong", decoded.fields[0], 1, 0)

    async def seat(self) -> None:
        """The lobby's part of a way to a match."""
        hello = await self.hear("hello")
        await self.say("welcome", hello.fields[0], "Rookie", b"session", 1, [], [], "")
        await self.hear("play")
        await self.say("queued", "deathmatch", 1, 3)
        await self.say("seat", "m1", MATCH_PATH, b"first ticket", 0)

    async def admit(self, ticket: bytes, round_number: int = 0) -> SnapshotWriter:
        """The match's part: the join with this ticket, and a welcome."""
        join = await self.hear("join")
        assert join.fields == (fingerprint(), ticket)
        welcome = [
            3,
            0,
            "m1",
            "deathmatch",
            "yard",
            "0" * 16,
            b"resume ticket",
            25,
            8,
            [],
            round_number,
        ]
        await self.say("welcome", *welcome)
        await self.say("roster", [[3, "Rookie", 0, 1, 0]])
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
        channel = Channel.LOBBY if request.path == "/lobby" else Channel.MATCH
        connection = await request.accept(subprotocol=SUBPROTOCOL)
        script = scripts[channel.value].pop(0)
        try:
            await script(Peer(connection, channel))
            await connection.aclose()
        except trio_websocket.ConnectionClosed:
            pass  # the client was faster
        nursery.cancel_scope.cancel()

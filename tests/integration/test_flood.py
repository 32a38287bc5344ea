"""A flood of 5,000 messages a second inside a match: it ends the flooder, and nobody else misses a
snapshot.

One process holds the server, two players and the flooder, all over real sockets. How much later
the snapshots arrive is measured by `python -m bench.abuse`.
"""

import pytest
import trio
from attrs import define, field
from trio_websocket import WebSocketConnection
from wsproto.events import BytesMessage, CloseConnection

from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from game.wire.codec import decode, encode
from game.wire.fingerprint import fingerprint
from game.wire.match_messages import DeltaSnapshot, FullSnapshot, Inputs, Join, Step, Welcome
from game.wire.messages import SUBPROTOCOL, CloseCode
from game.wire.schema import FromMatch
from server.app import App, running_app
from server.config.settings import ListenSettings, LobbySettings, Settings, StoreSettings
from server.net.frames import BINARY
from tests.server.net.frame_strategies import frame
from tests.server.net.server import Client, upgrade_head
from tests.server.people import guest, join, says, seat_for

pytestmark = pytest.mark.slow

MESSAGES_PER_S = 5_000
BURST_S = 0.01
FLOODS = 3  # the flooder returns by resume token
FLOOD_S = 1.0  # how long the flooder sends, whatever the server answers
SETTINGS = Settings(
    net=ListenSettings(port=0),
    lobby=LobbySettings(bot_fill_after_s=0.05, bots=6),
    store=StoreSettings(data_dir=""),
)


@define
class Bystander:
    """A player who answers each snapshot with an input, and notes its tick."""

    ticks: list[int] = field(factory=list)
    is_playing: trio.Event = field(factory=trio.Event)

    async def play(self, websocket: WebSocketConnection) -> None:
        while True:
            message = decode(FromMatch, await websocket.get_message())
            if isinstance(message, FullSnapshot):
                tick = message.tick
            elif isinstance(message, DeltaSnapshot):
                tick = self.ticks[-1] + message.ticks
            else:
                continue
            self.ticks.append(tick)
            await says(websocket, Inputs(tick + 4, 4, (Step(1, 0), Step(1, 0))))
            if len(self.ticks) == TICKS_PER_SECOND // SNAPSHOT_EVERY_TICKS:
                self.is_playing.set()


async def flood(app: App, path: str, ticket: bytes) -> tuple[Welcome, CloseConnection]:
    """Join, then flood without reading; returns the welcome and the close."""
    client = Client(await trio.open_tcp_stream("127.0.0.1", app.port))
    async with client.stream:
        await client.send(upgrade_head(path, sec_websocket_protocol=SUBPROTOCOL))
        assert b" 101 " in await client.head()
        message = encode(Join(fingerprint(), ticket))
        await client.send(frame(BINARY, message))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_send_relentlessly, client)
            events = await client.frames_to_the_end()
    messages = [event for event in events if isinstance(event, BytesMessage)]
    welcome = decode(FromMatch, bytes(messages[0].data))
    assert isinstance(welcome, Welcome)
    assert isinstance(events[-1], CloseConnection)
    return welcome, events[-1]


async def _send_relentlessly(client: Client) -> None:
    message = encode(Inputs(1, 0, (Step(1, 0), Step(1, 0))))
    burst = frame(BINARY, message) * int(MESSAGES_PER_S * BURST_S)
    next_s = trio.current_time()
    end_s = next_s + FLOOD_S
    try:
        while next_s < end_s:
            await client.send(burst)
            next_s += BURST_S
            await trio.sleep_until(next_s)
    except (trio.BrokenResourceError, trio.ClosedResourceError):
        pass  # the server disconnected the flooder


async def test_a_flood_in_a_match_ends_the_flooder_and_costs_nobody_a_snapshot() -> None:
    ann, bob = Bystander(), Bystander()
    async with running_app(SETTINGS) as app, guest(app) as desk, guest(app) as other_desk:
        seat = await seat_for(desk, "Ann")
        async with guest(app, seat.path) as ann_there, guest(app, seat.path) as bob_there:
            await join(ann_there, seat.ticket)
            bobs = await seat_for(other_desk, "Bob", seat.match)
            await join(bob_there, bobs.ticket)
            async with guest(app) as flooders_desk, trio.open_nursery() as nursery:
                nursery.start_soon(ann.play, ann_there)
                nursery.start_soon(bob.play, bob_there)
                await ann.is_playing.wait()
                await bob.is_playing.wait()
                token = (await seat_for(flooders_desk, "Mallory", seat.match)).ticket
                for _ in range(FLOODS):
                    welcome, close = await flood(app, seat.path, token)
                    token = welcome.resume
                    assert close.code == CloseCode.FLOOD
                    assert close.reason == "more messages than the server accepts"
                nursery.cancel_scope.cancel()
            for person, there in ((ann, ann_there), (bob, bob_there)):
                assert there.closed is None
                steps = {b - a for a, b in zip(person.ticks, person.ticks[1:], strict=False)}
                assert steps == {SNAPSHOT_EVERY_TICKS}, "a snapshot was left out"
        assert app.registry.counters.refused["flood"] >= FLOODS

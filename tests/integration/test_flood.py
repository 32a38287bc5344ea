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
from game.wire.codec import decode_from_server, encode
from game.wire.fingerprint import fingerprint
from game.wire.messages import SUBPROTOCOL, Channel, CloseCode, Sender
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
            name, fields = decode_from_server(Channel.MATCH, await websocket.get_message())
            if name not in ("full", "snapshot"):
                continue
            tick = fields[0] if name == "full" else self.ticks[-1] + fields[0]
            self.ticks.append(tick)
            await says(websocket, Channel.MATCH, "input", tick + 4, 4, (1, 0, 1, 0))
            if len(self.ticks) == TICKS_PER_SECOND // SNAPSHOT_EVERY_TICKS:
                self.is_playing.set()


async def flood(app: App, path: str, ticket: bytes) -> tuple[tuple, CloseConnection]:
    """Join, then flood without reading; returns the welcome and the close."""
    client = Client(await trio.open_tcp_stream("127.0.0.1", app.port))
    async with client.stream:
        await client.send(upgrade_head(path, sec_websocket_protocol=SUBPROTOCOL))
        assert b" 101 " in await client.head()
        message = encode(Channel.MATCH, Sender.CLIENT, "join", fingerprint(), ticket)
        await client.send(frame(BINARY, message))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_send_relentlessly, client)
            events = await client.frames_to_the_end()
    messages = [event for event in events if isinstance(event, BytesMessage)]
    welcome = decode_from_server(Channel.MATCH, bytes(messages[0].data))
    assert welcome.name == "welcome"
    assert isinstance(events[-1], CloseConnection)
    return welcome.fields, events[-1]


async def _send_relentlessly(client: Client) -> None:
    message = encode(Channel.MATCH, Sender.CLIENT, "input", 1, 0, (1, 0, 1, 0))
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
        match_id, path, ticket, _ = await seat_for(desk, "Ann")
        async with guest(app, path) as ann_there, guest(app, path) as bob_there:
            await join(ann_there, ticket)
            _, _, ticket, _ = await seat_for(other_desk, "Bob", match_id)
            await join(bob_there, ticket)
            async with guest(app) as flooders_desk, trio.open_nursery() as nursery:
                nursery.start_soon(ann.play, ann_there)
                nursery.start_soon(bob.play, bob_there)
                await ann.is_playing.wait()
                await bob.is_playing.wait()
                token = (await seat_for(flooders_desk, "Mallory", match_id))[2]
                for _ in range(FLOODS):
                    welcome, close = await flood(app, path, token)
                    token = welcome[6]  # resume
                    assert close.code == CloseCode.FLOOD
                    assert close.reason == "more messages than the server takes"
                nursery.cancel_scope.cancel()
            for person, there in ((ann, ann_there), (bob, bob_there)):
                assert there.closed is None
                steps = {b - a for a, b in zip(person.ticks, person.ticks[1:], strict=False)}
                assert steps == {SNAPSHOT_EVERY_TICKS}, "a snapshot was left out"
        assert app.registry.counters.refused["flood"] >= FLOODS

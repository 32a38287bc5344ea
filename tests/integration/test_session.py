"""A whole session on a whole server: everything players do, down to the row in the database.

Rounds are real but shorter: the mode's time and the rules' pauses are cut to a second.
"""

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
import trio
from attrs import define, evolve, field
from trio_websocket import WebSocketConnection

from clients.bots.crowd import CrowdPlan, run_crowd
from clients.bots.player import BotOptions
from clients.bots.tally import Tally
from game.inputs import VIEW_LAG_MAX, VIEW_LAG_PER_TICK
from game.modes import MODES
from game.tuning import TICKS_PER_SECOND, TUNING
from game.wire.codec import encode
from game.wire.fingerprint import fingerprint
from game.wire.lobby_messages import (
    CreateRoom,
    JoinRoom,
    ListMatches,
    Matches,
    Room,
    Seat,
    StartRoom,
    WatchMatch,
)
from game.wire.match_messages import DeltaSnapshot, FullSnapshot, Inputs, Join, Leave, Step, Welcome
from game.wire.messages import SUBPROTOCOL
from server.app import DATABASE, App, running_app
from server.config.settings import ListenSettings, LobbySettings, Settings, StoreSettings
from server.match.round_trip import INTERPOLATION_TICKS
from server.match.settings import MatchSettings
from server.net.frames import BINARY
from server.net.transport import SocketTransport
from server.net.websocket import Connection
from tests.server.net.frame_strategies import frame
from tests.server.net.server import Client, upgrade_head
from tests.server.people import (
    NOBODY,
    PATIENCE_S,
    guest,
    heard,
    hello,
    join,
    open_descriptors,
    says,
    seat_for,
)

pytestmark = pytest.mark.slow

CROWD = 6
EARLY_TICKS = 6  # early enough to be in time on a busy machine
HASTE = replace(
    TUNING,
    countdown_ticks=TICKS_PER_SECOND // 3,
    overtime_ticks_max=TICKS_PER_SECOND // 3,
    scoreboard_ticks=TICKS_PER_SECOND // 3,
)
RESULTS = "select match_id, round_number, mode, length(digest), ended_s > started_s from results"
PLAYERS = "select name, bot, kills >= 0 from result_players where round_number = 0 order by bot"


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten duels to a second, with short pauses; otherwise keep the rules."""
    monkeypatch.setattr("server.match.tuned_rules.TUNING", HASTE)
    monkeypatch.setitem(MODES, "duel", evolve(MODES["duel"], time_limit_ticks=TICKS_PER_SECOND))


def settings_in(folder: Path, *, keeps: bool = False) -> Settings:
    return Settings(
        net=ListenSettings(port=0),
        lobby=LobbySettings(bot_fill_after_s=0.05, bots=4),
        match=MatchSettings(watch_delay_s=0, keep_on_stop=keeps),
        store=StoreSettings(data_dir=str(folder)),
    )


def journals_left(folder: Path) -> list[Path]:
    return list(folder.rglob("*.skj"))


def rows(folder: Path, query: str) -> list[tuple]:
    connection = sqlite3.connect(folder / DATABASE)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


async def open_room(lobby: WebSocketConnection, name: str) -> str:
    """Open a private room for a duel; returns its code."""
    await hello(lobby, name)
    await says(lobby, CreateRoom("duel", ""))
    return (await heard(lobby, Room)).code


async def start_with_a_bot(lobby: WebSocketConnection) -> Seat:
    await says(lobby, StartRoom(1, 5))
    return await heard(lobby, Seat)


async def plays_to_the_next_round(match: WebSocketConnection) -> Welcome:
    """Stay until the round is scored and another begins; returns its welcome."""
    return await heard(match, Welcome)


async def test_a_finished_round_is_a_row_in_the_database(tmp_path: Path) -> None:
    async with running_app(settings_in(tmp_path)) as app, guest(app) as lobby:
        await open_room(lobby, "Ann")
        seat = await start_with_a_bot(lobby)
        async with guest(app, seat.path) as match:
            assert (await join(match, seat.ticket)).round == 0  # the first round
            assert (await plays_to_the_next_round(match)).round == 1
        with trio.fail_after(PATIENCE_S):
            while app.results.statistics().written == 0:  # noqa: ASYNC110
                await trio.sleep(0.01)  # a thread writes it
    found = [row for row in rows(tmp_path, RESULTS) if row[1] == 0]
    assert found == [(seat.match, 0, "duel", 16, 1)]
    (person, person_is_bot, _), (bot, bot_is_bot, _) = rows(tmp_path, PLAYERS)
    assert (person, person_is_bot, bot_is_bot) == ("Ann", 0, 1)
    assert bot


@define
class Evening:
    """The condition that the players of the long test wait for."""

    app: App
    crowd_left: trio.Event = field(factory=trio.Event)
    tallies: list[Tally] = field(factory=list)


async def test_a_player_next_door_cannot_claim_to_see_far_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pong_after_5_ms(connection: Connection) -> float:
        return 0.005

    monkeypatch.setattr(Connection, "round_trip_s", pong_after_5_ms)
    monkeypatch.setattr(SocketTransport, "rtt_ms", lambda transport: 5)
    async with running_app(settings_in(tmp_path)) as app, guest(app) as lobby:
        await open_room(lobby, "Ann")
        seat = await start_with_a_bot(lobby)
        async with guest(app, seat.path) as connection:
            slot = (await join(connection, seat.ticket)).slot
            with trio.fail_after(PATIENCE_S):
                while not (lag := lag_in_force(app, seat.match, slot)):
                    tick = app.registry.find(seat.match).world.tick + EARLY_TICKS
                    await says(connection, Inputs(tick, VIEW_LAG_MAX, (Step(16, 0),)))
                    await trio.sleep(0.02)
    # The round trip takes less than a tick; an early input may claim its waiting time on top.
    accounted_ticks = INTERPOLATION_TICKS + 1 + EARLY_TICKS
    assert accounted_ticks < TUNING.rewind_ticks_max, "the rules alone do not cap it"
    assert lag <= accounted_ticks * VIEW_LAG_PER_TICK


def lag_in_force(app: App, match_id: str, slot: int) -> int:
    """The view lag in force for a player, in eighths of a tick; 0: no input came yet."""
    player = app.registry.find(match_id).world.players.get(slot)
    return player.view_lag if player is not None else 0


@pytest.mark.parametrize("keeps", [False, True])
async def test_after_a_whole_session_nothing_is_left_but_matches_for_the_next_start(
    tmp_path: Path, keeps: bool
) -> None:
    tasks = trio.lowlevel.current_statistics().tasks_living
    descriptors = open_descriptors()
    settings = settings_in(tmp_path, keeps=keeps)
    async with running_app(settings) as app, trio.open_nursery() as nursery:
        evening = Evening(app)
        nursery.start_soon(_crowd_plays, evening)
        nursery.start_soon(_friends_play, app)
        nursery.start_soon(_somebody_drops_out, app)
        await _somebody_watches(evening)
        census = app.census()  # there was something to leave behind
        assert min(census.connections, census.sessions, census.rooms, census.matches) >= 1
        running = {status.match_id for status in app.registry.statuses()}
        nursery.cancel_scope.cancel()
    assert all(tally.snapshots and not tally.failures for tally in evening.tallies)
    assert len(evening.tallies) == CROWD
    assert app.census() == NOBODY
    assert app.lobby.statistics().connections == 0
    assert app.front.statistics().faults == 0
    assert trio.lowlevel.current_statistics().tasks_living == tasks
    assert open_descriptors() == descriptors
    assert sorted(os.listdir(tmp_path)) == ["journals", "secret", DATABASE]  # none of SQLite's
    kept = {path.name.partition("-")[0] for path in journals_left(tmp_path)}
    assert kept == (running if keeps else set()), "the journals of all others were put away"
    assert rows(tmp_path, RESULTS)


async def _crowd_plays(evening: Evening) -> None:
    temper = BotOptions(url=evening.app.url, mode="deathmatch", level=3, seed=1)
    # The first seconds, more on a busy machine, go into the bots' analysis of a map.
    evening.tallies += await run_crowd(CrowdPlan(temper, CROWD, seconds=8))
    evening.crowd_left.set()


async def _friends_play(app: App) -> None:
    """Two players in a private room finish a round; then one leaves and the other stays."""
    async with guest(app) as anns, guest(app) as bobs:
        code = await open_room(anns, "Ann")
        await hello(bobs, "Bob")
        await says(bobs, JoinRoom(code))
        await heard(bobs, Room)
        await says(anns, StartRoom(0, 1))
        seat, bobs_seat = await heard(anns, Seat), await heard(bobs, Seat)
        async with guest(app, seat.path) as ann, guest(app, seat.path) as bob:
            await join(ann, seat.ticket)
            await join(bob, bobs_seat.ticket)
            await plays_to_the_next_round(ann)
            await says(bob, Leave())
            await trio.sleep_forever()


async def _somebody_drops_out(app: App) -> None:
    """A player returns once and then crashes: the seat is still kept when the server ends."""
    async with guest(app) as lobby:
        seat = await seat_for(lobby, "Cid")
        async with guest(app, seat.path) as match:
            resume = (await join(match, seat.ticket)).resume
            await heard(match, FullSnapshot)
        client = Client(await trio.open_tcp_stream("127.0.0.1", app.port))
        async with client.stream:
            await client.send(upgrade_head(seat.path, sec_websocket_protocol=SUBPROTOCOL))
            message = encode(Join(fingerprint(), resume))
            await client.send(frame(BINARY, message))
            await client.head()
            await client.exactly(500)  # a welcome, and snapshots
            client.reset()
        await trio.sleep_forever()


async def _somebody_watches(evening: Evening) -> None:
    """Watch the first public match until the crowd has left and a round was stored."""
    app = evening.app
    async with guest(app) as lobby:
        await hello(lobby, "Dora")
        match_id = await _first_public_match(lobby)
        await says(lobby, WatchMatch(match_id))
        seat = await heard(lobby, Seat)
        assert seat.watch
        async with guest(app, seat.path) as match:
            await join(match, seat.ticket)
            await heard(match, FullSnapshot)
            await evening.crowd_left.wait()
            while app.results.statistics().written == 0:
                await heard(match, DeltaSnapshot)


async def _first_public_match(lobby: WebSocketConnection) -> str:
    while True:
        await says(lobby, ListMatches())
        listed = (await heard(lobby, Matches)).matches
        if listed:
            return listed[0].match
        await trio.sleep(0.25)  # a lobby connection may send five messages a second

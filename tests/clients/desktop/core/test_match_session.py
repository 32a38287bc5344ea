"""A session to a match: whole pictures only, over rounds, maps and connections."""

from dataclasses import replace

from clients.desktop.core.frame_builder import circle_of, flags_of
from clients.desktop.core.match_session import MatchSession
from game import step, view
from game.inputs import RIGHT, Command, CommandKind, Input
from game.view import CIRCLE_FIELDS, FLAG_FIELDS
from game.wire.codec import decode
from game.wire.match_messages import Inputs, Join, Notice, OpenReplay, Ping, Pong, Timeline
from game.wire.schema import ToMatch
from game.wire.snapshot import SnapshotWriter
from game.world import ON_GROUND, Phase, World
from tests.clients.desktop.frames import (
    ONLINE,
    SLOT,
    bot_match,
    frame_of,
    hear,
    player,
    receive_snapshot,
    welcome,
)
from tests.strategies import world_of


def begun(session: MatchSession, *, players: int = 1) -> tuple[object, SnapshotWriter]:
    world, writer = world_of(), SnapshotWriter(64)
    step(world, [Command(CommandKind.JOIN, slot) for slot in range(players)])
    step(world)
    session.greeting(10.0)
    hear(session, welcome(world), now_s=10.05)
    return world, writer


def sent(session: MatchSession, now_s: float) -> list[type[ToMatch]]:
    messages = session.play(now_s, lambda tick, round_: Input(RIGHT, 7))
    return [type(decode(ToMatch, it)) for it in messages]


def test_before_the_map_is_there_nothing_is_shown_and_then_everything() -> None:
    session = MatchSession(b"ticket")
    world, writer = begun(session)
    receive_snapshot(session, writer, view(world, []), None, 10.1)
    assert session.frame(10.1, ONLINE) is None
    assert session.awaited is not None
    session.prepare(session.awaited, world.arena)
    assert frame_of(session, 10.2).me is not None


def test_ones_own_accuracy_is_shown_at_once_and_the_others_when_the_round_is_over() -> None:
    session = MatchSession(b"ticket")
    world, writer = begun(session, players=2)
    assert isinstance(world, World)
    assert session.awaited is not None
    session.prepare(session.awaited, world.arena)
    for player_ in world.players.values():
        player_.shots, player_.hits = 20, 7
    world.phase, base, shown = Phase.PLAY, None, []
    for phase in (Phase.PLAY, Phase.SCOREBOARD):
        world.phase = phase
        receive_snapshot(session, writer, view(world, []), base, 10.1)
        base = world.tick
        shown.append([(it.shots, it.hits) for it in frame_of(session, 10.2).players])
        world.tick += 2
    assert sorted(shown[0]) == [(0, 0), (20, 7)]
    assert shown[1] == [(20, 7)] * 2


def test_a_map_that_arrives_too_late_is_discarded() -> None:
    session = MatchSession(b"ticket")
    world, _ = begun(session)
    late = session.awaited
    assert late is not None
    hear(session, welcome(world), now_s=11.0)
    session.prepare(late, world.arena)
    assert session.awaited is not late
    assert session.awaited is not None


def test_the_second_connection_shows_the_token_of_the_first() -> None:
    session = MatchSession(b"ticket")
    begun(session)
    join = decode(ToMatch, session.greeting(20.0))
    assert isinstance(join, Join)
    assert join.ticket == b"r"


def test_the_last_picture_stays_until_the_next_connection_has_one() -> None:
    world, session = bot_match(seconds=1)
    before = session.shown
    session.greeting(120.0)
    hear(session, welcome(world), now_s=120.1)
    assert session.shown is before
    assert sent(session, 120.2) == [Ping], "nothing is predicted without a connection"
    receive_snapshot(session, SnapshotWriter(64), view(world, []), None, 120.3)
    assert session.shown is not before
    assert session.awaited is None


def test_inputs_and_pings_go_up_at_their_pace() -> None:
    _, session = bot_match(seconds=1)
    kinds = [kind for frame in range(120) for kind in sent(session, 101 + frame / 60)]
    assert 55 <= kinds.count(Inputs) <= 65
    assert kinds.count(Ping) in (1, 2)


def test_a_watcher_says_nothing_and_sees_all() -> None:
    session = MatchSession(b"ticket", is_watching=True)
    world, writer = begun(session, players=2)
    hear(session, welcome(world, slot=-1), now_s=10.1)
    assert session.awaited is not None
    session.prepare(session.awaited, world.arena)
    receive_snapshot(session, writer, view(world, []), None, 10.2)
    frame = frame_of(session, 10.3)
    assert frame.own is None
    assert len(frame.players) == 2
    assert Inputs not in sent(session, 10.4)


def test_bots_that_fight_are_seen_fighting() -> None:
    _, session = bot_match(seconds=6)
    frame = frame_of(session, 106.0)
    assert len(frame.players) == 8
    assert frame.net.snapshots_per_s > 25
    assert frame.players[3].name == "Bot 3"
    assert sum(it.shots for it in frame.players) > 0


def test_a_notice_disappears_by_itself() -> None:
    _, session = bot_match(seconds=0.2)
    hear(session, Notice("the server is restarting", 2), now_s=100.3)
    assert frame_of(session, 101.0).notice == "the server is restarting"
    assert frame_of(session, 120.0).notice == ""


def test_a_carried_flag_is_where_its_carrier_is_drawn() -> None:
    world, _ = bot_match(players=2, seconds=0.1)
    seen = view(world, [])
    home = dict.fromkeys(FLAG_FIELDS, 0) | {"x": 9, "y": 8, "holder": -1}
    flags = {
        team: tuple((home | {"holder": holder}).values())
        for team, holder in ((1, SLOT), (2, ON_GROUND))
    }
    seen = replace(seen, flags=flags)
    carried, lying = flags_of(seen, (player(SLOT, x=77.5),))
    assert (carried.x, carried.carrier, carried.is_home) == (77.5, SLOT, False)
    assert (lying.x, lying.carrier, lying.is_home) == (9, -1, False)


def test_the_circle_shrinks_evenly_between_its_ticks() -> None:
    world, _ = bot_match(players=2, seconds=0.1)
    seen = view(world, [])
    assert circle_of(seen, 50) is None
    values = {"radius": 1_000, "next_radius": 500, "begin_tick": 100, "end_tick": 200}
    seen.circle = tuple(values.get(name, 0) for name in CIRCLE_FIELDS)
    radii = [circle_of(seen, tick).radius for tick in (50, 100, 150, 200, 300)]  # type: ignore[union-attr]
    assert radii == [1_000, 1_000, 750, 500, 500]


def test_delayed_matches_need_no_ticket_and_name_their_delay() -> None:
    session = MatchSession(b"\0", is_watching=True, is_delayed=True)
    assert isinstance(decode(ToMatch, session.greeting(10.0)), OpenReplay)
    world, writer = world_of(), SnapshotWriter(64)
    step(world, [Command(CommandKind.JOIN, 0)])
    hear(session, welcome(world, slot=-1), now_s=10.05)
    hear(session, Timeline(0, 60, 1, 30), now_s=10.1)
    receive_snapshot(session, writer, view(world, []), None, 10.1)
    assert session.awaited is not None
    session.prepare(session.awaited, world.arena)
    frame = frame_of(session, 10.2)
    assert frame.notice == "You are watching with a delay of 30 s"
    assert frame.vote_maps == ()
    assert Inputs not in sent(session, 10.3)
    hear(session, Timeline(0, 120, 1, 30), now_s=30.0)
    assert frame_of(session, 30.1).notice == "", "it is said once"


def test_a_pong_that_waited_for_a_program_that_slept_measures_no_road() -> None:
    session = MatchSession(b"ticket")
    assert Ping in sent(session, 10.0)
    hear(session, Pong(1, 0, 0), now_s=10.04)
    assert session.round_trips.last_ms == 40
    sent(session, 10.9)
    assert Ping in sent(session, 11.1)
    hear(session, Pong(2, 0, 0), now_s=19.0)
    assert session.round_trips.last_ms == 40
    assert Ping in sent(session, 19.1)
    hear(session, Pong(3, 0, 0), now_s=19.14)
    assert session.round_trips.last_ms == 40

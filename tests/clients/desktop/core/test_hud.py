"""The HUD shows the state of the match."""

import pytest

from clients.desktop.core.connection_state import ConnectionState, ConnectionStatus
from clients.desktop.core.frame import CircleSeen, FlagSeen, OwnSeen
from clients.desktop.core.hud.damage import DamageEdge
from clients.desktop.core.hud.hud import Hud
from clients.desktop.core.hud.kill_feed import LINES_MAX, SHOWN_S, KillFeed
from clients.desktop.core.hud.match_bar import banner, match_bar, ranked
from clients.desktop.core.hud.minimap import minimap, plan_rect
from clients.desktop.core.hud.scoreboard import scoreboard
from clients.desktop.core.hud.vitals import vitals, weapon_bar
from clients.desktop.core.lexicon import clock_words, ordinal
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.shapes import Area, Box, Dot, Line, Shape, Text
from game.events import EventKind, Medal
from game.tuning import Weapon
from game.wire.match_messages import MapChoice
from game.world import NEVER_TICK, Phase
from tests.clients.desktop.frames import bot_match, frame_of, game_event, player, still

SIZE = (1_280, 720)
PAINTS = ActivePalette.of("night")


def words(shapes: object) -> list[str]:
    return [shape.words for shape in shapes if isinstance(shape, Text)]  # type: ignore[attr-defined]


def measure(line: str, size: int) -> int:
    return len(line) * size // 2


def own(**values: object) -> OwnSeen:
    return OwnSeen((-1, 6, 0, 2, 0), 0, 0, 0, 0)._replace(**values)


def test_health_armour_and_ammunition_are_sent() -> None:
    frame = still(players=(player(0, health=73, armour=41), player(1)), own=own())
    assert {"73", "41", "READY"} <= set(words(vitals(frame, PAINTS, SIZE)))
    told = words(weapon_bar(frame, PAINTS, SIZE, ("1", "2", "3", "4", "5")))
    assert {"6", "0", "2", "BLASTER"} <= set(told)


def test_the_dash_is_ready_when_it_is() -> None:
    frame = still()
    cooling = still(own=own(dash_ready_tick=round(frame.tick) + 60))
    assert "READY" not in words(vitals(cooling, PAINTS, SIZE))


def test_the_clock_and_who_leads() -> None:
    frame = still(phase_end_tick=10_000, players=(player(0, score=3), player(1, score=7)))
    told = words(match_bar(frame, PAINTS, SIZE))
    assert clock_words(10_000 - frame.tick) in told
    assert {"2nd · You", "3", "1st · Player 1", "7", "TO 25"} <= set(told)


def test_sides_have_their_scores() -> None:
    frame = still(team_scores=(4, 2), players=(player(0, team=2), player(1, team=1)))
    assert {"Red", "4", "Blue · you", "2"} <= set(words(match_bar(frame, PAINTS, SIZE)))


def test_with_one_life_who_stands_comes_first() -> None:
    players = player(0, place=2, score=9), player(1), player(2, place=3)
    assert [it.slot for it in ranked(still(players=players))] == [1, 0, 2]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"phase": Phase.WARMUP, "players_min": 4}, "waiting for 2 more"),
        ({"phase": Phase.COUNTDOWN}, "get ready"),
        ({"players": (player(0, alive=False), player(1)), "own": own(respawn_tick=500)}, "back in"),
        (
            {"players": (player(0, alive=False, place=7),), "own": own(respawn_tick=NEVER_TICK)},
            "you came 7th",
        ),
        ({"own": None, "follow": 1}, "watching Player 1"),
        ({"notice": "the server is restarting"}, "the server is restarting"),
    ],
)
def test_the_middle_says_what_one_waits_for(values: dict[str, object], told: str) -> None:
    assert any(told in line for line in words(banner(still(**values), PAINTS, SIZE)))


def test_a_lost_connection_counts_down_over_everything() -> None:
    connection = ConnectionState(
        ConnectionStatus.RETRYING, 3, 107.5, reason="the connection was lost"
    )
    frame = still(connection=connection, now_s=106.0)
    hud = Hud(PAINTS, measure)
    told = words(hud.shapes(frame, SIZE, wants_scores=False))
    assert told[-1] == "The connection was lost · next try in 1.5 s (number 3)"


def test_everybody_is_on_the_scoreboard_best_first() -> None:
    frame = still(
        players=(
            player(0, score=1, shots=10, hits=4, medals=1 << Medal.STREAK),
            player(1, score=5, name="Ann", is_bot=True),
        )
    )
    told = words(scoreboard(frame, PAINTS, SIZE))
    assert told.index("Ann") < told.index("Player 0")
    assert {"BOT", "40 %", "12", "Streak"} <= set(told)


def test_after_the_round_there_is_a_winner_and_a_vote() -> None:
    frame = still(
        phase=Phase.SCOREBOARD,
        winner=0,
        vote_maps=(MapChoice("a", "Alpha"), MapChoice("b", "Beta")),
    )
    hud = Hud(PAINTS, measure)
    told = words(hud.shapes(frame, SIZE, wants_scores=False))
    assert {"You win", "Alpha", "Beta"} <= set(told)


@pytest.mark.parametrize(
    ("winner", "team_scores", "title"),
    [
        (1, (), "Player 1 wins"),
        (-1, (), "A draw"),
        (2, (3, 5), "Blue wins"),
        (-1, (3, 3), "A draw"),
    ],
)
def test_the_winner_or_a_draw_is_announced(
    winner: int, team_scores: tuple[int, ...], title: str
) -> None:
    for phase in (Phase.SCOREBOARD, Phase.OVER):
        frame = still(phase=phase, winner=winner, team_scores=team_scores)
        assert title in words(scoreboard(frame, PAINTS, SIZE))


def test_a_kill_is_in_the_feed_for_a_while() -> None:
    feed = KillFeed(PAINTS, measure)
    kill = game_event(EventKind.KILL, victim=1, killer=0, weapon=Weapon.RAIL, streak=1)
    frame = still(events=[kill])
    feed.note(frame)
    assert words(feed.shapes(frame.now_s, SIZE)) == ["Player 1", "Player 0"]
    assert words(feed.shapes(frame.now_s + SHOWN_S, SIZE)) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"victim": 1, "killer": 1, "weapon": Weapon.LAUNCHER, "streak": 0}, "themselves"),
        ({"victim": 1, "killer": 1, "weapon": -1, "streak": 0}, "died outside the circle"),
        ({"victim": 1, "killer": 99, "weapon": Weapon.DISC, "streak": 0}, "somebody"),
    ],
)
def test_other_ways_to_die_are_shown_too(fields: dict[str, int], told: str) -> None:
    feed = KillFeed(PAINTS, measure)
    feed.note(still(events=[game_event(EventKind.KILL, **fields)]))
    assert told in words(feed.shapes(106, SIZE))


def test_the_feed_is_short() -> None:
    feed = KillFeed(PAINTS, measure)
    kill = game_event(EventKind.KILL, victim=1, killer=0, weapon=Weapon.RAIL, streak=1)
    frame = still(events=[kill] * 20)
    feed.note(frame)
    assert len(feed.lines) == LINES_MAX


def test_the_plan_shows_players_flags_and_the_circle() -> None:
    frame = still(
        flags=(FlagSeen(1, 2_000, 2_000, True, -1),),
        circle=CircleSeen(8_000, 6_000, 9_000, 8_000, 6_000, 2_000, 1, 900),
    )
    shapes: list[Shape] = list(minimap(frame, PAINTS))
    rect = plan_rect(frame.arena)
    assert sum(isinstance(it, Dot) and it.width == 0 for it in shapes) == 1, "the other player"
    rings = [it for it in shapes if isinstance(it, Line)]
    assert {it.colour for it in rings} == {PAINTS.colours.danger, PAINTS.colours.text}
    assert all(rect.holds(*point) for it in rings for point in it.points), "none leaves the plan"
    assert sum(isinstance(it, Area) for it in shapes) == 2, "a flag, and oneself"
    assert rect.x > 0
    assert isinstance(shapes[0], Box)


def test_damage_points_at_the_shooter() -> None:
    alarm = DamageEdge()
    hit = game_event(EventKind.HIT, victim=0, attacker=1, weapon=0, damage=40, x=0, y=0)
    frame = still(events=[hit])
    alarm.note(frame)
    [wedge] = alarm.shapes(frame.now_s, (640, 360), PAINTS)
    assert isinstance(wedge, Area)
    assert all(x > 640 for x, _ in wedge.points), "the attacker stands to the right"
    assert alarm.strength(frame.now_s) > 0.5
    assert alarm.strength(frame.now_s + 2) == 0


def test_the_net_graph_is_there_when_it_is_wanted() -> None:
    _, session = bot_match(seconds=2)
    frame = frame_of(session, 102.0)
    assert "corrections" not in words(Hud(PAINTS, measure).shapes(frame, SIZE, wants_scores=False))
    hud = Hud(PAINTS, measure, shows_net=True)
    told = words(hud.shapes(frame, SIZE, wants_scores=False))
    assert "corrections" in told
    assert any("kbit/s" in line for line in told)


@pytest.mark.parametrize(
    ("place", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"), (112, "112th")],
)
def test_places_are_said_as_people_say_them(place: int, said: str) -> None:
    assert ordinal(place) == said


def test_a_clock_at_zero_is_over() -> None:
    assert [clock_words(ticks) for ticks in (-5, 0, 1, 60, 61, 3_600)] == [
        *("0:00", "0:00", "0:01", "0:01", "0:02", "1:00")
    ]

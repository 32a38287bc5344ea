"""The rail and the scatter gun."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import hitscan, step
from game.events import Event, EventKind
from game.inputs import AIM_MAX, DASH, DOWN, UP, VIEW_LAG_MAX, VIEW_LAG_PER_TICK, Input
from game.trig import ONE, direction
from game.tuning import TILE_UNITS, TUNING, Weapon
from tests.game.fights import fight, of_kind, place, shoot, wait
from tests.strategies import centre

RAIL = TUNING.weapons[Weapon.RAIL]
SCATTER = TUNING.weapons[Weapon.SCATTER]


def test_a_rail_pierces_everybody_on_its_line() -> None:
    world = fight(2, 6, 9, 20)
    world.players[2].y += 3 * TILE_UNITS
    hits = of_kind(shoot(world, 0, Weapon.RAIL), EventKind.HIT)
    assert [(hit[0], hit[3]) for hit in hits] == [(1, RAIL.damage), (3, RAIL.damage)]
    assert world.players[0].hits == 1  # one trigger


def test_a_rail_stops_at_a_wall_and_says_where() -> None:
    world = fight(2, 6, drawing="##########\n#s..#...s#\n##########", row=1)
    events = shoot(world, 0, Weapon.RAIL)
    assert not of_kind(events, EventKind.HIT)
    assert of_kind(events, EventKind.RAIL) == [
        (0, centre(2), centre(1), 4 * TILE_UNITS - 1, centre(1))
    ]


@given(st.integers(1, TUNING.rewind_ticks_max), st.integers(2, 30))
def test_a_rail_hits_where_its_target_stood_on_the_shooters_screen(lag: int, running: int) -> None:
    world = fight(2, 8)
    target = world.players[1]
    seen = []
    for tick in range(TUNING.rewind_ticks_max + running):
        step(world, (), [(1, Input(DOWN if tick % 40 < 20 else UP))])
        seen.append(target.y)
    world.players[0].y = seen[-lag]  # level with the target's place at that time
    assert of_kind(shoot(world, 0, Weapon.RAIL, lag=lag * VIEW_LAG_PER_TICK), EventKind.HIT)


@pytest.mark.parametrize(("lag", "is_hit"), [(0, False), (9, False), (14, True), (30, True)])
def test_the_past_is_as_long_ago_as_the_screen_showed_and_has_an_end(
    lag: int, is_hit: bool
) -> None:
    world = fight(2, 8)
    target = world.players[1]
    for _ in range(20):
        step(world, (), [(1, Input(DOWN))])
    world.players[0].y = target.y - 13 * TUNING.run_speed  # 14 ticks ago, seen from the next tick
    hits = of_kind(shoot(world, 0, Weapon.RAIL, lag=lag * VIEW_LAG_PER_TICK), EventKind.HIT)
    assert bool(hits) == is_hit
    world.players[0].y = target.y - 25 * TUNING.run_speed
    wait(world, RAIL.interval_ticks)
    assert not of_kind(shoot(world, 0, Weapon.RAIL, lag=VIEW_LAG_MAX), EventKind.HIT)


def test_a_dash_avoids_rails_and_pellets() -> None:
    for weapon in (Weapon.RAIL, Weapon.SCATTER):
        world = fight(2, 4)
        step(world, (), [(1, Input(DASH, aim=0))])
        target = world.players[1]
        place(target, centre(4), centre(5))
        assert not of_kind(shoot(world, 0, weapon), EventKind.HIT)
        target.buttons = target.dash_until_tick = 0
        wait(world, 90)
        place(target, centre(4), centre(5))
        assert of_kind(shoot(world, 0, weapon), EventKind.HIT)


def test_pellets_at_the_muzzle_do_nearly_all_their_damage_in_one_hit() -> None:
    world = fight(2, 2)
    world.players[1].x += 200
    hits = of_kind(shoot(world, 0, Weapon.SCATTER), EventKind.HIT)
    assert len(hits) == 1
    assert SCATTER.damage * SCATTER.pellets * 9 // 10 < hits[0][3] <= 64


def test_pellets_fall_off_with_distance_to_nothing_at_their_range() -> None:
    damages = []
    for column in range(3, 13):
        world = fight(2, column)
        hits = of_kind(shoot(world, 0, Weapon.SCATTER), EventKind.HIT)
        damages.append(hits[0][3] if hits else 0)
    assert damages == sorted(damages, reverse=True)
    assert damages[0] > 40
    assert damages[-1] == 0


def test_a_pellet_hits_the_nearest_and_stops_there() -> None:
    world = fight(2, 3, 3)
    world.players[2].x += 300
    hits = of_kind(shoot(world, 0, Weapon.SCATTER), EventKind.HIT)
    assert [hit[0] for hit in hits][:1] == [1]
    assert hits[0][3] > sum(hit[3] for hit in hits[1:])


def test_double_damage_doubles() -> None:
    plain, doubled = fight(2, 4), fight(2, 4)
    doubled.players[0].double_until_tick = doubled.tick + 100
    damage = of_kind(shoot(plain, 0, Weapon.SCATTER), EventKind.HIT)[0][3]
    assert of_kind(shoot(doubled, 0, Weapon.SCATTER), EventKind.HIT)[0][3] in (
        2 * damage,
        2 * damage + 1,
    )


HALL_WITH_PILLARS = "\n".join(
    ["#" * 30, *["#s" + ("..#.." * 6)[:26] + "s#", "#s" + "." * 26 + "s#"] * 5, "#" * 30]
)


@given(
    st.sampled_from((Weapon.RAIL, Weapon.SCATTER)),
    st.integers(0, AIM_MAX),
    st.integers(0, 4 * TILE_UNITS),
    st.integers(-20, 20),
)
def test_nobody_whom_a_line_touches_is_passed_over_by_the_cheap_question(
    weapon: Weapon, aim: int, ahead: int, edge: int
) -> None:
    """Targets stand where a line or a pellet just touches them, or just misses them."""
    beside = TUNING.player_radius_units + edge
    told: list[list[Event]] = []
    for bent in (hitscan.BENT_UNITS, 10**9):
        world = fight(14, 20, drawing=HALL_WITH_PILLARS, row=6)
        shooter, target = world.players[0], world.players[1]
        for turn in (0, SCATTER.spread // 2):
            cosine, sine = direction((aim + turn) % (AIM_MAX + 1))
            target.x = shooter.x + (cosine * ahead - sine * beside) // ONE
            target.y = shooter.y + (sine * ahead + cosine * beside) // ONE
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(hitscan, "BENT_UNITS", bent)
                told.append(shoot(world, 0, weapon, aim))
            wait(world, RAIL.interval_ticks)
    assert told[:2] == told[2:]

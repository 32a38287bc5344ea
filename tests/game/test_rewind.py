"""Lag compensation over a few ticks, and the limits that keep it fair."""

from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.battle import FIGHTING, arena_for, match_of
from game import dump, load, step
from game.events import Event, EventKind
from game.inputs import DOWN, RIGHT, UP, VIEW_LAG_MAX, VIEW_LAG_PER_TICK, Input
from game.rewind import SLACK_UNITS, Strip, history_ticks, recall
from game.trig import ONE, direction
from game.tuning import SNAPSHOT_EVERY_TICKS, TILE_UNITS, TUNING, Weapon
from game.world import World
from tests.game.fights import BIG_HALL, fight, of_kind, shoot, wait

TICKS_MAX = TUNING.rewind_ticks_max
LAG_MAX = TICKS_MAX * VIEW_LAG_PER_TICK
WALLED = "\n".join(["#" * 30, *["#s" + "." * 8 + "#" + "." * 17 + "s#"] * 5, BIG_HALL[31:]])


def hits(world: World, lag: int, aim: int = 0) -> list[Event]:
    return of_kind(shoot(world, 0, Weapon.RAIL, aim, lag), EventKind.HIT)


def ran(ticks: int, keys: int = DOWN) -> tuple[World, list[tuple[int, int]]]:
    """A fight in which seat 1 has run for a while, and its place after each tick so far."""
    world = fight(2, 8)
    stood = [(0, 0)] * (world.tick + 1)
    for _ in range(ticks):
        step(world, (), [(1, Input(keys))])
        stood.append((world.players[1].x, world.players[1].y))
    return world, stood


def test_the_past_is_remembered_no_longer_than_needed() -> None:
    world, _ = ran(60)
    assert len(world.history) == history_ticks(TUNING) == TICKS_MAX + SNAPSHOT_EVERY_TICKS
    assert recall(world, LAG_MAX)[1][1] < recall(world, LAG_MAX - 8)[1][1]


@given(st.integers(0, LAG_MAX), st.integers(40, 43))
def test_a_player_stands_where_a_screen_drew_them_between_two_snapshots(
    lag: int, ticks: int
) -> None:
    world, stood = ran(ticks)
    at = world.tick - lag / VIEW_LAG_PER_TICK
    before = int(at) // SNAPSHOT_EVERY_TICKS * SNAPSHOT_EVERY_TICKS
    after = min(before + SNAPSHOT_EVERY_TICKS, world.tick)
    share = (at - before) / (after - before) if after > before else 0
    drawn = stood[before][1] + (stood[after][1] - stood[before][1]) * share
    assert abs(recall(world, lag)[1][1] - drawn) < 1


def test_nobody_stands_on_the_way_between_two_ends_of_a_jump() -> None:
    world, _ = ran(30)
    there = world.players[1].y
    world.players[1].y -= 5 * TILE_UNITS
    wait(world, 4)
    here = world.players[1].y
    for lag in range(LAG_MAX):
        y = recall(world, lag)[1][1]
        assert y <= here or y >= there - TICKS_MAX * TUNING.run_speed


def test_the_dead_stand_nowhere() -> None:
    world = fight(2, 8)
    world.players[0].alive, world.players[0].respawn_tick = 0, 10**6
    wait(world, 4)
    assert list(recall(world, 0)) == [1]


@pytest.mark.parametrize("lag", [LAG_MAX + 1, VIEW_LAG_MAX, VIEW_LAG_MAX * 1_000])
def test_a_longer_lag_than_the_longest_is_the_longest(lag: int) -> None:
    """A client that overstates its lag sees no farther back than one that really has it."""
    for away in (TICKS_MAX - 1, TICKS_MAX + 8, 25):  # ticks of running
        honest, forged = ran(40)[0], ran(40)[0]
        for world in (honest, forged):
            world.players[0].y = world.players[1].y - away * TUNING.run_speed
        assert hits(forged, lag) == hits(honest, LAG_MAX)
        assert bool(hits(ran(40)[0], lag)) == bool(hits(ran(40)[0], LAG_MAX))


def test_a_lag_of_the_future_is_none() -> None:
    world, _ = ran(40)
    world.players[0].y = world.players[1].y + 6 * TUNING.run_speed
    assert not hits(world, -6 * VIEW_LAG_PER_TICK)
    assert world.players[0].view_lag == 0


def test_a_wall_stops_a_rail_into_the_past_too() -> None:
    """Walls never open or close, so the past had the same ones."""
    world = fight(2, 16, drawing=WALLED, row=3)
    for _ in range(8):
        step(world, (), [(1, Input(DOWN))])
    assert not hits(world, 8 * VIEW_LAG_PER_TICK)  # behind it then and now, level with the shooter
    world = fight(2, 16, drawing=WALLED, row=8)
    for _ in range(30):
        step(world, (), [(1, Input(UP))])
    assert world.players[1].y < 6 * TILE_UNITS  # now behind the wall, and earlier in the open
    world.players[0].y = recall(world, LAG_MAX)[1][1]
    assert bool(hits(world, LAG_MAX)) == (world.players[0].y >= 6 * TILE_UNITS)


def test_a_rail_finds_nobody_in_a_life_before_this_one() -> None:
    """A death lasts longer than the longest rewind that an operator may choose."""
    assert TUNING.respawn_ticks > VIEW_LAG_MAX // VIEW_LAG_PER_TICK + SNAPSHOT_EVERY_TICKS


def test_a_rail_does_not_reach_into_spawn_protection() -> None:
    """The target is vulnerable now, but was protected when the screen showed them."""
    world = fight(2, 8)
    victim = world.players[1]
    victim.protected_until_tick = world.tick + 20
    wait(world, 20)
    victim.protected_until_tick = 0
    wait(world, 6)
    assert not hits(world, 12 * VIEW_LAG_PER_TICK)
    wait(world, 90)
    assert hits(world, 12 * VIEW_LAG_PER_TICK)


def test_a_protected_player_is_not_hit_where_they_stood_before() -> None:
    world = fight(2, 8)
    wait(world, 20)
    world.players[1].protected_until_tick = world.tick + 20
    assert not hits(world, 10 * VIEW_LAG_PER_TICK)


def test_the_rounding_of_a_lag_favours_the_shooter() -> None:
    radius = TUNING.player_radius_units
    for off, lag, is_hit in (
        (radius - 1, 0, True),
        (radius, 0, False),
        (radius + SLACK_UNITS - 1, 40, True),
        (radius + SLACK_UNITS, 40, False),
    ):
        world = fight(2, 8)
        wait(world, 30)
        world.players[0].y += off
        assert bool(hits(world, lag)) == is_hit


@given(st.integers(0, VIEW_LAG_MAX), st.integers(0, 30))
def test_a_world_that_was_put_away_decides_the_same(lag: int, ticks: int) -> None:
    world, _ = ran(ticks + 20, DOWN if ticks % 2 else RIGHT)
    other = load(dump(world), world.arena, world.tuning)
    aim = 4_000
    assert hits(other, lag, aim) == hits(world, lag, aim)
    assert dump(other) == dump(world)


def test_how_long_is_a_number_of_the_rules() -> None:
    for ticks in (0, 6, 30):
        world = fight(2, 8)
        world.tuning = replace(TUNING, rewind_ticks_max=ticks)
        for _ in range(40):
            step(world, (), [(1, Input(DOWN))])
        for back in (ticks, ticks + 8):
            world.players[0].y = world.players[1].y + (1 - back) * TUNING.run_speed
            assert bool(hits(world, VIEW_LAG_MAX)) == (back == ticks), (ticks, back)
            wait(world, 90)
            for _ in range(40):
                step(world, (), [(1, Input(DOWN if back == ticks else UP))])


@given(st.integers(0, LAG_MAX), st.integers(0, 65_535))
def test_the_strip_search_finds_all_players_inside_and_no_others(lag: int, aim: int) -> None:
    world = crowd_that_ran()
    cosine, sine = direction(aim)
    shooter = world.players[0]
    everybody = recall(world, lag)
    for slot, (x, y) in everybody.items():
        beside = abs((x - shooter.x) * sine - (y - shooter.y) * cosine) // ONE
        found = recall(world, lag, Strip(shooter.x, shooter.y, cosine, sine, beside + 2))
        assert slot in found
        assert found.items() <= everybody.items()
        assert list(found) == sorted(found)


@cache
def crowd_that_ran() -> World:
    """A crowd: some were protected, some knocked far, some dead, some suddenly elsewhere."""
    dice = Random(1)
    world = match_of(32, arena_for(32), FIGHTING.tuning)
    for _ in range(200):
        step(world, (), FIGHTING.press(world, dice))
    assert len(recall(world, 0)) < 32
    return world

"""Objectives of each mode: fetch, guard and bring home flags, and stay inside the circle."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from game.brain.dice import dice_for
from game.brain.objectives import GRAB_UNITS, HOME_UNITS, Objective, ObjectiveSelector
from game.brain.perception import FlagSeen, Perception
from game.circle_plan import circle_at
from game.tuning import TILE_UNITS
from game.world import HOME, ON_GROUND, Circle
from tests.game.brain.perceptions import body_at, perception_at
from tests.strategies import arena_from

FIELD = """
############################################################
#s..................................s..................s...#
#.R......................................................B.#
#s..................................s..................s...#
############################################################
"""
ARENA = arena_from(FIELD)
RED, BLUE = ((base.x, base.y) for base in ARENA.flags)
MIDDLE = (30 * TILE_UNITS, 2 * TILE_UNITS)
CARRIER, GUARD, THIEF = 0, 1, 9


def objective(
    slot: int, place: tuple[int, int], ours: int = HOME, theirs: int = HOME, **bodies: object
) -> Objective | None:
    """A red bot's objective. Its mates are 0 to 3; 9 is a blue one far away in its own corner."""
    mates = [body_at(place, number, team=1) for number in range(4)]
    enemy = body_at((55 * TILE_UNITS, 3 * TILE_UNITS), THIEF, team=2)
    flags = {1: FlagSeen(*RED, ours), 2: FlagSeen(*BLUE, theirs)}
    if ours == ON_GROUND:
        flags[1] = FlagSeen(20 * TILE_UNITS, RED[1], ON_GROUND)
    perception = perception_at(place, [*mates, enemy], slot=slot, team=1, flags=flags)
    return ObjectiveSelector(ARENA, dice_for(1, slot)).next(perception)


def test_a_carrier_brings_the_enemy_flag_home_and_nothing_stops_it() -> None:
    assert objective(CARRIER, MIDDLE, theirs=CARRIER) == Objective(*RED, urgent=True)


def test_a_carrier_that_cannot_bring_it_home_waits_around_there() -> None:
    place = (RED[0] + 2 * TILE_UNITS, RED[1])
    found = objective(CARRIER, place, ours=THIEF, theirs=CARRIER)
    assert found is not None
    assert max(abs(found.x - RED[0]), abs(found.y - RED[1])) < HOME_UNITS


def test_attackers_go_for_theirs_and_near_it_fight_no_more() -> None:
    assert objective(0, MIDDLE) == Objective(*BLUE)
    assert objective(0, (BLUE[0] - GRAB_UNITS + 9, BLUE[1])) == Objective(*BLUE, urgent=True)


def test_one_of_three_guards() -> None:
    found = objective(GUARD, MIDDLE)
    assert found is not None
    assert abs(found.x - RED[0]) < HOME_UNITS
    assert objective(2, MIDDLE) == Objective(*BLUE)


def test_a_guard_chases_the_thief() -> None:
    assert objective(GUARD, MIDDLE, ours=THIEF) == Objective(55 * TILE_UNITS, 3 * TILE_UNITS)


def test_all_chase_the_thief_while_the_enemy_flag_is_away_too() -> None:
    assert objective(2, MIDDLE, ours=THIEF, theirs=CARRIER) == Objective(
        55 * TILE_UNITS, 3 * TILE_UNITS
    )


def test_ones_own_flag_on_the_ground_is_fetched_before_all_else() -> None:
    found = objective(2, MIDDLE, ours=ON_GROUND)
    assert found == Objective(20 * TILE_UNITS, RED[1], urgent=True)


def in_circle(x: int, tick: int, circle: Circle) -> Perception:
    return perception_at((x, MIDDLE[1]), tick=tick, circle=circle)


CIRCLE = Circle(*MIDDLE, 60 * TILE_UNITS, 10 * TILE_UNITS, MIDDLE[1], 8 * TILE_UNITS, 2_000, 4_000)


def test_while_the_circle_is_wide_there_is_no_objective() -> None:
    perception = in_circle(MIDDLE[0], 100, CIRCLE)
    assert ObjectiveSelector(ARENA, dice_for(1, 0)).next(perception) is None


@given(st.integers(1, 58), st.integers(1_900, 4_500))
def test_a_bot_outside_of_the_next_circle_goes_nearer_to_it(column: int, tick: int) -> None:
    perception = in_circle(column * TILE_UNITS, tick, CIRCLE)
    found = ObjectiveSelector(ARENA, dice_for(tick, 0)).next(perception)
    away = abs(perception.x - CIRCLE.next_x)
    if away <= CIRCLE.next_radius * 9 // 10:
        assert found is None or abs(found.x - CIRCLE.next_x) <= CIRCLE.next_radius
    else:
        assert found is not None
        assert abs(found.x - CIRCLE.next_x) < away
        assert found.urgent == (tick >= CIRCLE.begin_tick)


def test_nobody_wants_to_be_where_the_circle_is_gone() -> None:
    objectives = ObjectiveSelector(ARENA, dice_for(1, 0))
    perception = in_circle(MIDDLE[0], 3_900, CIRCLE)
    assert circle_at(CIRCLE, 3_900)[2] < 20 * TILE_UNITS
    assert not objectives.is_allowed(perception, 50 * TILE_UNITS, MIDDLE[1])
    assert objectives.is_allowed(perception, 11 * TILE_UNITS, MIDDLE[1])
    assert not objectives.may_hunt(in_circle(MIDDLE[0], 3_900, CIRCLE))
    assert objectives.may_hunt(in_circle(MIDDLE[0], 9, replace(CIRCLE, radius=TILE_UNITS)))


def test_modes_without_either_have_no_objectives() -> None:
    assert ObjectiveSelector(ARENA, dice_for(1, 0)).next(perception_at(MIDDLE)) is None

"""Bots watch the nearest enemy in sight, and are loyal to them."""

from hypothesis import given
from hypothesis import strategies as st

from game.brain.targeting import (
    LOOKED_AT_MAX,
    LOYALTY_PERCENT,
    RANGE_UNITS,
    TargetSelector,
    can_see,
)  # fmt: skip
from game.grid import Crowd
from tests.game.brain.perceptions import body_at, perception_at
from tests.strategies import ARENA, HALL, arena_from, centre, places

HALL_ARENA = arena_from(HALL)
across = st.integers(0, 2 * RANGE_UNITS)
HERE = (centre(2), centre(3))


def target_of(*bodies: object, **changed: object) -> int:
    selector = TargetSelector(HALL_ARENA)
    selector.look(perception_at(HERE, others=list(bodies), **changed))
    return selector.target


@given(places, st.lists(places, max_size=LOOKED_AT_MAX))
def test_a_target_is_in_plain_sight(here: tuple[int, int], others: list[tuple[int, int]]) -> None:
    selector = TargetSelector(ARENA)
    bodies = [body_at(place, slot) for slot, place in enumerate(others, start=1)]
    selector.look(perception_at(here, others=bodies))
    seen = [body.slot for body in bodies if can_see(ARENA, *here, body.x, body.y)]
    assert selector.target in (seen or [-1])


def test_the_nearer_enemy_is_the_target() -> None:
    far, near = body_at((centre(9), centre(3)), 1), body_at((centre(5), centre(3)), 2)
    assert target_of(far, near) == 2


def test_a_look_follows_a_bounded_number_of_lines() -> None:
    """Four enemies behind the wall, and a fifth in sight but farther away: for another look."""
    tiles = ((7, 1), (7, 2), (7, 3), (8, 2))
    hidden = [body_at((centre(x), centre(y)), slot) for slot, (x, y) in enumerate(tiles, start=1)]
    plain = body_at((centre(1), centre(2)), 9)
    here = (centre(5), centre(2))
    selector = TargetSelector(ARENA)
    selector.look(perception_at(here, others=[*hidden, plain]))
    assert selector.target == -1
    selector.look(perception_at(here, others=[*hidden[1:], plain]))
    assert selector.target == 9


def test_the_dead_the_protected_and_team_mates_are_no_targets() -> None:
    place = (centre(5), centre(3))
    assert target_of(body_at(place, alive=0)) == -1
    assert target_of(body_at(place, protected=1)) == -1
    assert target_of(body_at(place, team=2), team=2) == -1
    assert target_of(body_at(place, team=1), team=2) == 1


def test_somebody_a_little_nearer_does_not_take_the_eye_off_a_target() -> None:
    selector = TargetSelector(HALL_ARENA)
    first = body_at((centre(7), centre(3)), 1)
    selector.look(perception_at(HERE, others=[first]))
    a_little_nearer = body_at((centre(6), centre(3)), 2)
    selector.look(perception_at(HERE, others=[first, a_little_nearer], tick=150))
    assert (selector.target, selector.seen_since_tick) == (1, 100)
    much_nearer = body_at((centre(3), centre(3)), 2)
    selector.look(perception_at(HERE, others=[first, much_nearer], tick=200))
    assert (selector.target, selector.seen_since_tick) == (2, 200)


def test_a_target_that_died_or_left_is_nobody() -> None:
    selector = TargetSelector(HALL_ARENA)
    body = body_at((centre(5), centre(3)))
    selector.look(perception_at(HERE, others=[body]))
    assert selector.body(perception_at(HERE, others=[body])) == body
    assert selector.body(perception_at(HERE, others=[body._replace(alive=0)])) is None
    assert selector.body(perception_at(HERE)) is None


@given(
    st.lists(st.tuples(across, across, st.integers(0, 2), st.integers(0, 1)), max_size=48),
    st.integers(0, 48),
    st.booleans(),
)
def test_of_a_crowd_the_nearest_are_looked_at_as_if_all_were(
    people: list[tuple[int, int, int, int]], previous: int, with_cells: bool
) -> None:
    bodies = [
        body_at((x, y), slot, team=team, alive=alive)
        for slot, (x, y, team, alive) in enumerate(people, start=1)
    ]
    crowd = Crowd(bodies) if with_cells else None
    perception = perception_at((RANGE_UNITS, RANGE_UNITS), others=bodies, crowd=crowd, team=1)
    weighed = []
    for body in bodies:
        away = (body.x - perception.x) ** 2 + (body.y - perception.y) ** 2
        if away < RANGE_UNITS**2 and body.alive and body.team != 1:
            loyal = body.slot == previous
            weighed.append((away * LOYALTY_PERCENT // 100 if loyal else away, body))
    watched = TargetSelector(ARENA).candidates(perception, previous)
    assert watched[:LOOKED_AT_MAX] == sorted(weighed)[:LOOKED_AT_MAX]

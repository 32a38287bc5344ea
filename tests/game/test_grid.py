"""The grid finds the right players, and no match's outcome depends on it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import game
from bench.battle import FIGHTING, arena_for, match_of
from game import grid
from game.arena import Spawn
from game.grid import CELL_UNITS, FEW, Crowd
from game.spawning import clearances
from game.tuning import TUNING
from game.world import Player
from tests.examples import examples

across = st.integers(0, 6 * CELL_UNITS)
crowds = st.lists(st.tuples(across, across), max_size=3 * FEW)
EVERYBODY = 1_000  # more than ever play: then the grid always returns everybody


def crowd_of(places: list[tuple[int, int]]) -> Crowd[Player]:
    return Crowd([Player(slot, x=x, y=y, alive=1) for slot, (x, y) in enumerate(places)])


@given(crowds, across, across, st.integers(0, 2 * CELL_UNITS))
def test_all_who_are_near_are_found_once_and_in_order(
    places: list[tuple[int, int]], x: int, y: int, reach: int
) -> None:
    crowd = crowd_of(places)
    found = [player.slot for player in crowd.near(x, y, reach)]
    assert found == sorted(set(found))
    for player in crowd.people:
        if abs(player.x - x) <= reach and abs(player.y - y) <= reach:
            assert player.slot in found


def test_those_in_far_cells_are_not_looked_at() -> None:
    places = [(column * CELL_UNITS, row * CELL_UNITS) for row in range(8) for column in range(8)]
    assert len(crowd_of(places).near(CELL_UNITS // 2, CELL_UNITS // 2, 100)) == 1


def test_a_small_crowd_has_no_cells() -> None:
    crowd = crowd_of([(slot * CELL_UNITS, 0) for slot in range(FEW)])
    assert crowd.near(0, 0, 1) is crowd.people


@given(crowds, st.lists(st.tuples(across, across), min_size=1, max_size=20))
def test_the_farthest_spawns_are_those_that_looking_at_all_finds(
    places: list[tuple[int, int]], spots: list[tuple[int, int]]
) -> None:
    spawns = [Spawn(x, y) for x, y in spots]
    clear = [
        min([(spot.x - x) ** 2 + (spot.y - y) ** 2 for x, y in places], default=-1)
        for spot in spawns
    ]
    told = clearances(spawns, crowd_of(places))
    if places:
        assert max(told) == max(clear)
    assert [each == max(told) for each in told] == [each == max(clear) for each in clear]


def test_the_reach_of_a_shot_covers_every_weapon() -> None:
    for weapon in TUNING.weapons:
        touched = weapon.speed + TUNING.player_radius_units + TUNING.shot_radius_units
        assert touched <= TUNING.shot_reach_units < CELL_UNITS // 2


@pytest.mark.slow
@pytest.mark.everywhere
@pytest.mark.parametrize("players", [FEW, 48])
@given(seed=st.integers(0, 10**6))
@examples(5)
def test_a_fight_is_the_same_with_cells_and_without(players: int, seed: int) -> None:
    digests = set()
    for few in (0, FEW, EVERYBODY):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(grid, "FEW", few)
            patch.setattr("game.projectiles.FEW", few)
            digests.add(fight(players, seed))
    assert len(digests) == 1


def fight(players: int, seed: int) -> bytes:
    """Digest and events of a second of all weapons fired at everybody, denser than in a match."""
    dice = Random(seed)
    arena = arena_for(players // 3)
    world = match_of(players, arena, FIGHTING.tuning)
    events = []
    for _ in range(60):
        events += game.step(world, (), FIGHTING.press(world, dice))
    return game.digest(world) + repr(events).encode()

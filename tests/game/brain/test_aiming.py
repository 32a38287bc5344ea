"""Bots choose by distance and ammunition, lead their target, and hold fire behind walls."""

from hypothesis import given
from hypothesis import strategies as st

from game.brain.aiming import Aiming
from game.brain.dice import dice_for
from game.brain.skill import LEVELS
from game.brain.targeting import can_see
from game.tuning import TILE_UNITS, Weapon
from tests.game.brain.perceptions import NO_AMMO, SOME_AMMO, body_at, perception_at
from tests.strategies import ARENA, HALL, arena_from, centre, places, seeds

HALL_ARENA = arena_from(HALL)
HERE = (centre(2), centre(3))
levels = st.sampled_from(list(LEVELS))


def make_aiming(level: int = 5, seed: int = 1) -> Aiming:
    return Aiming(HALL_ARENA, LEVELS[level], dice_for(seed, 0))


def chosen_at(tiles: int, ammo: tuple[int, ...], seed: int) -> int:
    aiming = make_aiming(seed=seed)
    aiming.choose(perception_at((0, 0), ammo=ammo), body_at((tiles * TILE_UNITS, 0)))
    return aiming.weapon


@given(st.integers(0, 60), seeds)
def test_without_ammunition_there_is_the_blaster(tiles: int, seed: int) -> None:
    assert chosen_at(tiles, NO_AMMO, seed) == Weapon.BLASTER


@given(seeds)
def test_the_best_level_chooses_by_distance(seed: int) -> None:
    assert chosen_at(1, SOME_AMMO, seed) == Weapon.SCATTER
    assert chosen_at(20, SOME_AMMO, seed) == Weapon.RAIL


@given(st.integers(0, 2), seeds, levels)
def test_no_bot_chooses_the_launcher_at_its_own_feet(tiles: int, seed: int, level: int) -> None:
    aiming = make_aiming(level, seed)
    aiming.choose(perception_at((0, 0), ammo=SOME_AMMO), body_at((tiles * TILE_UNITS, 0)))
    assert aiming.weapon != Weapon.LAUNCHER


@given(places, places, seeds)
def test_no_trigger_is_pulled_at_a_target_behind_a_wall(
    here: tuple[int, int], there: tuple[int, int], seed: int
) -> None:
    aiming = Aiming(ARENA, LEVELS[5], dice_for(seed, 0))
    perception, body = perception_at(here), body_at(there)
    pulled = [aiming.track(perception, body, ready=True) for _ in range(60)]
    assert any(pulled) == can_see(ARENA, *here, *there)


def test_no_trigger_is_pulled_before_one_is_ready_or_the_weapon_is() -> None:
    aiming, body = make_aiming(), body_at((centre(8), centre(3)))
    assert not any(aiming.track(perception_at(HERE), body, ready=False) for _ in range(60))
    cooling = perception_at(HERE, fire_ready_tick=102)
    assert not any(aiming.track(cooling, body, ready=True) for _ in range(60))
    assert aiming.track(perception_at(HERE, fire_ready_tick=101), body, ready=True)


def test_better_levels_aim_further_ahead_of_a_runner() -> None:
    runner = body_at((centre(8), centre(3)), vy=100)
    ahead = []
    for level in LEVELS:
        aiming = make_aiming(level)
        aiming.error_until_tick = 1_000  # no error at all
        aiming.track(perception_at(HERE), runner, ready=True)
        ahead.append(aiming.desired_aim)
    assert ahead == sorted(ahead)
    assert ahead[0] == 0 < ahead[-1]


@given(seeds, levels)
def test_the_error_of_an_aim_stays_within_the_level(seed: int, level: int) -> None:
    aiming, body = make_aiming(level, seed), body_at((centre(8), centre(3)))
    for tick in range(0, 600, 20):
        aiming.track(perception_at(HERE, tick=tick), body, ready=True)
        assert abs((aiming.desired_aim + 32_768) % 65_536 - 32_768) <= LEVELS[level].aim_error

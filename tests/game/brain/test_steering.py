"""Bots get where they want, round their enemies, out of rockets' ways, and off where they hang."""

from hypothesis import given, settings
from hypothesis import strategies as st

from game.brain.dice import dice_for
from game.brain.navigation import Chart
from game.brain.perception import ShotSeen
from game.brain.skill import LEVELS
from game.brain.steering import CHECK_TICKS, Footwork, keys_towards
from game.inputs import DOWN, LEFT, RIGHT, UP
from game.movement import move
from game.tuning import TUNING, Weapon
from game.world import Player
from tests.game.brain.perceptions import body_at, sight_at
from tests.strategies import ARENA, centre, places

STEP_TICKS = 5


def feet(level: int = 5) -> Footwork:
    return Footwork(ARENA, Chart(ARENA), LEVELS[level], dice_for(1, 0))


@settings(max_examples=60)
@given(places, places)
def test_whoever_walks_arrives(start: tuple[int, int], goal: tuple[int, int]) -> None:
    walker, player = feet(), Player(0, x=start[0], y=start[1], alive=1)
    for tick in range(60 * 15):
        if abs(player.x - goal[0]) < 500 and abs(player.y - goal[1]) < 500:
            return
        if tick % STEP_TICKS == 0:
            player.buttons = walker.walk(sight_at((player.x, player.y), tick=tick), *goal)
        move(player, ARENA, TUNING, tick)
    raise AssertionError(f"still at {player.x}, {player.y} after 15 seconds")


def test_keys_are_those_of_the_nearest_of_eight_ways() -> None:
    assert keys_towards(1_000, 0) == RIGHT
    assert keys_towards(-1_000, 300) == LEFT
    assert keys_towards(1_000, -900) == RIGHT | UP
    assert keys_towards(-200, 1_000) == DOWN
    assert keys_towards(50, -50) == 0


def test_a_rocket_that_would_pass_near_is_dodged_to_the_side_one_stands_on() -> None:
    sight = sight_at((centre(8), centre(7)))
    above = ShotSeen(sight.x - 3_000, sight.y - 300, 188, 0, 1, Weapon.LAUNCHER)
    assert feet().dodge(sight_at((sight.x, sight.y), shots=[above])) == DOWN
    below = above._replace(y=sight.y + 300)
    assert feet().dodge(sight_at((sight.x, sight.y), shots=[below])) == UP


def test_what_flies_away_or_wide_or_is_ones_own_is_not_dodged() -> None:
    place = (centre(8), centre(7))
    coming = ShotSeen(place[0] - 3_000, place[1], 188, 0, 1, Weapon.LAUNCHER)
    for shot in (
        coming._replace(vx=-188),
        coming._replace(y=place[1] + 4_000),
        coming._replace(x=place[0] - 9_000),
        coming._replace(owner=0),
        coming._replace(weapon=Weapon.BLASTER),
    ):
        assert feet().dodge(sight_at(place, shots=[shot])) == 0
    assert feet().dodge(sight_at(place, shots=[coming], dash_ready_tick=101)) == 0


def test_the_lowest_level_never_dodges() -> None:
    place = (centre(8), centre(7))
    coming = ShotSeen(place[0] - 3_000, place[1], 188, 0, 1, Weapon.LAUNCHER)
    assert not any(feet(1).dodge(sight_at(place, shots=[coming])) for _ in range(50))


@given(st.integers(1, 500))
def test_who_got_nowhere_in_a_second_hangs_and_who_moves_does_not(step: int) -> None:
    walker = feet()
    assert not walker.hangs(sight_at((centre(8), centre(7)), tick=100))
    assert not walker.hangs(sight_at((centre(8), centre(7)), tick=100 + CHECK_TICKS - 1))
    assert walker.hangs(sight_at((centre(8), centre(7) + step), tick=100 + CHECK_TICKS))
    assert not walker.hangs(sight_at((centre(8), centre(9)), tick=100 + 2 * CHECK_TICKS))


def test_who_was_dead_meanwhile_does_not_hang() -> None:
    walker = feet()
    walker.hangs(sight_at((centre(8), centre(7)), tick=100))
    assert not walker.hangs(sight_at((centre(8), centre(7)), tick=100 + 3 * CHECK_TICKS))


def test_an_enemy_too_near_for_the_weapon_is_given_way_to_and_one_too_far_is_approached() -> None:
    place = (centre(10), centre(8))
    near, far = body_at((place[0] - 500, place[1])), body_at((place[0] - 8_500, place[1]))
    assert feet().circle(sight_at(place), near, Weapon.RAIL) & RIGHT
    assert feet().circle(sight_at(place), far, Weapon.SCATTER) & LEFT

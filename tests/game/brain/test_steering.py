"""Bots reach their goals, circle their enemies, dodge rockets, and notice when they are stuck."""

from hypothesis import given
from hypothesis import strategies as st

from game.brain.dice import dice_for
from game.brain.navigation import Navigation
from game.brain.perception import ShotSeen
from game.brain.skill import LEVELS
from game.brain.steering import CHECK_TICKS, Steering, keys_towards
from game.inputs import DOWN, LEFT, RIGHT, UP
from game.movement import move
from game.tuning import TUNING, Weapon
from game.world import Player
from tests.examples import examples
from tests.game.brain.perceptions import body_at, perception_at
from tests.strategies import ARENA, centre, places

STEP_TICKS = 5


def make_steering(level: int = 5) -> Steering:
    return Steering(ARENA, Navigation(ARENA), LEVELS[level], dice_for(1, 0))


@examples(60)
@given(places, places)
def test_a_bot_that_walks_arrives(start: tuple[int, int], goal: tuple[int, int]) -> None:
    walker, player = make_steering(), Player(0, x=start[0], y=start[1], alive=1)
    for tick in range(60 * 15):
        if abs(player.x - goal[0]) < 500 and abs(player.y - goal[1]) < 500:
            return
        if tick % STEP_TICKS == 0:
            player.buttons = walker.walk(perception_at((player.x, player.y), tick=tick), *goal)
        move(player, ARENA, TUNING, tick)
    raise AssertionError(f"still at {player.x}, {player.y} after 15 seconds")


def test_keys_are_those_of_the_nearest_of_eight_ways() -> None:
    assert keys_towards(1_000, 0) == RIGHT
    assert keys_towards(-1_000, 300) == LEFT
    assert keys_towards(1_000, -900) == RIGHT | UP
    assert keys_towards(-200, 1_000) == DOWN
    assert keys_towards(50, -50) == 0


def test_a_rocket_that_would_pass_near_is_dodged_to_the_side_one_stands_on() -> None:
    perception = perception_at((centre(8), centre(7)))
    above = ShotSeen(perception.x - 3_000, perception.y - 300, 188, 0, 1, Weapon.LAUNCHER)
    assert make_steering().dodge(perception_at((perception.x, perception.y), shots=[above])) == DOWN
    below = above._replace(y=perception.y + 300)
    assert make_steering().dodge(perception_at((perception.x, perception.y), shots=[below])) == UP


def test_harmless_and_own_shots_are_not_dodged() -> None:
    place = (centre(8), centre(7))
    coming = ShotSeen(place[0] - 3_000, place[1], 188, 0, 1, Weapon.LAUNCHER)
    for shot in (
        coming._replace(vx=-188),
        coming._replace(y=place[1] + 4_000),
        coming._replace(x=place[0] - 9_000),
        coming._replace(owner=0),
        coming._replace(weapon=Weapon.BLASTER),
    ):
        assert make_steering().dodge(perception_at(place, shots=[shot])) == 0
    assert make_steering().dodge(perception_at(place, shots=[coming], dash_ready_tick=101)) == 0


def test_the_lowest_level_never_dodges() -> None:
    place = (centre(8), centre(7))
    coming = ShotSeen(place[0] - 3_000, place[1], 188, 0, 1, Weapon.LAUNCHER)
    assert not any(make_steering(1).dodge(perception_at(place, shots=[coming])) for _ in range(50))


@given(st.integers(1, 500))
def test_a_bot_that_got_nowhere_in_a_second_is_stuck_and_one_that_moves_is_not(step: int) -> None:
    walker = make_steering()
    assert not walker.is_stuck(perception_at((centre(8), centre(7)), tick=100))
    assert not walker.is_stuck(perception_at((centre(8), centre(7)), tick=100 + CHECK_TICKS - 1))
    assert walker.is_stuck(perception_at((centre(8), centre(7) + step), tick=100 + CHECK_TICKS))
    assert not walker.is_stuck(perception_at((centre(8), centre(9)), tick=100 + 2 * CHECK_TICKS))


def test_a_bot_that_was_dead_meanwhile_is_not_stuck() -> None:
    walker = make_steering()
    walker.is_stuck(perception_at((centre(8), centre(7)), tick=100))
    assert not walker.is_stuck(perception_at((centre(8), centre(7)), tick=100 + 3 * CHECK_TICKS))


def test_an_enemy_too_near_for_the_weapon_is_given_way_to_and_one_too_far_is_approached() -> None:
    place = (centre(10), centre(8))
    near, far = body_at((place[0] - 500, place[1])), body_at((place[0] - 8_500, place[1]))
    assert make_steering().circle_strafe(perception_at(place), near, Weapon.RAIL) & RIGHT
    assert make_steering().circle_strafe(perception_at(place), far, Weapon.SCATTER) & LEFT

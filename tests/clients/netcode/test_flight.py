"""Shots are drawn ahead on the way that the server will fly them."""

from hypothesis import given
from hypothesis import strategies as st

from clients.netcode.flight import Course, flown
from game.collision import is_wall
from game.grid import Crowd
from game.projectiles import fly
from game.tuning import Weapon
from game.world import Phase, Shot
from tests.strategies import ARENA, points, world_of

velocities = st.integers(-300, 300)


@given(points, velocities, velocities, st.integers(1, 20))
def test_a_disc_is_drawn_where_the_rules_have_it(
    place: tuple[int, int], vx: int, vy: int, ticks: int
) -> None:
    world = world_of()
    world.phase = Phase.PLAY
    shot = Shot(0, Weapon.DISC, 0, *place, vx, vy, end_tick=1_000, bounces_left=1_000, power=1)
    world.shots[0] = shot
    for _ in range(ticks):
        fly(world, Crowd([]), [])
    assert flown(ARENA, Course(*place, vx, vy), Weapon.DISC, ticks)[:2] == (shot.x, shot.y)


@given(points, velocities, velocities, st.floats(-20, 60))
def test_nothing_is_drawn_in_a_wall(place: tuple[int, int], vx: int, vy: int, ticks: float) -> None:
    for weapon in (Weapon.BLASTER, Weapon.DISC):
        course = flown(ARENA, Course(*place, vx, vy), weapon, ticks)
        assert not is_wall(ARENA, int(course.x), int(course.y))

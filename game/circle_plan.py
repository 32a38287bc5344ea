"""The nested circles of a one-life match: where each is, and when it closes.

Owns: the geometry and its timetable. Must not know: who is hurt. Invariant: each circle lies within
the previous one, and at every tick within its position of a tick earlier, up to a unit of rounding.
"""

from math import isqrt
from typing import Final

from game.rng import draw_below
from game.tuning import TILE_SHIFT, TILE_UNITS
from game.world import Circle, World

DRAWS_MAX: Final = 8  # attempts to find a centre that is no wall


def first_circle(world: World) -> Circle:
    """The circle around the whole map, before it closes for the first time."""
    width, height = world.arena.width * TILE_UNITS, world.arena.height * TILE_UNITS
    radius = isqrt(width * width + height * height) // 2 + 1
    return _closing(world, 0, (width // 2, height // 2, radius), radius)


def circle_after(world: World) -> Circle:
    """The next circle after `World.circle` has closed; the same one if no stage is left."""
    circle = world.circle
    stage = circle.stage + 1
    if stage >= len(world.tuning.circle_stages):
        return circle
    place = (circle.next_x, circle.next_y, circle.next_radius)
    return _closing(world, stage, place, circle.first_radius)


def circle_at(circle: Circle, tick: int) -> tuple[int, int, int]:
    """x, y and radius at a tick."""
    span = circle.end_tick - circle.begin_tick
    gone = min(max(tick - circle.begin_tick, 0), span)
    return (
        circle.x + (circle.next_x - circle.x) * gone // span,
        circle.y + (circle.next_y - circle.y) * gone // span,
        circle.radius + (circle.next_radius - circle.radius) * gone // span,
    )


def _closing(world: World, stage: int, place: tuple[int, int, int], first_radius: int) -> Circle:
    plan = world.tuning.circle_stages[stage]
    x, y, radius = place
    next_radius = first_radius * plan.radius_percent // 100
    next_x, next_y = _centre_within(world, x, y, radius - next_radius)
    begin_tick = world.tick + plan.hold_ticks
    return Circle(
        x=x,
        y=y,
        radius=radius,
        next_x=next_x,
        next_y=next_y,
        next_radius=next_radius,
        begin_tick=begin_tick,
        end_tick=begin_tick + plan.shrink_ticks,
        stage=stage,
        first_radius=first_radius,
    )


def _centre_within(world: World, x: int, y: int, room: int) -> tuple[int, int]:
    """A random place on the floor at most `room` away; (x, y) itself if the draws find none."""
    arena = world.arena
    reach = room * 7 // 10  # the corners of this square are nearer than `room`
    for _ in range(DRAWS_MAX):
        next_x = x - reach + draw_below(world, 2 * reach + 1)
        next_y = y - reach + draw_below(world, 2 * reach + 1)
        column, row = next_x >> TILE_SHIFT, next_y >> TILE_SHIFT
        is_inside = 0 <= column < arena.width and 0 <= row < arena.height
        if is_inside and not arena.walls[row * arena.width + column]:
            return next_x, next_y
    return x, y

"""The path of a shot through the arena, as game/projectiles.py moves it, for drawing it ahead of
the last snapshot.

Owns: where it stops and where it bounces. Must not know: whom it hits, or who sees it. Invariant:
no shot is ever drawn in a wall or beyond one.
"""

from math import ceil, floor
from typing import NamedTuple

from clients.netcode.tuning import FLIGHT_TICKS_MAX
from game.arena import Arena
from game.collision import X_AXIS, Y_AXIS, trace
from game.tuning import TUNING


class Course(NamedTuple):
    """A shot at a moment: place in units, velocity in units per tick."""

    x: float
    y: float
    vx: int
    vy: int


def flown(arena: Arena, course: Course, weapon: int, ticks: float) -> Course:
    """The course after so many ticks (before, if negative); fractions are fine."""
    bounded = min(FLIGHT_TICKS_MAX, ticks)
    if not TUNING.weapons[weapon].bounces or bounded <= 0:
        return _straight(arena, course, bounded)[0]
    for step in range(ceil(bounded)):  # a bounce loses the rest of its tick
        course, axis = _straight(arena, course, min(1.0, bounded - step))
        vx = -course.vx if axis & X_AXIS else course.vx
        vy = -course.vy if axis & Y_AXIS else course.vy
        course = course._replace(vx=vx, vy=vy)
    return course


def _straight(arena: Arena, course: Course, ticks: float) -> tuple[Course, int]:
    x2, y2 = course.x + course.vx * ticks, course.y + course.vy * ticks
    start = floor(course.x), floor(course.y)
    x, y, is_blocked, axis = trace(arena, *start, floor(x2), floor(y2))
    return course._replace(x=x if is_blocked else x2, y=y if is_blocked else y2), axis

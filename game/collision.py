"""Lines and circles against the tile grid, exactly, in integers.

Owns: `is_free` (does a circle touch a wall), `trace` (how far a line gets) and `closest_along`
(does it meet a circle). Must not know: who asks. Invariant: a trace that starts on free ground ends
on free ground, and crosses no wall tile on its way.

A point belongs to the tile its coordinates floor into; a wall is its closed square.
"""

from math import isqrt
from typing import Final

from game.arena import Arena
from game.tuning import TILE_SHIFT, TILE_UNITS

Ray = tuple[int, int, int, int]  # from x, y to x2, y2

# The axis of a trace's hit: a bounce reverses the speed along it.
NO_AXIS: Final = 0
X_AXIS: Final = 1
Y_AXIS: Final = 2
BOTH_AXES: Final = 3


def is_wall(arena: Arena, x: int, y: int) -> bool:
    """Whether a point lies in a wall tile; everything outside the map is wall."""
    column, row = x >> TILE_SHIFT, y >> TILE_SHIFT
    if 0 <= column < arena.width and 0 <= row < arena.height:
        return arena.walls[row * arena.width + column] != 0
    return True


def is_free(arena: Arena, x: int, y: int, radius: int) -> bool:
    """Whether a circle overlaps no wall and lies on the map; touching is free. For any radius."""
    for row in range((y - radius) >> TILE_SHIFT, ((y + radius) >> TILE_SHIFT) + 1):
        for column in range((x - radius) >> TILE_SHIFT, ((x + radius) >> TILE_SHIFT) + 1):
            left, top = column << TILE_SHIFT, row << TILE_SHIFT
            if is_wall(arena, left, top):
                off_x = max(left - x, 0, x - left - TILE_UNITS)
                off_y = max(top - y, 0, y - top - TILE_UNITS)
                if off_x * off_x + off_y * off_y < radius * radius:
                    return False
    return True


def trace(arena: Arena, x: int, y: int, x2: int, y2: int) -> tuple[int, int, bool, int]:
    """Follow the line from (x, y) to (x2, y2): (hit x, hit y, blocked, axis).

    Unblocked, the hit is the end of the line; blocked, it is the last free point before the wall,
    and `axis` says which way the wall faces. A line through the exact corner of four tiles is
    blocked by any wall beside it, so that a line of sight is the same from either end. (Tile by
    tile after Amanatides and Woo, 1987.)
    """
    dx, dy = x2 - x, y2 - y
    column, row = x >> TILE_SHIFT, y >> TILE_SHIFT
    last_column, last_row = x2 >> TILE_SHIFT, y2 >> TILE_SHIFT
    width, walls = arena.width, arena.walls
    if walls[row * width + column]:
        return x, y, True, NO_AXIS
    turn_x, turn_y = (1 if dx > 0 else -1), (1 if dy > 0 else -1)
    long_x, long_y = abs(dx), abs(dy)
    while column != last_column or row != last_row:
        # Distances to the next tile border along each axis; the nearer in time is crossed first.
        border_x = (column + (dx > 0)) << TILE_SHIFT
        border_y = (row + (dy > 0)) << TILE_SHIFT
        time_x = abs(border_x - x) * long_y if column != last_column else -1
        time_y = abs(border_y - y) * long_x if row != last_row else -1
        if time_y < 0 or 0 <= time_x < time_y:
            axis = X_AXIS
        elif time_x < 0 or time_y < time_x:
            axis = Y_AXIS
        else:
            axis = BOTH_AXES
        wall_axis = _wall_beyond(arena, row * width + column, axis, (turn_x, turn_y * width))
        if wall_axis:
            if axis & X_AXIS:
                hit_x = border_x - 1 if dx > 0 else border_x
                hit_y = y + dy * abs(border_x - x) // long_x
            else:
                hit_y = border_y - 1 if dy > 0 else border_y
                hit_x = x + dx * abs(border_y - y) // long_y
            return _within(hit_x, column), _within(hit_y, row), True, wall_axis
        if axis & X_AXIS:
            column += turn_x
        if axis & Y_AXIS:
            row += turn_y
    return x2, y2, False, NO_AXIS


def closest_along(ray: Ray, x: int, y: int, radius: int) -> int:
    """How far along a ray its closest point to (x, y) is; -1 if that is `radius` away or more."""
    x1, y1, x2, y2 = ray
    way_x, way_y = x2 - x1, y2 - y1
    to_x, to_y = x - x1, y - y1
    squared = way_x * way_x + way_y * way_y
    ahead = min(max(to_x * way_x + to_y * way_y, 0), squared)
    if ahead == 0:
        return 0 if to_x * to_x + to_y * to_y < radius * radius else -1
    off_x = to_x * squared - way_x * ahead  # from the closest point, times the square
    off_y = to_y * squared - way_y * ahead
    if off_x * off_x + off_y * off_y >= radius * radius * squared * squared:
        return -1
    return ahead // isqrt(squared)


def point_along(ray: Ray, distance: int) -> tuple[int, int]:
    """The point of a ray this far from its start."""
    x1, y1, x2, y2 = ray
    length = isqrt((x2 - x1) ** 2 + (y2 - y1) ** 2)
    if length == 0:
        return x1, y1
    return x1 + (x2 - x1) * distance // length, y1 + (y2 - y1) * distance // length


def _wall_beyond(arena: Arena, cell: int, axis: int, turns: tuple[int, int]) -> int:
    """The facing of the wall that a line meets when it leaves `cell` across `axis`; 0: none."""
    walls, (turn_x, turn_y) = arena.walls, turns
    if axis == X_AXIS:
        return X_AXIS if walls[cell + turn_x] else NO_AXIS
    if axis == Y_AXIS:
        return Y_AXIS if walls[cell + turn_y] else NO_AXIS
    beside = (X_AXIS if walls[cell + turn_x] else 0) | (Y_AXIS if walls[cell + turn_y] else 0)
    return beside or (BOTH_AXES if walls[cell + turn_x + turn_y] else NO_AXIS)


def _within(value: int, tile: int) -> int:
    """The nearest coordinate inside a tile: rounding must not carry a hit over its border."""
    low = tile << TILE_SHIFT
    return min(max(value, low), low + TILE_UNITS - 1)

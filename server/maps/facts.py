"""Facts about a valid map, for one line: size, floor, spawns, pickups and longest sight line.

Owns: the measuring. Must not know: files, pictures. Invariant: bounded work, however large the map.
"""

from math import isqrt

from attrs import frozen

from game.arena import Arena
from game.collision import trace
from game.trig import direction
from game.tuning import TILE_SHIFT, TILE_UNITS, TURN

DIRECTIONS = 64  # over half a turn, from each sampled tile
LOOKED_FROM_MAX = 800  # tiles, evenly spread


@frozen
class MapFacts:
    """`sight_tiles` is the longest free line that was found from the middle of a tile."""

    columns: int
    rows: int
    floor_tiles: int
    spawns: int
    pickups: int
    sight_tiles: int

    def __str__(self) -> str:
        """Return the facts as one line."""
        return (
            f"{self.columns} × {self.rows} tiles, {self.floor_tiles} of floor, "
            f"{self.spawns} spawns, {self.pickups} pickups, "
            f"longest sight line about {self.sight_tiles} tiles"
        )


def facts_of(arena: Arena) -> MapFacts:
    """Measure `arena`."""
    floor = [index for index, wall in enumerate(arena.walls) if not wall]
    stride = -(-len(floor) // LOOKED_FROM_MAX)
    return MapFacts(
        columns=arena.width,
        rows=arena.height,
        floor_tiles=len(floor),
        spawns=len(arena.spawns),
        pickups=len(arena.pads),
        sight_tiles=max(_longest_line(arena, index) for index in floor[::stride]) >> TILE_SHIFT,
    )


def _longest_line(arena: Arena, index: int) -> int:
    """Return the length in units of the longest free line through the middle of a tile."""
    row, column = divmod(index, arena.width)
    x, y = column * TILE_UNITS + TILE_UNITS // 2, row * TILE_UNITS + TILE_UNITS // 2
    longest = 0
    for number in range(DIRECTIONS):
        cosine, sine = direction(number * (TURN // 2 // DIRECTIONS))
        ahead = _reach(arena, x, y, (cosine, sine))
        longest = max(longest, ahead + _reach(arena, x, y, (-cosine, -sine)))
    return longest


def _reach(arena: Arena, x: int, y: int, way: tuple[int, int]) -> int:
    """Return how far a line gets; a cosine of 1 is 16 tiles long, and no map is 32 times that."""
    end_x, end_y, _, _ = trace(arena, x, y, x + way[0] * 32, y + way[1] * 32)
    return isqrt((end_x - x) ** 2 + (end_y - y) ** 2)

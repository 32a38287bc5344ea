"""Line of sight between the tiles of a map, computed from its walls.

Owns: the sets of tiles. Must not know: who looks, how the sets are looked up. Invariants: a set is
never too small: if any straight line within `SIGHT_TILES` leads from one tile to another past all
walls, each is in the other's set; visibility is symmetric; it is a function of the walls alone.

**How.** A set of tiles is one integer with a bit per tile, and all tiles are computed at once: for
an offset (m, n), bit A says that tile A sees A + (m, n). Lines are grouped in bundles that have
nearly the same direction and start at nearly the same place on their first tile. A bundle only
involves the offsets that one of its lines touches, a strip little wider than one line. An offset is
reached if it is not a wall and the one beside or above it is reached. So a bundle may turn a corner
smaller than itself, which yields slightly more than can be seen, and never less. In the end both
sides are enlarged by `MARGIN_TILES`, around corners but through no wall, so a player who steps into
view within a few ticks is already there.

This module is not compiled: it takes up to two seconds in a thread beside the matches, and compiled
code would let no other thread run in that time. The work is long-integer arithmetic, which is
equally fast either way.
"""

from functools import lru_cache
from typing import Final

# How far from its player any client's screen shows the map along each axis. No camera may show
# more.
SIGHT_TILES: Final = 28
# On both sides: nine ticks of running for each, less the body that shows first.
MARGIN_TILES: Final = 1
REACH_TILES: Final = SIGHT_TILES + 2 * MARGIN_TILES

DIRECTIONS: Final = 96  # per quarter turn
STARTS: Final = 8  # per tile; doubling both makes the sets smaller by less than a tenth
BAND_ROWS: Final = 16  # rows of the map at a time: a band's table is a few megabytes

Boards = dict[tuple[int, int], int]  # by offset in tiles: the tiles that see the tile there
Strip = tuple[tuple[int, int], ...]  # offsets, from near to far

WINDOW_SIDE: Final = 2 * REACH_TILES + 1
_AROUND: Final = range(-REACH_TILES, REACH_TILES + 1)
_WINDOW_BYTES: Final = (WINDOW_SIDE * WINDOW_SIDE + 7) // 8
DARKNESS: Final = bytes(_WINDOW_BYTES)  # the window of a tile that is wall


@lru_cache(maxsize=16)  # a map that is loaded twice is computed once
def windows_of(walls: bytes, width: int) -> dict[int, bytes]:
    """For each tile that is not a wall, a bit per tile around it; see `Visibility.window`."""
    air = int("".join("01"[not wall] for wall in reversed(walls)), 2)
    boards = _in_plain_sight(air, width)
    for _ in range(MARGIN_TILES):
        boards = _widened(boards, air, width)
    return _by_tile(boards, walls, width)


def _in_plain_sight(air: int, width: int) -> Boards:
    """All offsets that a straight line reaches, from anywhere on a tile."""
    seen: Boards = {(0, 0): air}
    for turn in (1, -1):  # to the lower right, and to the lower left
        for strip in _strips():
            reached: Boards = {(0, 0): air}
            for m, n in strip:
                before = reached.get((m - 1, n), 0) | reached.get((m, n - 1), 0)
                if before:
                    there = reached[m, n] = before & _moved(air, n * width + turn * m)
                    seen[turn * m, n] = seen.get((turn * m, n), 0) | there
    for (m, n), tiles in list(seen.items()):
        seen[-m, -n] = seen.get((-m, -n), 0) | _moved(tiles, -n * width - m)
    return seen


@lru_cache(maxsize=1)
def _strips() -> tuple[Strip, ...]:
    """For each bundle, the offsets that its lines touch.

    Every line through tile (0, 0) to the lower right crosses the tile's diagonal from (1, 0) to
    (0, 1); a bundle lies between two points of the diagonal and between two directions. Coordinates
    of points are multiplied by `STARTS`.
    """
    side = range(SIGHT_TILES + 1)
    offsets = sorted(((m, n) for m in side for n in side), key=sum)[1:]
    strips: list[Strip] = []
    for turn in range(DIRECTIONS):
        flat_x, flat_y = DIRECTIONS - turn, turn
        steep_x, steep_y = flat_x - 1, flat_y + 1
        for start in range(STARTS):
            upper_x, upper_y = STARTS - start, start
            lower_x, lower_y = upper_x - 1, upper_y + 1
            strips.append(
                tuple(
                    (m, n)
                    for m, n in offsets
                    # Its lower left corner is on or below the upper line of the bundle …
                    if flat_x * (STARTS * (n + 1) - upper_y) >= flat_y * (STARTS * m - upper_x)
                    # … and its upper right one on or above the lower line.
                    and steep_x * (STARTS * n - lower_y) <= steep_y * (STARTS * (m + 1) - lower_x)
                )
            )
    return tuple(strips)


def _widened(boards: Boards, air: int, width: int) -> Boards:
    """Let each tile also see what its neighbours see, and the neighbours of those tiles."""
    offsets = [(m, n) for n in _AROUND for m in _AROUND]
    for right, down in ((1, 0), (0, 1)):  # the side of the viewer
        by = down * width + right
        boards = {
            (m, n): boards.get((m, n), 0)
            | _moved(boards.get((m - right, n - down), 0), by)
            | _moved(boards.get((m + right, n + down), 0), -by)
            for m, n in offsets
        }
    for right, down in ((1, 0), (0, 1)):  # the side of the tile that is seen
        boards = {
            (m, n): boards[m, n]
            | boards.get((m - right, n - down), 0)
            | boards.get((m + right, n + down), 0)
            for m, n in offsets
        }
    return {(m, n): boards[m, n] & air & _moved(air, n * width + m) for m, n in offsets}


def _by_tile(boards: Boards, walls: bytes, width: int) -> dict[int, bytes]:
    """Transpose the boards: for each tile all its offsets, row by row."""
    windows = {}
    in_order = [boards.get((m, n), 0) for n in _AROUND for m in _AROUND]
    for first in range(0, len(walls), BAND_ROWS * width):
        count = min(BAND_ROWS * width, len(walls) - first)
        mask = (1 << count) - 1
        # A row for each offset, the band's last tile first; each tile is a column.
        table = "".join([f"{board >> first & mask:0{count}b}" for board in in_order])
        for tile in range(count):
            if not walls[first + tile]:
                around = int(table[count - 1 - tile :: count], 2)
                windows[first + tile] = around.to_bytes(_WINDOW_BYTES, "little")
    return windows


def _moved(tiles: int, by: int) -> int:
    """Bit A of the answer is bit A + `by` of `tiles`."""
    return tiles >> by if by >= 0 else tiles << -by

"""Which tiles of a map can be seen from which: the map's side of the fog.

Owns: the set of tiles that a seat on a tile is told of. Must not know: who looks, teams,
snapshots. Invariants: it is never too small: if any straight line leads from one tile to another,
within `SIGHT_TILES` and past all walls, the one is in the set of the other; it is symmetric; it is
a function of the walls alone.

**How.** A set of tiles is one integer with a bit per tile, and all tiles look at once: for an
offset (m, n) bit A says that tile A sees A + (m, n). Lines are taken in bundles, of nearly the same
direction and from nearly the same place on their first tile. Only the offsets that some line of a
bundle touches take part in it, a strip little wider than one line; one of them is reached if it is
no wall, and the one beside or above it is reached. So a bundle may turn a corner that is smaller
than itself: that is a little more than can be seen, and never less. In the end both sides are made
larger by `MARGIN_TILES`, around corners but through no wall: who steps into view within a few ticks
is there already.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from struct import iter_unpack
from typing import Final

from mypy_extensions import i64

from game.arena import Arena
from game.tuning import TILE_SHIFT

# As far along each axis as any client's screen shows of a map, from its player on: no camera may
# show more.
SIGHT_TILES: Final = 28
MARGIN_TILES: Final = (
    1  # on both sides: nine ticks of running for each, less the body that shows first
)
REACH_TILES: Final = SIGHT_TILES + 2 * MARGIN_TILES

DIRECTIONS = 96  # to a quarter turn
STARTS = 8  # on a tile; twice as many of both make the sets smaller by less than a tenth
BAND_ROWS = 16  # of the map at a time: a band's table is a few megabytes
ROWS_BYTES = 8_000_000  # of written-out rows, for each map

Boards = dict[tuple[int, int], int]  # by offset in tiles: the tiles that see what lies there
Strip = tuple[tuple[int, int], ...]  # offsets, from near to far

_AROUND = range(-REACH_TILES, REACH_TILES + 1)
_SIDE: Final = 2 * REACH_TILES + 1
_WINDOW_BYTES: Final = (_SIDE * _SIDE + 7) // 8
DARKNESS: Final = bytes(_WINDOW_BYTES)  # the window of whoever sees nothing
_BYTES = bytes(max(0, value - ord("0")) for value in range(256))  # "0" → 0, "1" → 1


@dataclass(slots=True, eq=False)
class Visibility:
    """Ask `row(tile)[other]`: 1 if a seat on `tile` is sent what is on `other`, or else 0.

    A tile is row * width + column. A row has one byte more than the map has tiles, which is 1: what
    everybody may know can be said to be there.

    Of each tile's neighbourhood a bit per tile is kept, half a kilobyte: 8 MB for a map of 160 ×
    120. Rows are written out when somebody stands there, and the oldest are forgotten.
    """

    width: int
    height: int
    _windows: dict[int, bytes]  # by tile: a bit for each tile around, the lower right one first
    _rows: dict[int, bytes] = field(init=False, default_factory=dict)
    _rows_max: int = field(init=False)
    _pad_tiles: bytes = field(init=False, default=b"")  # what `_pads_seen` is about
    _pad_count: int = field(init=False, default=0)
    _pads_seen: dict[int, int] = field(init=False, default_factory=dict)  # by tile

    def __post_init__(self) -> None:
        """Size the limit for the map."""
        self._rows_max = max(1, ROWS_BYTES // (self.width * self.height))

    @property
    def public_tile(self) -> int:
        """In everybody's sight."""
        return self.width * self.height

    def tile_at(self, x: int, y: int) -> int:
        """The tile of a point of the map, in units."""
        return (y >> TILE_SHIFT) * self.width + (x >> TILE_SHIFT)

    def window(self, x: int, y: int) -> bytes:
        """What is seen from a tile, in column x of row y: the tile `off_x` to the left and `off_y`
        above has bit `(off_y + REACH_TILES) * side + off_x + REACH_TILES`, low bits first; a side
        is 2 * REACH_TILES + 1.
        """
        return self._windows.get(y * self.width + x, DARKNESS)

    def row(self, tile: int) -> bytes:
        """What is seen from `tile`; nothing but the public byte from within a wall."""
        row = self._rows.get(tile)
        if row is None:
            if len(self._rows) >= self._rows_max:
                del self._rows[next(iter(self._rows))]
            row = self._rows[tile] = self._written(tile)
        return row

    def pads_from(self, tile: int, pad_tiles: bytes, count: int) -> int:
        """For each of `count` pads a bit, 1 where it is seen from `tile`; `pad_tiles` are as in
        `View`. Pads stand still, so this is worked out once for each tile.
        """
        if self._pad_tiles is not pad_tiles or self._pad_count != count:
            self._pad_tiles, self._pad_count = pad_tiles, count
            self._pads_seen = {}
        seen = self._pads_seen.get(tile)
        if seen is None:
            row, places = self.row(tile), iter_unpack("=2i", pad_tiles)
            told = [row[y * self.width + x] for x, y in places][:count]
            told += [1] * (count - len(told))
            seen = self._pads_seen[tile] = sum(sees << index for index, sees in enumerate(told))
        return seen

    def _written(self, tile: int) -> bytes:
        width, height = self.width, self.height
        y, x = divmod(tile, width)
        around = int.from_bytes(self.window(x, y), "little")
        bits = f"{around:0{_SIDE * _SIDE}b}".encode().translate(_BYTES)
        left, right = max(x - REACH_TILES, 0), min(x + REACH_TILES + 1, width)
        top, bottom = max(y - REACH_TILES, 0), min(y + REACH_TILES + 1, height)
        first = (top - y + REACH_TILES) * _SIDE + left - x + REACH_TILES
        end = first + (bottom - top) * _SIDE
        parts = [bits[at : at + right - left] for at in range(first, end, _SIDE)]
        written = bytes(top * width + left) + bytes(width - right + left).join(parts)
        return written.ljust(width * height, b"\0") + b"\x01"


def is_lit(window: bytes, right: i64, down: i64) -> bool:
    """Whether a window shows the tile so far to the right of its own, and so far below."""
    if not -REACH_TILES <= right <= REACH_TILES or not -REACH_TILES <= down <= REACH_TILES:
        return False
    bit = (REACH_TILES - down) * _SIDE + REACH_TILES - right
    return (window[bit >> 3] >> (bit & 7) & 1) == 1


def visibility_of(arena: Arena) -> Visibility:
    """The visibility of a map, computed when first asked for: half a second for a large one."""
    known = arena.derived.get("visibility")
    if known is None:
        windows = _windows(arena.walls, arena.width)
        known = arena.derived["visibility"] = Visibility(arena.width, arena.height, windows)
    assert isinstance(known, Visibility)
    return known


@lru_cache(maxsize=16)  # a map that is loaded twice is computed once
def _windows(walls: bytes, width: int) -> dict[int, bytes]:
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
    """For each bundle the offsets that a line of it touches.

    Every line that leads to the lower right through tile (0, 0) crosses its diagonal from (1, 0) to
    (0, 1); a bundle is between two points of that and between two directions. Coordinates of points
    are times `STARTS`.
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
    """Each tile also sees what its neighbours see, and the neighbours of that."""
    offsets = [(m, n) for n in _AROUND for m in _AROUND]
    for right, down in ((1, 0), (0, 1)):  # the looker
        by = down * width + right
        boards = {
            (m, n): boards.get((m, n), 0)
            | _moved(boards.get((m - right, n - down), 0), by)
            | _moved(boards.get((m + right, n + down), 0), -by)
            for m, n in offsets
        }
    for right, down in ((1, 0), (0, 1)):  # what he looks at
        boards = {
            (m, n): boards[m, n]
            | boards.get((m - right, n - down), 0)
            | boards.get((m + right, n + down), 0)
            for m, n in offsets
        }
    return {(m, n): boards[m, n] & air & _moved(air, n * width + m) for m, n in offsets}


def _by_tile(boards: Boards, walls: bytes, width: int) -> dict[int, bytes]:
    """The same the other way round: of each tile all its offsets, row by row."""
    windows = {}
    in_order = [boards.get((m, n), 0) for n in _AROUND for m in _AROUND]
    for first in range(0, len(walls), BAND_ROWS * width):
        count = min(BAND_ROWS * width, len(walls) - first)
        mask = (1 << count) - 1
        # A line for each offset, the last tile of the band first; a tile is a column of it.
        table = "".join([f"{board >> first & mask:0{count}b}" for board in in_order])
        for tile in range(count):
            if not walls[first + tile]:
                around = int(table[count - 1 - tile :: count], 2)
                windows[first + tile] = around.to_bytes(_WINDOW_BYTES, "little")
    return windows


def _moved(tiles: int, by: int) -> int:
    """Bit A of the answer is bit A + `by` of `tiles`."""
    return tiles >> by if by >= 0 else tiles << -by

"""Which tiles of a map can be seen from which: the map's side of the fog.

Owns: how the sets that `game.sightlines` computes are looked up. Must not know: who looks, teams,
snapshots.
"""

from collections import deque
from dataclasses import dataclass, field
from struct import iter_unpack
from typing import Final

from mypy_extensions import i64, mypyc_attr

from game.arena import Arena
from game.sightlines import DARKNESS, REACH_TILES, WINDOW_SIDE, windows_of
from game.tuning import TILE_SHIFT

ROWS_BYTES: Final = 8_000_000  # of written-out rows, for each map

_BYTES: Final = bytes(max(0, value - ord("0")) for value in range(256))  # "0" → 0, "1" → 1
_DIGITS: Final = bytes(value + ord("0") for value in range(2)).ljust(256, b"0")  # and back


@mypyc_attr(acyclic=True)
class Outlook:
    """What is seen from one tile: bit `other & 7` of byte `other >> 3` of `bits` for each tile, as
    `Visibility.row` has it, and a bit of `pads` for each pad.
    """

    def __init__(self, bits: bytes, pads: int, width: i64) -> None:
        """It never changes; `width` is the map's."""
        self.bits = bits
        self.pads = pads
        self.width = width

    def has(self, x: i64, y: i64) -> bool:
        """Whether a point of the map is in sight; in units."""
        tile = (y >> TILE_SHIFT) * self.width + (x >> TILE_SHIFT)
        return (self.bits[tile >> 3] >> (tile & 7) & 1) == 1


@dataclass(slots=True, eq=False)
class Visibility:
    """Ask `row(tile)[other]`: 1 if a seat on `tile` is sent what is on `other`, or else 0.

    A tile is row * width + column.

    Of each tile's neighbourhood a bit per tile is kept, half a kilobyte: 8 MB for a map of 160 ×
    120. Rows are written out when somebody stands there, and the oldest are forgotten. An outlook
    has a bit for each tile, an eighth of the memory: it is asked for thousands of times a second.
    """

    width: int
    height: int
    _windows: dict[int, bytes]  # by tile: a bit for each tile around, the lower right one first
    _rows: dict[int, bytes] = field(init=False, default_factory=dict)
    _rows_max: int = field(init=False)
    _outlooks: "list[Outlook | None]" = field(init=False, default_factory=list)  # by tile
    _known: deque[int] = field(init=False, default_factory=deque)  # tiles of these, oldest first
    _pad_tiles: bytes = field(init=False, default=b"")  # what is known of pads is about these
    _pad_count: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        """Size the limit for the map."""
        self._rows_max = max(1, ROWS_BYTES // (self.width * self.height))
        self._forget_all()

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
        """What is seen from `tile`; nothing from within a wall."""
        row = self._rows.get(tile)
        if row is None:
            if len(self._rows) >= self._rows_max:
                del self._rows[next(iter(self._rows))]
            row = self._rows[tile] = self._written(tile)
        return row

    def outlook(self, tile: int, pad_tiles: bytes, pad_count: int) -> "Outlook":
        """What is seen from `tile`; `pad_tiles` are as in `View`. Walls and pads stand still, so
        this is worked out once for each tile where somebody stands.
        """
        if self._pad_tiles is not pad_tiles or self._pad_count != pad_count:
            self._pad_tiles, self._pad_count = pad_tiles, pad_count
            self._forget_all()
        outlook = self._outlooks[tile]
        if outlook is None:
            if len(self._known) >= 8 * self._rows_max:
                self._outlooks[self._known.popleft()] = None
            self._known.append(tile)
            outlook = self._outlooks[tile] = self._looked_from(tile)
        return outlook

    def _forget_all(self) -> None:
        self._outlooks = [None] * (self.width * self.height)
        self._known.clear()

    def _looked_from(self, tile: int) -> "Outlook":
        row, places = self._written(tile), iter_unpack("=2i", self._pad_tiles)
        told = [row[y * self.width + x] for x, y in places][: self._pad_count]
        told += [1] * (self._pad_count - len(told))
        pads = sum(sees << index for index, sees in enumerate(told))
        bits = int(row[::-1].translate(_DIGITS), 2).to_bytes(len(row) // 8 + 1, "little")
        return Outlook(bits, pads, self.width)

    def _written(self, tile: int) -> bytes:
        width, height = self.width, self.height
        y, x = divmod(tile, width)
        around = int.from_bytes(self.window(x, y), "little")
        bits = f"{around:0{WINDOW_SIDE * WINDOW_SIDE}b}".encode().translate(_BYTES)
        left, right = max(x - REACH_TILES, 0), min(x + REACH_TILES + 1, width)
        top, bottom = max(y - REACH_TILES, 0), min(y + REACH_TILES + 1, height)
        first = (top - y + REACH_TILES) * WINDOW_SIDE + left - x + REACH_TILES
        end = first + (bottom - top) * WINDOW_SIDE
        parts = [bits[at : at + right - left] for at in range(first, end, WINDOW_SIDE)]
        written = bytes(top * width + left) + bytes(width - right + left).join(parts)
        return written.ljust(width * height, b"\0")


def visibility_of(arena: Arena) -> Visibility:
    """The visibility of a map, computed when first asked for: half a second for a large one."""
    known = arena.derived.get("visibility")
    if known is None:
        windows = windows_of(arena.walls, arena.width)
        known = arena.derived["visibility"] = Visibility(arena.width, arena.height, windows)
    assert isinstance(known, Visibility)
    return known

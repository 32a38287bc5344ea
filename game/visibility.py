"""Which tiles of a map can be seen from which: the map's side of the fog.

Owns: how the sets that `game.sightlines` computes are looked up. Must not know: who looks, teams,
snapshots.
"""

from dataclasses import dataclass, field
from struct import iter_unpack
from typing import Final

from game.arena import Arena
from game.sightlines import DARKNESS, REACH_TILES, WINDOW_SIDE, windows_of
from game.tuning import TILE_SHIFT

ROWS_BYTES: Final = 8_000_000  # of written-out rows, for each map

_BYTES: Final = bytes(max(0, value - ord("0")) for value in range(256))  # "0" → 0, "1" → 1
_DIGITS: Final = bytes(value + ord("0") for value in range(2)).ljust(256, b"0")  # and back


@dataclass(slots=True, eq=False)
class Visibility:
    """Ask `row(tile)[other]`: 1 if a seat on `tile` is sent what is on `other`, or else 0.

    A tile is row * width + column. A row has one byte more than the map has tiles, which is 1: what
    everybody may know can be said to be there.

    Of each tile's neighbourhood a bit per tile is kept, half a kilobyte: 8 MB for a map of 160 ×
    120. Rows are written out when somebody stands there, and the oldest are forgotten. `bits` has
    the same with a bit for each tile: an eighth of the memory, for whoever asks thousands of times
    a second.
    """

    width: int
    height: int
    _windows: dict[int, bytes]  # by tile: a bit for each tile around, the lower right one first
    _rows: dict[int, bytes] = field(init=False, default_factory=dict)
    _rows_max: int = field(init=False)
    _bits: dict[int, bytes] = field(init=False, default_factory=dict)
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

    def bits(self, tile: int) -> bytes:
        """What `row` has, with bit `other & 7` of byte `other >> 3` for each tile."""
        bits = self._bits.get(tile)
        if bits is None:
            if len(self._bits) >= 8 * self._rows_max:
                del self._bits[next(iter(self._bits))]
            row = self._written(tile)
            number = int(row[::-1].translate(_DIGITS), 2)
            bits = self._bits[tile] = number.to_bytes(len(row) // 8 + 1, "little")
        return bits

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
        bits = f"{around:0{WINDOW_SIDE * WINDOW_SIDE}b}".encode().translate(_BYTES)
        left, right = max(x - REACH_TILES, 0), min(x + REACH_TILES + 1, width)
        top, bottom = max(y - REACH_TILES, 0), min(y + REACH_TILES + 1, height)
        first = (top - y + REACH_TILES) * WINDOW_SIDE + left - x + REACH_TILES
        end = first + (bottom - top) * WINDOW_SIDE
        parts = [bits[at : at + right - left] for at in range(first, end, WINDOW_SIDE)]
        written = bytes(top * width + left) + bytes(width - right + left).join(parts)
        return written.ljust(width * height, b"\0") + b"\x01"


def visibility_of(arena: Arena) -> Visibility:
    """The visibility of a map, computed when first asked for: half a second for a large one."""
    known = arena.derived.get("visibility")
    if known is None:
        windows = windows_of(arena.walls, arena.width)
        known = arena.derived["visibility"] = Visibility(arena.width, arena.height, windows)
    assert isinstance(known, Visibility)
    return known

"""Visibility between the tiles of a map: the map's side of the fog.

Owns: the lookup of the sets that `game.sightlines` computes. Must not know: who looks, teams,
snapshots.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

from librt.vecs import append, vec
from mypy_extensions import i64, mypyc_attr

from game.arena import Arena
from game.bits import WORD_BITS
from game.sightlines import DARKNESS, REACH_TILES, WINDOW_SIDE, windows_of
from game.tuning import TILE_SHIFT

WindowsSource = Callable[[], dict[int, bytes]]
WINDOWS_SOURCE: Final = "windows source"  # in `Arena.derived`: see `provide_windows`


class Tiles:
    """The tiles of numbered things."""

    def __init__(self) -> None:
        """Start empty."""
        self.columns: vec[i64] = vec[i64]()
        self.rows: vec[i64] = vec[i64]()

    def add(self, x: i64, y: i64) -> None:
        """Add the next thing, at a point in units."""
        self.columns = append(self.columns, x >> TILE_SHIFT)
        self.rows = append(self.rows, y >> TILE_SHIFT)


@mypyc_attr(acyclic=True)
class Outlook:
    """The view from one tile: the tiles around it, as in `Visibility.window`, and a bit in
    `pads` for each pad.
    """

    def __init__(self, window: bytes, column: i64, row: i64) -> None:
        """`window` is what is seen from this tile."""
        self.window = window
        self.pads = 0
        self._right = column + REACH_TILES
        self._bottom = row + REACH_TILES

    def has(self, x: i64, y: i64) -> bool:
        """Whether a point of the map is in sight; in units."""
        column = self._right - (x >> TILE_SHIFT)
        row = self._bottom - (y >> TILE_SHIFT)
        if column < 0 or row < 0 or column >= WINDOW_SIDE or row >= WINDOW_SIDE:
            return False
        bit = row * WINDOW_SIDE + column
        return (self.window[bit >> 3] >> (bit & 7) & 1) == 1

    def seen(self, tiles: Tiles) -> int:
        """The things in sight: bit i for number i."""
        window, right, bottom = self.window, self._right, self._bottom
        columns, rows = tiles.columns, tiles.rows
        found = 0
        end: i64 = len(columns)
        while end > 0:
            start = (end - 1) // WORD_BITS * WORD_BITS
            word: i64 = 0
            at = end - 1
            while at >= start:
                word <<= 1
                column = right - columns[at]
                if column >= 0 and column < WINDOW_SIDE:
                    row = bottom - rows[at]
                    if row >= 0 and row < WINDOW_SIDE:
                        bit = row * WINDOW_SIDE + column
                        word |= window[bit >> 3] >> (bit & 7) & 1
                at -= 1
            near: int = word
            found = found << WORD_BITS | near
            end = start
        return found


@dataclass(slots=True, eq=False)
class Visibility:
    """Line of sight between tiles: `outlook(x, y)` is what is seen from a point of the map.

    Each tile has a bit per tile of its neighbourhood, half a kilobyte: 8 MB for a map of 160 × 120.
    Walls and pads never move, so each tile is computed once.
    """

    width: int
    height: int
    pads: Tiles
    _windows: dict[int, bytes]  # by row * width + column
    _outlooks: "list[Outlook | None]" = field(init=False, default_factory=list)  # likewise

    def __post_init__(self) -> None:
        """Start with no outlook computed."""
        self._outlooks = [None] * (self.width * self.height)

    def window(self, column: int, row: int) -> bytes:
        """The tiles seen from a tile: the tile `off_x` to the left and `off_y` above has bit
        `(off_y + REACH_TILES) * WINDOW_SIDE + off_x + REACH_TILES`, low bits first. Nothing is
        seen from inside a wall, or beyond the map's edges.
        """
        return self._windows.get(row * self.width + column, DARKNESS)

    def outlook(self, x: i64, y: i64) -> Outlook:
        """The view from the tile of a point of the map, in units."""
        return self.outlook_from(x >> TILE_SHIFT, y >> TILE_SHIFT)

    def outlook_from(self, column: i64, row: i64) -> Outlook:
        """The view from a tile of the map."""
        tile = row * self.width + column
        outlook = self._outlooks[tile]
        if outlook is None:
            outlook = Outlook(self.window(column, row), column, row)
            outlook.pads = outlook.seen(self.pads)
            self._outlooks[tile] = outlook
        return outlook


def provide_windows(arena: Arena, source: WindowsSource) -> None:
    """Get the windows of a map from `source`, such as a file, in place of computing them."""
    arena.derived[WINDOWS_SOURCE] = source


def visibility_of(arena: Arena) -> Visibility:
    """The visibility of a map, made on first use; computing a large one takes half a second."""
    known = arena.derived.get("visibility")
    if known is None:
        source = arena.derived.get(WINDOWS_SOURCE)
        windows = cast(WindowsSource, source)() if source else windows_of(arena.walls, arena.width)
        pads = Tiles()
        for pad in arena.pads:
            pads.add(pad.x, pad.y)
        known = arena.derived["visibility"] = Visibility(arena.width, arena.height, pads, windows)
    assert isinstance(known, Visibility)
    return known

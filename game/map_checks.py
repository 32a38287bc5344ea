"""Checks that a grid of walls is playable: closed border, one connected field, places that a body
fits in.

Owns: the geometry of a valid map. Must not know: file formats. Invariant: in a grid without faults
the border is closed, and a body can walk from any free tile to any other (through tiles that share
an edge: a body is narrower than a tile, so it passes wherever two free tiles share one).
"""

from collections.abc import Iterator

from attrs import frozen

from game.map_faults import FaultList
from game.tuning import TILE_SHIFT, TILE_UNITS, TUNING

_OTHER = bytes.maketrans(b"\0\1", b"\1\0")
BODY_RADIUS_UNITS = TUNING.player_radius_units


@frozen
class Grid:
    """One byte per tile, row by row; 1 is a wall."""

    width: int
    height: int
    walls: bytes

    def is_wall(self, column: int, row: int) -> bool:
        """Whether a tile is a wall; everything outside the map is one."""
        if 0 <= column < self.width and 0 <= row < self.height:
            return self.walls[row * self.width + column] == 1
        return True


@frozen
class MapObject:
    """Something that stands on the map: `name` is for humans, the centre is in units."""

    name: str
    x: int
    y: int

    @property
    def column(self) -> int:
        """The column of its tile."""
        return self.x >> TILE_SHIFT

    @property
    def row(self) -> int:
        """The row of its tile."""
        return self.y >> TILE_SHIFT


def open_cells(grid: Grid) -> bytes:
    """Return 1 for each tile that is free together with all its eight neighbours."""
    fenced, side = _fenced(grid)
    walls = int.from_bytes(fenced, "little")  # one byte per tile: a shift aligns all neighbours
    near = 0
    for down in (0, side, 2 * side):
        for across in (0, 1, 2):
            near |= walls >> 8 * (down + across)
    blocked = near.to_bytes(len(fenced), "little")  # by the upper left of each nine tiles
    rows = range(0, grid.height * side, side)
    return b"".join([blocked[at : at + grid.width] for at in rows]).translate(_OTHER)


def check_border(grid: Grid, faults: FaultList) -> None:
    """Check that every edge tile is a wall; each gap is one fault, at its first tile."""
    last_column, last_row = grid.width - 1, grid.height - 1
    sides = (
        [(column, 0) for column in range(grid.width)],
        [(column, last_row) for column in range(grid.width)],
        [(0, row) for row in range(1, last_row)],
        [(last_column, row) for row in range(1, last_row)],
    )
    for side in sides:
        gap: list[tuple[int, int]] = []
        for tile in [*side, None]:
            if tile is not None and not grid.is_wall(*tile):
                gap.append(tile)
            elif gap:
                faults.add(
                    f"the border is open for {_tiles(len(gap))}: close it with walls", *gap[0]
                )
                gap = []


def check_reach(grid: Grid, places: list[MapObject], faults: FaultList) -> None:
    """Check that all free tiles are one field; each other pocket, and place in it, is a fault."""
    areas = list(_areas(grid))
    if not areas:
        faults.add("there is no free tile: everything is wall")
        return
    field = max(areas, key=len)
    reached = bytearray(grid.width * grid.height)
    for index in field:
        reached[index] = 1
    for area in areas:
        if area is not field:
            row, column = divmod(min(area), grid.width)
            faults.add(f"a closed pocket of {_tiles(len(area))}: open it or fill it", column, row)
    for place in places:
        inside = not grid.is_wall(place.column, place.row)
        if inside and not reached[place.row * grid.width + place.column]:
            faults.add(
                f"{place.name} cannot be reached from the rest of the map", place.column, place.row
            )


def check_places(grid: Grid, places: list[MapObject], faults: FaultList) -> None:
    """Check that every place has room for a body, and that no two share a tile."""
    taken: dict[tuple[int, int], MapObject] = {}
    for place in places:
        tile = (place.column, place.row)
        if not (0 <= tile[0] < grid.width and 0 <= tile[1] < grid.height):
            faults.add(f"{place.name} lies outside the map", *tile)
        elif grid.is_wall(*tile):
            faults.add(f"{place.name} is in a wall", *tile)
        elif not _has_room(grid, place):
            faults.add(f"{place.name} is too near a wall: a player does not fit there", *tile)
        elif tile in taken:
            faults.add(f"{place.name} is on the same tile as {taken[tile].name}", *tile)
        taken.setdefault(tile, place)


def _has_room(grid: Grid, place: MapObject) -> bool:
    """Whether a body's circle around `place` touches no wall of the 3 × 3 tiles it may reach."""
    for row in range(place.row - 1, place.row + 2):
        for column in range(place.column - 1, place.column + 2):
            if grid.is_wall(column, row):
                across = _distance(place.x, column << TILE_SHIFT)
                down = _distance(place.y, row << TILE_SHIFT)
                if across * across + down * down < BODY_RADIUS_UNITS * BODY_RADIUS_UNITS:
                    return False
    return True


def _distance(at: int, tile_start: int) -> int:
    """How far a coordinate lies from the span of a tile, in units; 0 inside of it."""
    return max(tile_start - at, 0, at - tile_start - TILE_UNITS)


def _areas(grid: Grid) -> Iterator[list[int]]:
    """Yield the connected areas of free tiles, as lists of tile indices."""
    fenced, side = _fenced(grid)
    seen = bytearray(fenced)
    while (start := seen.find(0)) >= 0:
        seen[start] = 1
        area = [start]
        for index in area:  # it grows during the loop: a queue that keeps its items
            for beside in (index + 1, index - 1, index + side, index - side):
                if not seen[beside]:
                    seen[beside] = 1
                    area.append(beside)
        yield [(index // side - 1) * grid.width + index % side - 1 for index in area]


def _fenced(grid: Grid) -> tuple[bytes, int]:
    """The walls with a fence of wall tiles around them, and the new length of a row."""
    side = grid.width + 2
    rows = range(0, grid.width * grid.height, grid.width)
    inside = b"".join([b"\1" + grid.walls[at : at + grid.width] + b"\1" for at in rows])
    return b"\1" * side + inside + b"\1" * side, side


def _tiles(count: int) -> str:
    return "1 tile" if count == 1 else f"{count} tiles"

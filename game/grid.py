"""A spatial grid that finds players near a place, so that a shot, a blast or a spawn checks only a
few, however many play.

Owns: the grid. Must not know: who asks, and why. Invariants: no near player is left out, and
players are found in ascending order of slots. So the grid affects no outcome: each rule would
decide the same if it looked at everybody.
"""

from operator import attrgetter
from typing import Final, Generic, Protocol, TypeVar

from game.world import Player

CELL_SHIFT: Final = 13  # a cell is 8 × 8 tiles
CELL_UNITS: Final = 1 << CELL_SHIFT
CELL_MASK: Final = CELL_UNITS - 1
ROW_SHIFT: Final = 16  # the cells of a row are numbered below 2**16
FEW: Final = 16  # up to this many, checking each one is no slower than filling cells
NOBODY: list[Player] = []

_by_slot = attrgetter("slot")


class Placed(Protocol):
    """A player, or a view of one."""

    @property
    def slot(self) -> int:
        """The slot, which is the sort order."""

    @property
    def x(self) -> int:
        """The centre's x, in units."""

    @property
    def y(self) -> int:
        """The centre's y, in units."""


P = TypeVar("P", bound=Placed)
Cells = dict[int, list[P]]


class Crowd(Generic[P]):
    """Some players, in ascending order of slots, who do not move while the crowd is in use. Players
    who die meanwhile stay in it.
    """

    def __init__(self, people: list[P]) -> None:
        self.people = people
        self._cells: Cells[P] | None = None

    def cells(self) -> Cells[P]:
        """All players by the cell of their centre; built on first use."""
        cells = self._cells
        if cells is None:
            cells = self._cells = {}
            for player in self.people:
                cell = (player.y >> CELL_SHIFT << ROW_SHIFT) + (player.x >> CELL_SHIFT)
                if cell in cells:
                    cells[cell].append(player)
                else:
                    cells[cell] = [player]
        return cells

    def near(self, x: int, y: int, reach: int) -> list[P]:
        """All players whose centre is at most `reach` away along each axis, and perhaps others."""
        people = self.people
        if len(people) <= FEW:
            return people
        left, right = (x - reach) >> CELL_SHIFT, (x + reach) >> CELL_SHIFT
        top, bottom = (y - reach) >> CELL_SHIFT, (y + reach) >> CELL_SHIFT
        if len(people) <= (right - left + 1) * (bottom - top + 1):
            return people  # cheaper than visiting all these cells
        cells = self.cells()
        found: list[P] = []
        filled = 0
        for row in range(top << ROW_SHIFT, (bottom << ROW_SHIFT) + 1, 1 << ROW_SHIFT):
            for cell in range(row + left, row + right + 1):
                if cell in cells:
                    found += cells[cell]
                    filled += 1
        if filled > 1:
            found.sort(key=_by_slot)
        return found

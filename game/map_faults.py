"""Faults of a map, and where they are, in words for the person who draws it.

Owns: the faults and their collection. Must not know: how they are found. Invariant: a collection is
bounded, and the faults that it leaves out are counted.
"""

from attrs import define, field, frozen

FAULTS_MAX = 200


@frozen
class MapFault:
    """One fault. Column and row are in tiles from the top left; None: the file as a whole."""

    what: str
    column: int | None = None
    row: int | None = None

    def __str__(self) -> str:
        """Return `column,row: what`, or only `what` when it has no place."""
        if self.column is None or self.row is None:
            return self.what
        return f"{self.column},{self.row}: {self.what}"


class MapFaults(Exception):
    """A map was refused. `faults` is everything that is wrong with it, in the order of checks."""

    def __init__(self, faults: tuple[MapFault, ...]) -> None:
        """Keep `faults`; there is at least one."""
        assert faults
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


@define
class FaultList:
    """Faults as they are found: at most `FAULTS_MAX` are kept, the rest are counted."""

    kept: list[MapFault] = field(factory=list)
    left_out_count: int = 0

    def add(self, what: str, column: int | None = None, row: int | None = None) -> None:
        """Note one fault."""
        if len(self.kept) < FAULTS_MAX:
            self.kept.append(MapFault(what, column, row))
        else:
            self.left_out_count += 1

    def add_once(self, what: str) -> None:
        """Note a fault of the file as a whole, unless it is there already."""
        if all(fault.what != what for fault in self.kept):
            self.add(what)

    @property
    def count(self) -> int:
        """How many faults there are, kept or not."""
        return len(self.kept) + self.left_out_count

    def raise_any(self) -> None:
        """Raise `MapFaults` when there is any fault."""
        if self.left_out_count:
            self.kept.append(MapFault(f"and {self.left_out_count} more faults"))
            self.left_out_count = 0
        if self.kept:
            raise MapFaults(tuple(self.kept))

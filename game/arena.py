"""A parsed map: what the rules need from it, and nothing of how it was drawn."""

from dataclasses import dataclass, field
from typing import Final

from game.tuning import PickupKind

TEAMS: Final = ("red", "blue")  # team 1, team 2: the names that maps use


@dataclass(frozen=True, slots=True)
class Pad:
    """A place where a pickup appears; the centre, in units."""

    kind: PickupKind
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Spawn:
    """A place to spawn; the centre, in units, and the angle to face. `team` 0: everybody."""

    x: int
    y: int
    aim: int = 0
    team: int = 0


@dataclass(frozen=True, slots=True)
class FlagBase:
    """The home of a team's flag: its centre, in units."""

    team: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Arena:
    """`walls` and `open_cells` have one byte per tile, row by row: index = row * width + column.

    `open_cells[i]` is 1 where the tile and its eight neighbours are all free of walls: a player
    whose centre is there touches no wall, which is the fast path of movement. The border tiles are
    always walls.
    """

    name: str
    title: str
    width: int
    height: int
    walls: bytes
    open_cells: bytes
    spawns: tuple[Spawn, ...]
    pads: tuple[Pad, ...]
    players_min: int
    players_max: int
    digest: str  # first 16 hex digits of the SHA-256 of the map file
    flags: tuple[FlagBase, ...] = ()  # of team 1 and team 2, in that order, or none
    modes: tuple[str, ...] = ()  # modes it is made for; empty: any mode without special needs
    # Data that others derive from the map once and share while it lives (the bots' navigation). Not
    # part of equality: two arenas of the same map are equal.
    derived: dict[str, object] = field(default_factory=dict, init=False, compare=False, repr=False)

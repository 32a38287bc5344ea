"""The parts of a player and of a shot that clients are sent: records of named integers.

Owns: the fields of each record and their order, which gives the wire's field masks. Must not know:
worlds, bytes, or who sees what. Invariant: neither a record nor a view's set of them changes once
it is in a view.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Final, Generic, Self, TypeVar

from mypy_extensions import i64, mypyc_attr

# Bits of a status.
ALIVE: Final = 1
CONNECTED: Final = 2
BOT: Final = 4
DASHING: Final = 8
PROTECTED: Final = 16
DOUBLE: Final = 32
FIRING: Final = 64
IN_MATCH: Final = 128
STATUS_WEAPON_SHIFT: Final = 8
STATUS_WEAPON_MASK: Final = 7  # after that shift
SOURCE_OWNER_SHIFT: Final = 3  # a shot's source is owner * 8 + weapon
SOURCE_WEAPON_MASK: Final = 7


@mypyc_attr(acyclic=True)
class Record:  # noqa: PLW1641 -- no record is a key
    """Equal to any record of its type with equal values."""

    FIELDS: ClassVar[tuple[str, ...]] = ()  # in the order of the wire

    @classmethod
    def of(cls, values: Iterable[int]) -> Self:
        """Make a record from values in the order of the fields."""
        record = cls()
        for name, value in zip(cls.FIELDS, values, strict=True):
            setattr(record, name, value)
        return record

    def values(self) -> tuple[int, ...]:
        """The values in the order of the fields."""
        return tuple([getattr(self, name) for name in self.FIELDS])

    def __eq__(self, other: object) -> bool:
        """Whether types and values are equal."""
        return type(other) is type(self) and self.values() == other.values()

    def __repr__(self) -> str:
        """Show the values by name, for debugging."""
        told = ", ".join(f"{name}={getattr(self, name)}" for name in self.FIELDS)
        return f"{type(self).__name__}({told})"


@mypyc_attr(acyclic=True)
class Card(Record):
    """Public facts about a player, wherever they are. Shots and hits are 0 until the round is over,
    because they would reveal that a player out of sight fires.
    """

    FIELDS: ClassVar[tuple[str, ...]] = (
        *("status", "score", "kills", "deaths", "shots", "hits", "streak_best", "medals"),
        *("place", "team", "vote"),
    )

    status: i64 = 0  # ALIVE, CONNECTED, BOT, IN_MATCH
    score: i64 = 0
    kills: i64 = 0
    deaths: i64 = 0
    shots: i64 = 0
    hits: i64 = 0
    streak_best: i64 = 0
    medals: i64 = 0
    place: i64 = 0
    team: i64 = 0
    vote: i64 = 0

    def is_same(self, other: "Card") -> bool:
        """As `==`, field by field, which compiled code does without making a tuple."""
        return (
            self.status == other.status
            and self.score == other.score
            and self.kills == other.kills
            and self.deaths == other.deaths
            and self.shots == other.shots
            and self.hits == other.hits
            and self.streak_best == other.streak_best
            and self.medals == other.medals
            and self.place == other.place
            and self.team == other.team
            and self.vote == other.vote
        )


@mypyc_attr(acyclic=True)
class Body(Record):
    """The visible state of a player. Both sides advance x and y of their base by vx and vy."""

    FIELDS: ClassVar[tuple[str, ...]] = (
        *("x", "y", "vx", "vy"),
        *("aim8", "status", "health", "armour"),
    )

    x: i64 = 0
    y: i64 = 0
    vx: i64 = 0
    vy: i64 = 0
    aim8: i64 = 0
    status: i64 = 0  # ALIVE, DASHING, PROTECTED, DOUBLE, FIRING, and the weapon
    health: i64 = 0
    armour: i64 = 0


@mypyc_attr(acyclic=True)
class Flight(Record):
    """A shot. Both sides advance it as they advance a body."""

    FIELDS: ClassVar[tuple[str, ...]] = ("x", "y", "vx", "vy", "source")

    x: i64 = 0
    y: i64 = 0
    vx: i64 = 0
    vy: i64 = 0
    source: i64 = 0  # owner * 8 + weapon


@mypyc_attr(acyclic=True)
class Own(Record):
    """Private state, sent only to the player it belongs to."""

    FIELDS: ClassVar[tuple[str, ...]] = (
        *("fire_ready_tick", "dash_ready_tick", "dash_until_tick", "dash_vx", "dash_vy"),
        *("ammo_scatter", "ammo_launcher", "ammo_rail", "ammo_disc"),
        *("protected_until_tick", "double_until_tick", "respawn_tick", "shots", "hits"),
    )

    fire_ready_tick: i64 = 0
    dash_ready_tick: i64 = 0
    dash_until_tick: i64 = 0
    dash_vx: i64 = 0
    dash_vy: i64 = 0
    ammo_scatter: i64 = 0
    ammo_launcher: i64 = 0
    ammo_rail: i64 = 0
    ammo_disc: i64 = 0
    protected_until_tick: i64 = 0
    double_until_tick: i64 = 0
    respawn_tick: i64 = 0
    shots: i64 = 0  # in this round so far; the cards show everybody's once it is over
    hits: i64 = 0

    def ammo(self) -> list[int]:
        """Ammunition by weapon; the blaster needs none."""
        return [0, self.ammo_scatter, self.ammo_launcher, self.ammo_rail, self.ammo_disc]

    def set_ammo(self, ammo: list[int]) -> None:
        """Take the ammunition by weapon, as in `Player.ammo`."""
        _, self.ammo_scatter, self.ammo_launcher, self.ammo_rail, self.ammo_disc = ammo

    def is_same(self, other: "Own") -> bool:
        """As `==`, field by field, which compiled code does without making a tuple."""
        return (
            self.fire_ready_tick == other.fire_ready_tick
            and self.dash_ready_tick == other.dash_ready_tick
            and self.dash_until_tick == other.dash_until_tick
            and self.dash_vx == other.dash_vx
            and self.dash_vy == other.dash_vy
            and self.ammo_scatter == other.ammo_scatter
            and self.ammo_launcher == other.ammo_launcher
            and self.ammo_rail == other.ammo_rail
            and self.ammo_disc == other.ammo_disc
            and self.protected_until_tick == other.protected_until_tick
            and self.double_until_tick == other.double_until_tick
            and self.respawn_tick == other.respawn_tick
            and self.shots == other.shots
            and self.hits == other.hits
        )


R = TypeVar("R", bound=Record)


class BySlot(Generic[R]):  # noqa: PLW1641 -- never a key
    """Records of one type by slot. It reads like a dict in ascending order; compiled code iterates
    over `rows`, which costs a third of a dict's look-ups.
    """

    def __init__(self, rows: list[R | None], count: int) -> None:
        """`rows[slot]` is None where a slot has no record; `count` of them have one."""
        self.rows = rows
        self.count = count

    def get(self, slot: int) -> R | None:
        """The record of a slot, if it has one."""
        return self.rows[slot] if 0 <= slot < len(self.rows) else None

    def __getitem__(self, slot: int) -> R:
        """The record of a slot. Raises KeyError."""
        record = self.get(slot)
        if record is None:
            raise KeyError(slot)
        return record

    def __contains__(self, slot: int) -> bool:
        """Whether a slot has a record."""
        return self.get(slot) is not None

    def __len__(self) -> int:
        """How many slots have a record."""
        return self.count

    def __iter__(self) -> Iterator[int]:
        """The slots that have a record."""
        return iter(self.keys())

    def keys(self) -> list[int]:
        """The slots that have a record."""
        return [slot for slot, record in enumerate(self.rows) if record is not None]

    def values(self) -> list[R]:
        """The records."""
        return [record for record in self.rows if record is not None]

    def items(self) -> list[tuple[int, R]]:
        """Slots and records."""
        return [(slot, record) for slot, record in enumerate(self.rows) if record is not None]

    def __eq__(self, other: object) -> bool:
        """Whether both have equal records in the same slots."""
        return isinstance(other, BySlot) and self.items() == other.items()

    def __repr__(self) -> str:
        """Show it as a dict, for debugging."""
        return repr(dict(self.items()))


def by_slot(records: Mapping[int, R]) -> BySlot[R]:
    """Make one from a dict of records by slot; slots are not negative."""
    rows: list[R | None] = [None] * (max(records, default=-1) + 1)
    for slot, record in records.items():
        rows[slot] = record
    return BySlot(rows, len(records))


CARD_FIELDS: Final = Card.FIELDS
BODY_FIELDS: Final = Body.FIELDS
SHOT_FIELDS: Final = Flight.FIELDS
OWN_FIELDS: Final = Own.FIELDS

"""Delta encoding: the integers that turn one state of a record into another, and their bytes.

Owns: masks, differences and the encoding of runs of integers. Must not know: views, seats, bases.
Invariant: `snapshot_reader.py` reads what this module writes, in the format that the docstring of
`snapshot.py` defines.
"""

from typing import Final

import cbor2
from librt.strings import BytesWriter, write_i64_be
from librt.vecs import vec
from mypy_extensions import i64, mypyc_attr, u8

from game.records import Body, Card, Flight, Own

Row = tuple[int, ...]
Rows = dict[int, Row]

EMPTY: Final = cbor2.dumps([])
NO_CARD: Final = Card()
NO_BODY: Final = Body()
NO_SHOT: Final = Flight()
NO_OWN: Final = Own()
FIELDS_MAX: Final = 16  # of a record
_SMALL_MAX: Final = 1_024
_SMALL: Final = [cbor2.dumps(value) for value in range(-_SMALL_MAX, _SMALL_MAX + 1)]
# Major types, RFC 8949 section 3.1.
_NATURAL: Final = 0x00
_NEGATIVE: Final = 0x20
_ARRAY: Final = 0x80


@mypyc_attr(acyclic=True)
class Run:
    """Encoded integers without an array head, and their count."""

    def __init__(self, encoded: bytes, count: i64) -> None:
        """It never changes."""
        self.encoded = encoded
        self.count = count


def put(out: BytesWriter, value: i64) -> None:
    """Append an integer."""
    if -_SMALL_MAX <= value <= _SMALL_MAX:  # nearly all; saves a call when interpreted
        out.write(_SMALL[value + _SMALL_MAX])
    elif value < 0:
        _put_head(out, _NEGATIVE, -1 - value)
    else:
        _put_head(out, _NATURAL, value)


def put_array_head(out: BytesWriter, count: i64) -> None:
    """Append the head of an array of `count` items."""
    _put_head(out, _ARRAY, count)


def put_runs(out: BytesWriter, runs: list[Run]) -> None:
    """Append an array of all integers of these runs."""
    count: i64 = 0
    for run in runs:
        count += run.count
    put_array_head(out, count)
    for run in runs:
        out.write(run.encoded)


def run_of(values: list[int]) -> Run:
    """Encode integers as a run."""
    out = BytesWriter()
    for value in values:
        put(out, value)
    return Run(out.getvalue(), len(values))


def integers(values: "vec[i64]") -> bytes:
    """Encode a vec as an array of integers."""
    out = BytesWriter()
    put_array_head(out, len(values))
    at: i64 = 0
    while at < len(values):
        put(out, values[at])
        at += 1
    return out.getvalue()


def array_of(values: list[int]) -> bytes:
    """Encode a list as an array of integers."""
    return array([run_of(values)])


def array(runs: list[Run]) -> bytes:
    """Encode one array of all integers of these runs."""
    out = BytesWriter()
    put_runs(out, runs)
    return out.getvalue()


def arrays(sections: list[bytes]) -> bytes:
    """Encode an array of encoded sections, without the empty ones at its end."""
    while sections and sections[-1] == EMPTY:
        sections.pop()
    out = BytesWriter()
    put_array_head(out, len(sections))
    for section in sections:
        out.write(section)
    return out.getvalue()


def _put_head(out: BytesWriter, kind: i64, number: i64) -> None:
    """Append a major type and its number in the shortest form."""
    if number < 24:
        out.append(u8(kind | number))
    elif number < 1 << 8:
        out.append(u8(kind | 24))
        out.append(u8(number))
    elif number < 1 << 16:
        out.append(u8(kind | 25))
        out.append(u8(number >> 8))
        out.append(u8(number & 255))
    elif number < 1 << 32:
        out.append(u8(kind | 26))
        out.append(u8(number >> 24))
        out.append(u8(number >> 16 & 255))
        out.append(u8(number >> 8 & 255))
        out.append(u8(number & 255))
    else:
        out.append(u8(kind | 27))
        write_i64_be(out, number)


class Changes:
    """How one record differs from its prediction: a mask of its fields, and their differences."""

    def __init__(self) -> None:
        """Start with no record."""
        self.mask: i64 = 0
        self._differences: vec[i64] = vec[i64]([0] * FIELDS_MAX)
        self._count: i64 = 0  # of differences
        self._out = BytesWriter()

    def of_body(self, now: Body, was: Body, ticks: i64) -> bool:
        """Compare a body with `was` moved by its velocity; return whether any field differs."""
        self.mask = self._count = 0
        self._add(1, now.x - was.x - ticks * was.vx)
        self._add(2, now.y - was.y - ticks * was.vy)
        self._add(4, now.vx - was.vx)
        self._add(8, now.vy - was.vy)
        self._add(16, now.aim8 - was.aim8)
        self._add(32, now.status - was.status)
        self._add(64, now.health - was.health)
        self._add(128, now.armour - was.armour)
        return self.mask != 0

    def of_shot(self, now: Flight, was: Flight, ticks: i64) -> bool:
        """Compare a shot in the same way."""
        self.mask = self._count = 0
        self._add(1, now.x - was.x - ticks * was.vx)
        self._add(2, now.y - was.y - ticks * was.vy)
        self._add(4, now.vx - was.vx)
        self._add(8, now.vy - was.vy)
        self._add(16, now.source - was.source)
        return self.mask != 0

    def of_card(self, now: Card, was: Card) -> bool:
        """Compare a card with `was`; return whether any field differs."""
        self.mask = self._count = 0
        if now is was:
            return False
        self._add(1, now.status - was.status)
        self._add(2, now.score - was.score)
        self._add(4, now.kills - was.kills)
        self._add(8, now.deaths - was.deaths)
        self._add(16, now.shots - was.shots)
        self._add(32, now.hits - was.hits)
        self._add(64, now.streak_best - was.streak_best)
        self._add(128, now.medals - was.medals)
        self._add(256, now.place - was.place)
        self._add(512, now.team - was.team)
        self._add(1024, now.vote - was.vote)
        return self.mask != 0

    def of_own(self, now: Own, was: Own) -> bool:
        """Compare an own record with `was`; return whether any field differs."""
        self.mask = self._count = 0
        if now is was:
            return False
        self._add(1, now.fire_ready_tick - was.fire_ready_tick)
        self._add(2, now.dash_ready_tick - was.dash_ready_tick)
        self._add(4, now.dash_until_tick - was.dash_until_tick)
        self._add(8, now.dash_vx - was.dash_vx)
        self._add(16, now.dash_vy - was.dash_vy)
        self._add(32, now.ammo_scatter - was.ammo_scatter)
        self._add(64, now.ammo_launcher - was.ammo_launcher)
        self._add(128, now.ammo_rail - was.ammo_rail)
        self._add(256, now.ammo_disc - was.ammo_disc)
        self._add(512, now.protected_until_tick - was.protected_until_tick)
        self._add(1024, now.double_until_tick - was.double_until_tick)
        self._add(2048, now.respawn_tick - was.respawn_tick)
        self._add(4096, now.shots - was.shots)
        self._add(8192, now.hits - was.hits)
        return self.mask != 0

    @property
    def size(self) -> i64:
        """The number of integers in its run."""
        return self._count + 2

    def encoded(self, key: i64) -> bytes:
        """`key, mask, difference, …`"""
        out = self._out
        out.truncate(0)
        put(out, key)
        self._put(out)
        return out.getvalue()

    def run(self, key: i64) -> Run:
        """The encoded run and its size."""
        return Run(self.encoded(key), self.size)

    def put_array(self, out: BytesWriter) -> None:
        """Append `[mask, difference, …]`."""
        put_array_head(out, self._count + 1)
        self._put(out)

    def _put(self, out: BytesWriter) -> None:
        put(out, self.mask)
        at: i64 = 0
        while at < self._count:
            put(out, self._differences[at])
            at += 1

    def _add(self, bit: i64, difference: i64) -> None:
        if difference != 0:
            self.mask |= bit
            self._differences[self._count] = difference
            self._count += 1


def resting(records: Rows, base: Rows) -> list[int]:
    """`[key, mask, difference, …, …]` of all changed rows; no row of `base` may be missing."""
    changes: list[int] = []
    if records != base:
        for key, now in records.items():
            was = base.get(key)
            if now != was:
                changes.append(key)
                changes += difference(now, was or (0,) * len(now))
    return changes


def difference(now: Row, predicted: Row) -> list[int]:
    """`[mask, difference, …]`"""
    changes, mask = [0], 0
    for index, value in enumerate(now):
        if value != predicted[index]:
            mask |= 1 << index
            changes.append(value - predicted[index])
    changes[0] = mask
    return changes

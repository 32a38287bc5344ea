"""From two states of the same thing to the integers that lead from one to the other, and to bytes.

Owns: masks, differences and the encoding of runs of integers. Must not know: views, seats, bases.
Invariant: what these write is what `snapshot_reader.py` reads; the format is the docstring of
`snapshot.py`.
"""

from typing import Final

import cbor2
from mypy_extensions import i64

from game.records import Body, Card, Flight, Own

Row = tuple[int, ...]
Rows = dict[int, Row]
Run = tuple[bytes, int]  # encoded integers without a head, and how many they are

EMPTY: Final = cbor2.dumps([])
_SMALL_MAX: Final = 1_024
_SMALL: Final = [cbor2.dumps(value) for value in range(-_SMALL_MAX, _SMALL_MAX + 1)]
NO_CARD: Final = Card()
NO_BODY: Final = Body()
NO_SHOT: Final = Flight()
NO_OWN: Final = Own()
_HEADS: Final = [EMPTY, *(cbor2.dumps([0] * count)[:-count] for count in range(1, 256))]


def run(values: list[int]) -> Run:
    """Integers without a head, to be joined with others."""
    return b"".join([integer(value) for value in values]), len(values)


def integer(value: i64) -> bytes:
    """The shortest form (RFC 8949 section 3); what fits into 64 bits is all that is asked for."""
    if -_SMALL_MAX <= value <= _SMALL_MAX:
        return _SMALL[value + _SMALL_MAX]
    return cbor2.dumps(value)


def array(count: int, encoded: bytes) -> bytes:
    """An array of so many items that are encoded already."""
    return head(count) + encoded


def head(count: int) -> bytes:
    """Of an array of so many items."""
    if count < 256:
        return _HEADS[count]
    assert count < 65_536, f"{count} values in one section"
    return b"\x99" + count.to_bytes(2, "big")  # RFC 8949 section 3: the shortest form


def integers(values: list[int]) -> bytes:
    """An array of integers."""
    encoded, count = run(values)
    return array(count, encoded)


class Changes:
    """What of one record is not as predicted: a mask of its fields, and their differences."""

    __slots__ = ("_differences", "mask")

    def __init__(self) -> None:
        """Of no record so far."""
        self.mask: i64 = 0
        self._differences: list[bytes] = []

    def of_body(self, now: Body, was: Body, ticks: i64) -> bool:
        """Against where it goes by its velocity; whether there is any change."""
        self._clear()
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
        """As of a body."""
        self._clear()
        self._add(1, now.x - was.x - ticks * was.vx)
        self._add(2, now.y - was.y - ticks * was.vy)
        self._add(4, now.vx - was.vx)
        self._add(8, now.vy - was.vy)
        self._add(16, now.source - was.source)
        return self.mask != 0

    def of_card(self, now: Card, was: Card) -> bool:
        """Against what it was; whether there is any change."""
        self._clear()
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
        """Against what it was; whether there is any change."""
        self._clear()
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

    def run(self, key: i64) -> Run:
        """`key, mask, difference, …`, encoded."""
        encoded = [integer(key), integer(self.mask)]
        encoded += self._differences
        return b"".join(encoded), len(encoded)

    def array(self) -> bytes:
        """`[mask, difference, …]`, encoded."""
        encoded = [integer(self.mask)]
        encoded += self._differences
        return array(len(encoded), b"".join(encoded))

    def _clear(self) -> None:
        if self.mask != 0:
            self.mask = 0
            self._differences = []

    def _add(self, bit: i64, difference: i64) -> None:
        if difference != 0:
            self.mask |= bit
            self._differences.append(integer(difference))


def resting(records: Rows, base: Rows) -> list[int]:
    """`[key, mask, difference, …, …]` of all that is not as it was; nothing may have gone."""
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

"""From two states of the same thing to the integers that lead from one to the other, and to bytes.

Owns: masks, differences and the encoding of runs of integers. Must not know: views, seats, bases.
Invariant: what these write is what `snapshot_reader.py` reads; the format is the docstring of
`snapshot.py`.
"""

from collections.abc import Iterable, Mapping
from itertools import compress
from operator import ne, sub
from typing import Final

import cbor2

Record = tuple[int, ...]
Records = Mapping[int, Record]
Run = tuple[bytes, int]  # encoded integers without a head, and how many they are

EMPTY: Final = cbor2.dumps([])
_LIVELY: Final = 5  # x, y, vx, vy and aim change all the time, what follows them seldom
_BITS: Final = tuple(1 << bit for bit in range(32))
_SMALL: Final = {value: cbor2.dumps(value) for value in range(-1_024, 1_025)}
_HEADS: Final = (EMPTY, *(cbor2.dumps([0] * count)[:-count] for count in range(1, 256)))


def run(values: list[int]) -> Run:
    """Integers without a head, to be joined with others."""
    try:
        return b"".join([_SMALL[value] for value in values]), len(values)
    except KeyError:
        return b"".join([_SMALL.get(value) or cbor2.dumps(value) for value in values]), len(values)


def array(count: int, encoded: bytes) -> bytes:
    """An array of so many items that are encoded already."""
    if count < 256:
        return _HEADS[count] + encoded
    assert count < 65_536, f"{count} values in one section"
    return b"\x99" + count.to_bytes(2, "big") + encoded  # RFC 8949 section 3: the shortest form


def moved(key: int, now: Record, was: Record, ticks: int) -> list[int]:
    """`[key, mask, difference, …]` against where x, y go by vx, vy; empty if it went there: the
    hottest function of the wire.
    """
    changes = [key, 0]  # becomes the mask
    mask = 0
    if (off := now[0] - was[0] - ticks * was[2]) != 0:
        mask = 1
        changes.append(off)
    if (off := now[1] - was[1] - ticks * was[3]) != 0:
        mask |= 2
        changes.append(off)
    if (off := now[2] - was[2]) != 0:
        mask |= 4
        changes.append(off)
    if (off := now[3] - was[3]) != 0:
        mask |= 8
        changes.append(off)
    if (off := now[4] - was[4]) != 0:
        mask |= 16
        changes.append(off)
    if now[_LIVELY:] != was[_LIVELY:]:
        mask |= _seldom(now, was, changes)
    if not mask:
        return []
    changes[1] = mask
    return changes


def _seldom(now: Record, was: Record, changes: list[int]) -> int:
    """Append the differences of the fields that rarely change; their part of the mask."""
    mask, bit = 0, 1 << _LIVELY
    for value, expected in zip(now[_LIVELY:], was[_LIVELY:], strict=True):
        if value != expected:
            mask |= bit
            changes.append(value - expected)
        bit += bit
    return mask


def anew(key: int, record: Record) -> list[int]:
    """`[key, mask, difference, …]` of what was not there."""
    return [key, *difference(record, (0,) * len(record))]


def resting(records: Records, base: Records) -> list[int]:
    """`[key, mask, difference, …, …]` of all that is not as it was; nothing may have gone."""
    changes: list[int] = []
    if records != base:
        for key, now in records.items():
            was = base.get(key)
            if now != was:
                changes.append(key)
                changes += difference(now, was or (0,) * len(now))
    return changes


def difference(now: Record, predicted: Record) -> list[int]:
    """`[mask, difference, …]`"""
    changed = [*map(ne, now, predicted)]
    return [sum(compress(_BITS, changed)), *compress(map(sub, now, predicted), changed)]


def without_empty_end(sections: Iterable[list[int]]) -> list[list[int]]:
    """The sections, those at the end that say nothing left out."""
    kept = list(sections)
    while kept and not kept[-1]:
        kept.pop()
    return kept

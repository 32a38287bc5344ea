"""From two states of the same thing to the integers that lead from one to the other, and to bytes.

Owns: masks, differences and the encoding of runs of integers. Must not know: views, seats, bases.
Invariant: what these write is what `snapshot_reader.py` reads; the format is the docstring of
`snapshot.py`.
"""

from collections.abc import Iterable
from typing import Final

import cbor2

Record = tuple[int, ...]
Records = dict[int, Record]
Run = tuple[bytes, int]  # encoded integers without a head, and how many they are

EMPTY: Final = cbor2.dumps([])
_SMALL_MAX: Final = 1_024
_SMALL: Final = [cbor2.dumps(value) for value in range(-_SMALL_MAX, _SMALL_MAX + 1)]
_HEADS: Final = [EMPTY, *(cbor2.dumps([0] * count)[:-count] for count in range(1, 256))]


def run(values: list[int]) -> Run:
    """Integers without a head, to be joined with others."""
    return b"".join([_integer(value) for value in values]), len(values)


def _integer(value: int) -> bytes:
    """The shortest form (RFC 8949 section 3); what fits into 64 bits is all that is asked for."""
    if -_SMALL_MAX <= value <= _SMALL_MAX:
        return _SMALL[value + _SMALL_MAX]
    return cbor2.dumps(value)


def array(count: int, encoded: bytes) -> bytes:
    """An array of so many items that are encoded already."""
    if count < 256:
        return _HEADS[count] + encoded
    assert count < 65_536, f"{count} values in one section"
    return b"\x99" + count.to_bytes(2, "big") + encoded  # RFC 8949 section 3: the shortest form


def integers(values: list[int]) -> bytes:
    """An array of integers."""
    encoded, count = run(values)
    return array(count, encoded)


def moved(key: int, now: Record, was: Record, ticks: int) -> list[int]:
    """`[key, mask, difference, …]` against where x, y go by vx, vy; empty if it went there: the
    hottest function of the wire.
    """
    x_off = now[0] - was[0] - ticks * was[2]
    y_off = now[1] - was[1] - ticks * was[3]
    if x_off == 0 and y_off == 0 and now[2:] == was[2:]:
        return []
    changes = [key, 0]
    mask = 0
    if x_off != 0:
        mask = 1
        changes.append(x_off)
    if y_off != 0:
        mask |= 2
        changes.append(y_off)
    changes[1] = mask | _append_differences(changes, now, was, 2)
    return changes


def _append_differences(changes: list[int], now: Record, was: Record, first: int) -> int:
    """Append the differences of the fields from the `first` on; returns their part of the mask."""
    mask = 0
    for index in range(first, len(now)):
        value, expected = now[index], was[index]
        if value != expected:
            mask |= 1 << index
            changes.append(value - expected)
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
    changes = [0]
    changes[0] = _append_differences(changes, now, predicted, 0)
    return changes


def without_empty_end(sections: Iterable[list[int]]) -> list[list[int]]:
    """The sections, those at the end that say nothing left out."""
    kept = list(sections)
    while kept and not kept[-1]:
        kept.pop()
    return kept

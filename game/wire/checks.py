"""One check per kind of field, compiled from the table when the codec is imported.

Owns: what a value must be, and the words for what is wrong with it. Must not know: bytes, message
numbers. Invariant: a check returns the value (arrays as
tuples, rows as instances of their class) or raises `DecodeError`; a reason
never repeats more than 40 characters of what was sent.
"""

import struct
from collections.abc import Callable
from typing import Any

from game.wire.schema import Bytes, Int, Integers, Kind, Packed, Rows, Sections, Text
from game.wire.strict import DecodeError

Check = Callable[[object], Any]

_TYPE_WORDS = {
    bool: "a boolean",
    int: "an integer",
    float: "a float",
    str: "a text",
    bytes: "a byte string",
    list: "an array",
    dict: "a map",
    type(None): "null",
}
_INTEGERS_ONLY = frozenset((int,))


def checker(message: str, field: str, kind: Kind) -> Check:
    """Compile the check of `message`'s field `field`."""
    return _compile(f"{message}: field '{field}'", kind)


def _compile(where: str, kind: Kind) -> Check:
    match kind:
        case Int(low, high):
            return _integer(where, low, high)
        case Text(most):
            return _text(where, most)
        case Bytes(most, least):
            return _bytes(where, least, most)
        case Rows():
            return _rows(where, kind)
        case Packed():
            return _packed(where, kind)
        case Integers():
            return _integers(where)
        case Sections():
            return _sections(where)


def _integer(where: str, low: int, high: int) -> Check:
    def check(value: object) -> int:
        if type(value) is not int:  # exact: True is no integer here
            raise DecodeError(f"{where} is {_words(value)}, expected an integer")
        if not low <= value <= high:
            raise DecodeError(f"{where} is {value}, allowed {low} to {high}")
        return value

    return check


def _text(where: str, most: int) -> Check:
    def check(value: object) -> str:
        if type(value) is not str:
            raise DecodeError(f"{where} is {_words(value)}, expected a text")
        if len(value) > most:
            raise DecodeError(f"{where} has {len(value)} characters, allowed {most}")
        return value

    return check


def _bytes(where: str, least: int, most: int) -> Check:
    def check(value: object) -> bytes:
        if type(value) is not bytes:
            raise DecodeError(f"{where} is {_words(value)}, expected a byte string")
        if not least <= len(value) <= most:
            raise DecodeError(f"{where} has {len(value)} bytes, allowed {least} to {most}")
        return value

    return check


def _rows(where: str, kind: Rows) -> Check:
    checks, make = _cell_checks(where, kind), kind.row

    def check_row(row: object) -> Any:
        cells = _array(where, row)
        if len(cells) != len(checks):
            raise DecodeError(f"{where} has a row of {len(cells)}, expected {len(checks)}")
        return make(*[check(cell) for check, cell in zip(checks, cells, strict=True)])

    def check_rows(value: object) -> tuple[Any, ...]:
        rows = _array(where, value)
        if len(rows) > kind.most:
            raise DecodeError(f"{where} has {len(rows)} rows, allowed {kind.most}")
        return tuple([check_row(row) for row in rows])

    return check_rows


def _packed(where: str, kind: Packed) -> Check:
    checks, make = _cell_checks(where, kind), kind.row
    group = struct.Struct(f">{len(checks)}H")
    check_bytes = _bytes(where, group.size * kind.least, group.size * kind.most)

    def check_packed(value: object) -> tuple[Any, ...]:
        packed = check_bytes(value)
        if len(packed) % group.size:
            raise DecodeError(f"{where} has {len(packed)} bytes, {group.size} belong together")
        return tuple(
            [
                make(*[check(cell) for check, cell in zip(checks, cells, strict=True)])
                for cells in group.iter_unpack(packed)
            ]
        )

    return check_packed


def _cell_checks(where: str, kind: Rows | Packed) -> list[Check]:
    return [_compile(f"{where} column '{name}'", cell) for name, cell in kind.fields]


def _integers(where: str) -> Check:
    def check(value: object) -> tuple[int, ...]:
        cells = _array(where, value)
        if not _INTEGERS_ONLY.issuperset(map(type, cells)):
            raise DecodeError(f"{where} holds something that is not an integer")
        return tuple(cells)

    return check


def _sections(where: str) -> Check:
    check_section = _integers(where)

    def check(value: object) -> tuple[tuple[int, ...], ...]:
        return tuple([check_section(section) for section in _array(where, value)])

    return check


def _array(where: str, value: object) -> list[Any]:
    if type(value) is not list:
        raise DecodeError(f"{where} is {_words(value)}, expected an array")
    return value


def _words(value: object) -> str:
    return _TYPE_WORDS.get(type(value), "something else")

"""One check per kind of field, compiled from the table when the codec is imported.

Owns: what a value must be, and the words for what is wrong with it. Must not know: bytes, message
numbers. Invariant: a check returns the value (arrays as tuples) or raises `DecodeError`; a reason
never repeats more than 40 characters of what was sent.
"""

import struct
from collections.abc import Callable
from typing import Any

from game.wire.messages import Bytes, Field, Int, Integers, Kind, Packed, Rows, Sections, Text
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
        case Rows(most, fields):
            return _rows(where, most, fields)
        case Packed(most, fields, least):
            return _packed(where, fields, least, most)
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


def _rows(where: str, most: int, fields: tuple[Field, ...]) -> Check:
    checks = [_compile(f"{where} column '{name}'", kind) for name, kind in fields]

    def check_row(row: object) -> tuple[Any, ...]:
        cells = _array(where, row)
        if len(cells) != len(checks):
            raise DecodeError(f"{where} has a row of {len(cells)}, expected {len(checks)}")
        return tuple([check(cell) for check, cell in zip(checks, cells, strict=True)])

    def check_rows(value: object) -> tuple[tuple[Any, ...], ...]:
        rows = _array(where, value)
        if len(rows) > most:
            raise DecodeError(f"{where} has {len(rows)} rows, allowed {most}")
        return tuple([check_row(row) for row in rows])

    return check_rows


def _packed(where: str, fields: tuple[Field, ...], least: int, most: int) -> Check:
    checks = [_compile(f"{where} column '{name}'", kind) for name, kind in fields]
    width = len(checks)
    check_bytes = _bytes(where, 2 * width * least, 2 * width * most)

    def check_packed(value: object) -> tuple[int, ...]:
        packed = check_bytes(value)
        if len(packed) % (2 * width):
            raise DecodeError(f"{where} has {len(packed)} bytes, {2 * width} belong together")
        cells = struct.unpack(f">{len(packed) // 2}H", packed)
        return tuple([checks[index % width](cell) for index, cell in enumerate(cells)])

    return check_packed


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

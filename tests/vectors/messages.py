"""Every message with its smallest and its largest fields, and messages that are refused."""

from collections.abc import Callable
from typing import Any

import cbor2
from attrs import astuple

from game.wire.codec import DecodeError, decode, encode
from game.wire.messages import MESSAGES
from game.wire.schema import (
    Bytes,
    Field,
    FromMatch,
    Int,
    Integers,
    Kind,
    Message,
    Packed,
    Rows,
    Sections,
    Text,
    ToMatch,
)

WORDS = "Zoë 🚀 plays a rather long game"  # two, three and four bytes to a code point


def messages() -> dict[str, Any]:
    """`valid` rows can be decoded and give the same bytes again; `invalid` ones are refused."""
    valid = [_valid(made(*_cells(cell, made.spec.fields))) for made in MESSAGES for cell in CELLS]
    return {"valid": valid, "invalid": [_invalid(*case) for case in _invalid_cases()]}


def smallest(kind: Kind) -> Any:
    """The smallest value a field may have."""
    match kind:
        case Int(low, _):
            return low
        case Text():
            return ""
        case Bytes(_, least):
            return bytes(least)
        case Packed(_, fields, least, row):
            return (row(*_cells(smallest, fields)),) * least
        case Rows() | Integers() | Sections():
            return ()


def largest(kind: Kind) -> Any:
    """The largest value; for rows and integers, a few."""
    match kind:
        case Int(_, high):
            return high
        case Text(most):
            return WORDS[:most]
        case Bytes(most):
            return bytes(range(256))[:most]
        case Rows(_, fields, row):
            return (row(*_cells(largest, fields)), row(*_cells(smallest, fields)))
        case Packed(most, fields, _, row):
            return (row(*_cells(largest, fields)),) * most
        case Integers():
            return (0, 23, 24, -24, -25, 255, 256, 65_535, 65_536, -65_537, 2**32, -(2**40))
        case Sections():
            return ((3, 1, -5), (), (1, 2**31 - 1))


CELLS = (smallest, largest)


def _cells(cell: Callable[[Kind], Any], fields: tuple[Field, ...]) -> list[Any]:
    return [cell(kind) for _, kind in fields]


def _valid(message: Message) -> dict[str, Any]:
    spec = message.spec
    return {
        "channel": spec.channel.value,
        "sender": spec.sender.value,
        "type": spec.name,
        "fields": [_plain(value) for value in astuple(message)],
        "hex": encode(message).hex(),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _invalid(side: type[Message], encoded: bytes, why: str) -> dict[str, Any]:
    channel, sender = side.side
    try:
        decode(side, encoded)
    except DecodeError as error:
        row = {"channel": channel.value, "sender": sender.value, "hex": encoded.hex(), "why": why}
        return {**row, "reason": error.reason}
    raise AssertionError(f"{why} was not refused")


def _invalid_cases() -> list[tuple[type[Message], bytes, str]]:
    pong = cbor2.dumps([68, 5, 7, 0])
    return [
        (FromMatch, b"", "nothing"),
        (FromMatch, pong[:-1], "the end is missing"),
        (FromMatch, pong + b"\x00", "a byte after the end"),
        (FromMatch, b"\x84\x18\x44\x18\x05\x07\x00", "an integer longer than it needs to be"),
        (FromMatch, b"\x9f\x18\x44\x05\x07\x00\xff", "an array of indefinite length"),
        (FromMatch, b"\x84\x18\x44\xc1\x05\x07\x00", "a tag"),
        (FromMatch, cbor2.dumps([68, 5, 7]), "a field is missing"),
        (FromMatch, cbor2.dumps([68, 5, 7, 0, 0]), "a field too many"),
        (FromMatch, cbor2.dumps([68, 5, True, 0]), "a boolean for an integer"),
        (FromMatch, cbor2.dumps([68, 5, 7.0, 0]), "a float for an integer"),
        (FromMatch, cbor2.dumps([68, 5, None, 0]), "null for an integer"),
        (FromMatch, cbor2.dumps([68, 5, 2**31, 0]), "an integer above its range"),
        (FromMatch, cbor2.dumps([68, -1, 7, 0]), "an integer below its range"),
        (FromMatch, cbor2.dumps([99, 5, 7]), "no such message"),
        (FromMatch, cbor2.dumps([2, 5, 0, [1, 2]]), "a message that only a client sends"),
        (FromMatch, cbor2.dumps({0: 68, 1: 5, 2: 7}), "a map"),
        (FromMatch, cbor2.dumps([70, "x" * 121, 0]), "a text that is too long"),
        (FromMatch, b"\x83\x18\x46\x61\xff\x00", "a text that is not UTF-8"),
        (FromMatch, cbor2.dumps([67, [[0, "a", 0, 0]]]), "a row without its last column"),
        (FromMatch, cbor2.dumps([66, 2, 0, [1, "2"], [], []]), "a text among integers"),
        (FromMatch, cbor2.dumps([66, 0, 0, [], [], []]), "a snapshot of no ticks"),
        (ToMatch, cbor2.dumps([2, 5, 0, bytes(6)]), "half a step"),
        (ToMatch, cbor2.dumps([2, 5, 0, b""]), "no step"),
        (ToMatch, cbor2.dumps([2, 5, 0, b"\x01\x80\x00\x00"]), "buttons that nobody has"),
        (ToMatch, cbor2.dumps([2, 5, 0, bytes(36)]), "more steps than a message may have"),
    ]

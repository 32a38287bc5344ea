"""Every message with its smallest and its largest fields, and messages that are refused."""

from typing import Any

import cbor2

from game.wire.codec import DecodeError, decode_from_client, decode_from_server, encode
from game.wire.messages import (
    MESSAGES,
    Bytes,
    Channel,
    Int,
    Integers,
    Kind,
    Message,
    Packed,
    Rows,
    Sections,
    Sender,
    Text,
)

WORDS = "Zoë 🚀 plays a rather long game"  # two, three and four bytes to a code point


def messages() -> dict[str, Any]:
    """`valid` rows can be decoded and give the same bytes again; `invalid` ones are refused."""
    valid = [
        _valid(row, [cell(kind) for _, kind in row.fields]) for row in MESSAGES for cell in CELLS
    ]
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
        case Packed(_, fields, least):
            return [smallest(cell) for _ in range(least) for _, cell in fields]
        case Rows() | Integers() | Sections():
            return []


def largest(kind: Kind) -> Any:
    """The largest value; for rows and integers, a few."""
    match kind:
        case Int(_, high):
            return high
        case Text(most):
            return WORDS[:most]
        case Bytes(most):
            return bytes(range(256))[:most]
        case Rows(_, fields):
            return [[largest(cell) for _, cell in fields], [smallest(cell) for _, cell in fields]]
        case Packed(most, fields):
            return [largest(cell) for _ in range(most) for _, cell in fields]
        case Integers():
            return [0, 23, 24, -24, -25, 255, 256, 65_535, 65_536, -65_537, 2**32, -(2**40)]
        case Sections():
            return [[3, 1, -5], [], [1, 2**31 - 1]]


CELLS = (smallest, largest)


def _valid(row: Message, fields: list[Any]) -> dict[str, Any]:
    encoded = encode(row.channel, row.sender, row.name, *fields)
    return {
        "channel": row.channel.value,
        "sender": row.sender.value,
        "type": row.name,
        "fields": [_plain(value) for value in fields],
        "hex": encoded.hex(),
    }


def _plain(value: Any) -> Any:
    return {"hex": value.hex()} if isinstance(value, bytes) else value


def _invalid(channel: Channel, sender: Sender, encoded: bytes, why: str) -> dict[str, Any]:
    decode = decode_from_client if sender is Sender.CLIENT else decode_from_server
    try:
        decode(channel, encoded)
    except DecodeError as error:
        row = {"channel": channel.value, "sender": sender.value, "hex": encoded.hex(), "why": why}
        return {**row, "reason": error.reason}
    raise AssertionError(f"{why} was not refused")


def _invalid_cases() -> list[tuple[Channel, Sender, bytes, str]]:
    server, client = (Channel.MATCH, Sender.SERVER), (Channel.MATCH, Sender.CLIENT)
    pong = cbor2.dumps([68, 5, 7, 0])
    return [
        (*server, b"", "nothing"),
        (*server, pong[:-1], "the end is missing"),
        (*server, pong + b"\x00", "a byte after the end"),
        (*server, b"\x84\x18\x44\x18\x05\x07\x00", "an integer longer than it needs to be"),
        (*server, b"\x9f\x18\x44\x05\x07\x00\xff", "an array of indefinite length"),
        (*server, b"\x84\x18\x44\xc1\x05\x07\x00", "a tag"),
        (*server, cbor2.dumps([68, 5, 7]), "a field is missing"),
        (*server, cbor2.dumps([68, 5, 7, 0, 0]), "a field too many"),
        (*server, cbor2.dumps([68, 5, True, 0]), "a boolean for an integer"),
        (*server, cbor2.dumps([68, 5, 7.0, 0]), "a float for an integer"),
        (*server, cbor2.dumps([68, 5, None, 0]), "null for an integer"),
        (*server, cbor2.dumps([68, 5, 2**31]), "an integer above its range"),
        (*server, cbor2.dumps([68, -1, 7]), "an integer below its range"),
        (*server, cbor2.dumps([99, 5, 7]), "no such message"),
        (*server, cbor2.dumps([2, 5, 0, [1, 2]]), "a message that only a client sends"),
        (*server, cbor2.dumps({0: 68, 1: 5, 2: 7}), "a map"),
        (*server, cbor2.dumps([70, "x" * 121, 0]), "a text that is too long"),
        (*server, b"\x83\x18\x46\x61\xff\x00", "a text that is not UTF-8"),
        (*server, cbor2.dumps([67, [[0, "a", 0, 0]]]), "a row without its last column"),
        (*server, cbor2.dumps([66, 2, 0, [1, "2"], []]), "a text among integers"),
        (*server, cbor2.dumps([66, 0, 0, [], []]), "a snapshot of no ticks"),
        (*client, cbor2.dumps([2, 5, 0, [1, 2, 3]]), "half a step"),
        (*client, cbor2.dumps([2, 5, 0, []]), "no step"),
        (*client, cbor2.dumps([2, 5, 0, [1, 70_000]]), "an aim beyond the turn"),
        (*client, cbor2.dumps([2, 5, 0, [1, 2] * 9]), "more steps than a message may have"),
    ]

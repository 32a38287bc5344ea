"""Messages ↔ bytes, strictly by the table in `messages.py`.

Owns: the check of every field's type, range and size, with reasons that a person can act on.
Must not know: sockets, or what a message does. Invariant: whatever the bytes, a decoder returns
exactly what the table allows or raises `DecodeError`; and a message has exactly one encoding (see
`strict.py`).
"""

import struct
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import cbor2

from game.wire import strict
from game.wire.checks import checker
from game.wire.fingerprint import fingerprint
from game.wire.input_path import decode_input
from game.wire.messages import MESSAGES, Channel, Message, Packed, Sender
from game.wire.strict import DecodeError

__all__ = [
    "Channel",
    "DecodeError",
    "Decoded",
    "Sender",
    "decode_from_client",
    "decode_from_server",
    "encode",
    "fingerprint",
    "message_number",
]


class Decoded(NamedTuple):
    """A message that passed every check: `Rows` as tuples of tuples, `Packed` as one flat tuple."""

    name: str
    fields: tuple[Any, ...]


class _Entry(NamedTuple):
    message: Message
    checks: tuple[Callable[[object], Any], ...]


_Side = tuple[Channel, Sender]


def _entries(side: _Side) -> dict[int, _Entry]:
    rows = [message for message in MESSAGES if (message.channel, message.sender) == side]
    return {
        row.number: _Entry(row, tuple(checker(row.name, name, kind) for name, kind in row.fields))
        for row in rows
    }


_SIDES: Final = [(channel, sender) for channel in Channel for sender in Sender]
_BY_NUMBER: Final = {side: _entries(side) for side in _SIDES}
_BY_NAME: Final = {
    (*side, entry.message.name): entry
    for side, entries in _BY_NUMBER.items()
    for entry in entries.values()
}
# Looking up a member of an enum, or hashing it, costs as much as decoding an integer.
_MATCH: Final = Channel.MATCH
_MATCH_CLIENT: Final = _BY_NUMBER[Channel.MATCH, Sender.CLIENT]
_MATCH_SERVER: Final = _BY_NUMBER[Channel.MATCH, Sender.SERVER]
_LOBBY_CLIENT: Final = _BY_NUMBER[Channel.LOBBY, Sender.CLIENT]
_LOBBY_SERVER: Final = _BY_NUMBER[Channel.LOBBY, Sender.SERVER]
_new_tuple = tuple.__new__  # skips the named tuple's own constructor, 80 ns


def decode_from_client(channel: Channel, encoded: bytes) -> Decoded:
    """Decode a client's message. Raises `DecodeError` and nothing else."""
    if channel is not _MATCH:
        return _decode(_LOBBY_CLIENT, encoded)
    fields = decode_input(encoded)
    if fields is not None:
        return _new_tuple(Decoded, ("input", fields))
    return _decode(_MATCH_CLIENT, encoded)


def decode_from_server(channel: Channel, encoded: bytes) -> Decoded:
    """Decode a server's message. Raises `DecodeError` and nothing else."""
    return _decode(_MATCH_SERVER if channel is _MATCH else _LOBBY_SERVER, encoded)


def encode(channel: Channel, sender: Sender, name: str, *fields: object) -> bytes:
    """Encode one of our messages. A field that the table forbids is our bug: an AssertionError."""
    entry = _BY_NAME[channel, sender, name]
    kinds = entry.message.fields
    assert len(fields) == len(kinds), f"{name} has {len(kinds)} fields, not {len(fields)}"
    values = [
        _pack(value) if isinstance(kind, Packed) else value
        for value, (_, kind) in zip(fields, kinds, strict=True)
    ]
    encoded = cbor2.dumps((entry.message.number, *values))
    assert _is_allowed(channel, sender, encoded), f"{name}{fields!r:.200} is not in the table"
    return encoded


def message_number(channel: Channel, sender: Sender, name: str) -> int:
    """The number of a message. Refusals name it, and hot paths begin their messages with it."""
    return _BY_NAME[channel, sender, name].message.number


def _pack(cells: Any) -> bytes:
    """Pack groups' fields one after the other, two bytes each."""
    assert all(type(cell) is int and 0 <= cell < 65_536 for cell in cells), f"{cells} do not fit"
    return struct.pack(f">{len(cells)}H", *cells)


def _decode(entries: dict[int, _Entry], encoded: bytes) -> Decoded:
    values = strict.loads(encoded)
    if type(values) is not list or not values or type(values[0]) is not int:
        raise DecodeError("a message is an array that begins with its number")
    entry = entries.get(values[0])
    if entry is None:
        raise DecodeError(f"no message {values[0]} here")
    message, checks = entry
    if len(values) - 1 != len(checks):
        raise DecodeError(f"{message.name}: {len(values) - 1} fields, expected {len(checks)}")
    fields = tuple([check(value) for check, value in zip(checks, values[1:], strict=True)])
    return Decoded(message.name, fields)


def _is_allowed(channel: Channel, sender: Sender, encoded: bytes) -> bool:
    if sender is Sender.CLIENT:
        decode_from_client(channel, encoded)
    else:
        decode_from_server(channel, encoded)
    return True

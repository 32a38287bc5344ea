"""Messages ↔ bytes, strictly by the table in `messages.py`.

Owns: the check of every field's type, range and size, with reasons that a person can act on.
Must not know: sockets, or what a message does. Invariant: whatever the bytes, a decoder returns
exactly what the table allows or raises `DecodeError`; and a message has exactly one encoding (see
`strict.py`).
"""

import struct
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final, TypeVar

import cbor2
from attrs import frozen

from game.wire import strict
from game.wire.checks import checker
from game.wire.fingerprint import fingerprint
from game.wire.messages import MESSAGES
from game.wire.schema import FromLobby, FromMatch, Kind, Message, Packed, Rows, ToLobby, ToMatch
from game.wire.strict import DecodeError

__all__ = [
    "DecodeError",
    "decode",
    "encode",
    "fingerprint",
]


@frozen
class _Entry:
    """One message class with what reads its fields from CBOR's values, and what writes them."""

    made: type[Message]
    checks: tuple[Callable[[object], Any], ...]
    writers: tuple[Callable[[Any], Any], ...]


def _entry(made: type[Message]) -> _Entry:
    spec = made.spec
    checks = [checker(spec.name, name, kind) for name, kind in spec.fields]
    return _Entry(made, tuple(checks), tuple([_writer(*field) for field in spec.fields]))


def _writer(name: str, kind: Kind) -> Callable[[Any], Any]:
    """A function that gets a field's value for CBOR from a message or row."""
    get = attrgetter(name)
    if not isinstance(kind, Rows | Packed):
        return get
    cells = [_writer(*field) for field in kind.fields]

    def rows(message: Any) -> list[list[Any]]:
        return [[cell(row) for cell in cells] for row in get(message)]

    def packed(message: Any) -> bytes:
        values = [value for row in rows(message) for value in row]
        try:
            return struct.pack(f">{len(values)}H", *values)
        except struct.error as error:
            raise DecodeError(f"field '{name}' does not fit: {error}") from None

    return rows if isinstance(kind, Rows) else packed


_Entries = dict[int, _Entry]
_BY_CLASS: Final = {made: _entry(made) for made in MESSAGES}
_BY_SIDE: Final[dict[type[Message], _Entries]] = {
    side: {made.spec.number: entry for made, entry in _BY_CLASS.items() if made.side == side.side}
    for side in (ToLobby, FromLobby, ToMatch, FromMatch)
}
M = TypeVar("M", bound=Message)


def decode(side: type[M], encoded: bytes) -> M:
    """Decode a message for or from a lobby or match: one of `ToLobby`, `FromLobby`, `ToMatch`, and
    `FromMatch`. Raises `DecodeError` and nothing else.
    """
    message: M = _decode(_BY_SIDE[side], encoded)
    return message


def encode(message: Message) -> bytes:
    """Encode a message. Raises `DecodeError`, as its receiver would, for a field that the table
    forbids: a text that somebody typed, for example. Any other forbidden field is a bug of ours.
    """
    made = type(message)
    values = [write(message) for write in _BY_CLASS[made].writers]
    encoded = cbor2.dumps((made.spec.number, *values))
    _decode(next(_BY_SIDE[side] for side in _BY_SIDE if issubclass(made, side)), encoded)
    return encoded


def _decode(entries: _Entries, encoded: bytes) -> Any:
    values = strict.loads(encoded)
    if type(values) is not list or not values or type(values[0]) is not int:
        raise DecodeError("a message is an array that begins with its number")
    entry = entries.get(values[0])
    if entry is None:
        raise DecodeError(f"no message {values[0]} here")
    checks = entry.checks
    if len(values) - 1 != len(checks):
        name = entry.made.spec.name
        raise DecodeError(f"{name}: {len(values) - 1} fields, expected {len(checks)}")
    return entry.made(*[check(value) for check, value in zip(checks, values[1:], strict=True)])

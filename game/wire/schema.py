"""How a message is declared: a class whose fields say what they may hold.

Owns: the kinds of fields, and what the codec and the export know of a message class. Must not know:
any message, bytes. Invariant: a class and its `spec` cannot disagree, because the spec is made from
the class.

    @message(2)
    class Play(ToLobby):
        mode: Word          # Word = Annotated[str, Text(24)]

Fields that repeat are tuples of a row class: `rows: Annotated[tuple[RosterRow, ...], Rows(128)]`.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, ClassVar, TypeVar, dataclass_transform, get_args, get_type_hints

import attrs
from attrs import field, frozen


@frozen
class Int:
    """low ≤ value ≤ high; `True` is not an integer here."""

    low: int
    high: int


@frozen
class Text:
    """A string of at most `most` code points."""

    most: int


@frozen
class Bytes:
    """A byte string of `least` to `most` bytes."""

    most: int
    least: int = 0


@frozen
class Rows:
    """An array of at most `most` rows, each an array of exactly the fields of `row`."""

    most: int
    fields: "tuple[Field, ...]" = ()
    row: "type[Any]" = field(default=tuple, eq=False, repr=False)


@frozen
class Packed:
    """A byte string of `least` to `most` groups; each field of a group is two bytes, big-endian.

    The message that every player sends thirty times a second is read by one `struct`, not cell by
    cell.
    """

    most: int
    fields: "tuple[Field, ...]" = ()
    least: int = 0
    row: "type[Any]" = field(default=tuple, eq=False, repr=False)


@frozen
class Integers:
    """An array of 64-bit integers: a part of a snapshot, see `snapshot.py`."""


@frozen
class Sections:
    """An array of `Integers`: what every seat is sent, or what one seat sees; see `snapshot.py`."""


Kind = Int | Text | Bytes | Rows | Packed | Integers | Sections
Field = tuple[str, Kind]


class Channel(Enum):
    """The kind of connection of a message. Numbers are unique within a channel and a sender."""

    LOBBY = "lobby"
    MATCH = "match"


class Sender(Enum):
    """The side that may send a message."""

    CLIENT = "client"
    SERVER = "server"


@frozen
class MessageSpec:
    """One row of the message table."""

    channel: Channel
    sender: Sender
    number: int
    name: str
    fields: tuple[Field, ...]


class Message:
    """The base of all messages; `message` sets the spec."""

    __slots__ = ()
    side: ClassVar[tuple[Channel, Sender]]
    spec: ClassVar[MessageSpec]


class ToLobby(Message):
    """A message from a client to the lobby."""

    __slots__ = ()
    side = (Channel.LOBBY, Sender.CLIENT)


class FromLobby(Message):
    """A message from the lobby to a client."""

    __slots__ = ()
    side = (Channel.LOBBY, Sender.SERVER)


class ToMatch(Message):
    """A message from a client to a match."""

    __slots__ = ()
    side = (Channel.MATCH, Sender.CLIENT)


class FromMatch(Message):
    """A message from a match to a client."""

    __slots__ = ()
    side = (Channel.MATCH, Sender.SERVER)


M = TypeVar("M", bound=Message)


@dataclass_transform(frozen_default=True)
def message(number: int) -> Callable[[type[M]], type[M]]:
    """Make a class a message of the table: frozen, with the fields that its annotations declare.
    Its name in the table is that of the class, in snake case.
    """

    def declare(declared: type[M]) -> type[M]:
        made = frozen(declared)
        made.spec = MessageSpec(*made.side, number, _snake_case(made.__name__), fields_of(made))
        return made

    return declare


def fields_of(row: type) -> tuple[Field, ...]:
    """The fields that the annotations of a message or row class declare, in order."""
    hints = get_type_hints(row, include_extras=True)
    return tuple((each.name, _kind(hints[each.name])) for each in attrs.fields(row))


def _kind(hint: Any) -> Kind:
    """The kind in an `Annotated` hint, with the fields of its rows."""
    values, kind = get_args(hint)
    if isinstance(kind, Rows | Packed):
        row = get_args(values)[0]
        return attrs.evolve(kind, fields=fields_of(row), row=row)
    return kind  # type: ignore[no-any-return]


def _snake_case(name: str) -> str:
    return "".join(["_" * letter.isupper() + letter.lower() for letter in name]).lstrip("_")

"""Messages between processes: the one table of names and fields, and their encoding.

Owns: which message may go in which direction, and the exact types and sizes of its fields. Must not
know: sockets, what is done about a message. Invariant: what `decode` returns matches the table for
that direction in every type and limit; anything else raises `MessageError`.

A message is one CBOR array, [name, field, …], in one packet; descriptors accompany it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

import cbor2
from attrs import field, frozen

from game.wire.strict import NO_TAGS

PROTOCOL: Final = 4  # both sides of an upgrade must speak the same one
PACKET_BYTES_MAX: Final = 65_536
DESCRIPTORS_MAX: Final = 16
ROWS_MAX: Final = 16  # matches in one report; with 128 seats taken in each, it fits in a packet
HEAD_BYTES_MAX: Final = 49_152  # of what a client has sent before its socket is passed on
DEPTH_MAX: Final = 6

Check = Callable[[Any], bool]


class MessageError(Exception):
    """A message that the table does not allow."""


class MessageSender(Protocol):
    """The sending side of a `server.process.channel.Channel`."""

    @property
    def has_room(self) -> bool:
        """Whether the queue has room for messages that may be refused."""

    def send(self, name: str, *fields: Any, descriptors: tuple[int, ...] = ()) -> bool:
        """Send a message; False: the channel is closed."""


def integer(low: int = 0, high: int = 2**53) -> Check:
    """An integer; a bool does not pass."""
    return lambda value: type(value) is int and low <= value <= high


def text(bytes_max: int) -> Check:
    """A string of at most `bytes_max` bytes of UTF-8."""
    return lambda value: type(value) is str and len(value.encode()) <= bytes_max


def cut(value: str, bytes_max: int) -> str:
    """As much of a string as fits into `bytes_max` bytes."""
    return value.encode()[:bytes_max].decode(errors="ignore")


def octets(bytes_max: int) -> Check:
    """Bytes."""
    return lambda value: type(value) is bytes and len(value) <= bytes_max


def flag(value: Any) -> bool:
    """True or false."""
    return type(value) is bool


def seconds(value: Any) -> bool:
    """A time or a duration; never NaN."""
    return type(value) is float and -1e12 < value < 1e12


def setting(value: Any) -> bool:
    """A setting's value; the settings validate it again."""
    return type(value) in (int, float, bool, str) or listed(text(4_096), 1_000)(value)


def listed(check: Check, count_max: int = ROWS_MAX) -> Check:
    """A list of values of one kind."""
    return lambda value: (
        type(value) in (list, tuple) and len(value) <= count_max and all(map(check, value))
    )


def row(*checks: Check) -> Check:
    """A list of fixed length."""
    return lambda value: (
        type(value) in (list, tuple)
        and len(value) == len(checks)
        and all(check(item) for check, item in zip(checks, value, strict=True))
    )


@frozen
class Message:
    """One row of the table. `descriptors` is the least and the most that may accompany it."""

    checks: tuple[Check, ...] = ()
    descriptors: tuple[int, int] = (0, 0)

    def allows(self, fields: tuple[Any, ...]) -> bool:
        """Whether these fields fit the message."""
        return row(*self.checks)(fields)


@frozen
class Direction:
    """The messages of one direction between two kinds of processes."""

    name: str
    table: Mapping[str, Message] = field(repr=False)

    def encode(self, name: str, fields: tuple[Any, ...]) -> bytes:
        """Encode one of our own messages. Raises `MessageError` when it is too long."""
        assert self.table[name].allows(fields), f"{name}{fields!r:.200} is not in the table"
        packet = cbor2.dumps([name, *fields])
        if len(packet) > PACKET_BYTES_MAX:
            raise MessageError(f"{name} is too long: {len(packet)} bytes")
        return packet

    def decode(self, packet: bytes, descriptors: int) -> tuple[str, tuple[Any, ...]]:
        """Decode a packet to its name and fields. Raises `MessageError`."""
        name, fields = _loads(packet)
        message = self.table.get(name)
        if message is None:
            raise MessageError(f"{name!r:.40} is no message {self.name}")
        least, most = message.descriptors
        if not message.allows(fields) or not least <= descriptors <= most:
            raise MessageError(f"{name} {self.name} does not look like this")
        return name, fields


def _loads(packet: bytes) -> tuple[str, tuple[Any, ...]]:
    try:
        values = cbor2.loads(
            packet,
            max_depth=DEPTH_MAX,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=NO_TAGS,
        )
    except (cbor2.CBORError, ValueError, OverflowError) as error:
        raise MessageError(f"not CBOR: {str(error)[:40]}") from None
    if type(values) is not list or not values or type(values[0]) is not str:
        raise MessageError("not a message")
    return values[0], tuple(values[1:])


ID: Final = text(24)
NAME: Final = text(64)
LINE_BYTES_MAX: Final = 512
LINE: Final = text(LINE_BYTES_MAX)
FOLDER: Final = text(4_096)
PLACE: Final = integer(0, 100_000)
NUMBER: Final = integer()
LOW: Final = integer(-(2**31), 2**31)  # scores, winners, slots
SPEC: Final = (
    *(ID, NAME, NAME, NUMBER_62 := integer(0, 2**62), row(NUMBER, NUMBER, NUMBER), flag),
    octets(64),  # the secret of its later rounds
)
STATUS: Final = row(
    *(ID, NAME, NAME, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, flag),
    listed(ID, 128),  # seated players
    listed(ID, 128),  # players with a reservation
)
PLAYER: Final = row(LOW, ID, NAME, flag, LOW, LOW, LOW, flag, LOW)
RESULT: Final = row(
    *(ID, NUMBER, NAME, NAME, NUMBER_62, octets(64), seconds, seconds, LOW, LOW, LOW),
    listed(PLAYER, 512),
)
COUNT: Final = row(text(80), NUMBER)
FINDING: Final = row(ID, integer(-1), LINE)

# Every child says `alive` each second, so that the supervisor notices a hung process.
TO_CHILD: Final = Direction(
    "from the supervisor to a child",
    {
        "settings": Message((listed(row(text(80), setting), 256),)),
        "be_gateway": Message((), (2, DESCRIPTORS_MAX)),  # listeners: for workers, then for clients
        "be_worker": Message((PLACE,)),
        "places": Message((listed(PLACE, 600),)),  # the places whose workers to wait for
        "close": Message((seconds,)),
        "hurry": Message(),
        "step_down": Message(),  # another gateway takes over
        "rehearse": Message((FOLDER,)),
        "retire": Message(),
        "hand_over": Message((ID, FOLDER)),
        "adopt": Message(),
        "leave": Message(),  # exit cleanly
    },
)
TO_SUPERVISOR: Final = Direction(
    "from a child to the supervisor",
    {
        "alive": Message((NUMBER,)),  # matches, plus results that are not acknowledged
        "ready": Message((NUMBER, NAME)),  # protocol, version
        "serving": Message((listed(ID, 10_000), listed(row(ID, LINE), 10_000), seconds)),
        "failed": Message((LINE,)),  # why it cannot start in its role
        "rehearsed": Message((listed(FINDING, 10_000),)),
        "retiring": Message((listed(ID, 10_000),)),
        "handed_over": Message((ID, flag)),
    },
)
TO_WORKER: Final = Direction(
    "from the gateway to a worker",
    {
        "open": Message((NUMBER, *SPEC)),
        "reserve": Message((NUMBER, ID, ID, integer(0, 86_400))),
        "abandon": Message((NUMBER, ID)),
        "visit": Message((text(64), octets(HEAD_BYTES_MAX)), (1, 1)),
        "kept": Message((ID, NUMBER)),
        "close": Message((seconds,)),
    },
)
TO_GATEWAY: Final = Direction(
    "from a worker to the gateway",
    {
        "hello": Message((NUMBER, PLACE, flag)),  # protocol, place, whether it is retiring
        "report": Message((listed(STATUS, ROWS_MAX), listed(ID, 10_000))),
        "heard": Message((NUMBER,)),  # all commands up to this number are done and reported
        "counts": Message((listed(COUNT, 256), seconds, seconds)),  # counts, age of a tick, load
        "result": Message((RESULT,)),
        "moving": Message((ID,)),
        "stayed": Message((ID,)),
        "retiring": Message(),
        "closed": Message(),
    },
)
TO_OPERATOR: Final = Direction(
    "from the supervisor to an operator",
    {"note": Message((LINE,)), "done": Message((flag, LINE))},
)
FROM_OPERATOR: Final = Direction(
    "from an operator to the supervisor", {"upgrade": Message((NUMBER,))}
)

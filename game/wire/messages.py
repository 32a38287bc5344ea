"""THE table: every message that crosses a socket, and the codes that refuse or close.

One CBOR array per WebSocket binary message: `[number, field, field, …]`, positional, no maps, no
floats. `codec.py` reads and writes by the classes of this table, `export.py` writes the browser's
copy, and a fingerprint of it (with the tuning and the movement) goes first in every conversation.
"""

from enum import IntEnum
from typing import Final

from game.wire import lobby_messages, match_messages
from game.wire.schema import Message

SUBPROTOCOL: Final = "skirmish.1"
MESSAGE_BYTES_MAX: Final = 1024  # from a client; a longer one is closed with 1009


class Refusal(IntEnum):
    """Why something was refused, on either channel; the text beside it is for people."""

    OUTDATED = 1  # the fingerprint differs: reload
    NAME = 2
    MODE = 3
    MAP = 4
    ROOM = 5
    MATCH = 6
    FULL = 7
    TICKET = 8
    STATE = 9  # not allowed at this moment
    RATE = 10
    BUSY = 11  # the server admits no more


class CloseCode(IntEnum):
    """WebSocket close codes of ours, beside those of RFC 6455 section 7.4.1."""

    LEFT = 4000  # the client asked to
    SHUTDOWN = 4001
    TICKET = 4002  # forged, spent, expired, or for another match
    OUTDATED = 4003
    MALFORMED = 4004  # not in the table
    FLOOD = 4005
    IDLE = 4006  # sent nothing in time
    REPLACED = 4007  # the same seat connected again
    MATCH_OVER = 4008
    SLOW = 4009  # did not read for too long
    FAULT = 4010  # our bug: the match ended
    FULL = 4011
    MOVED = 4012  # another process resumes the match: reconnect at once with the resume token


# Every message, in the order in which they are declared.
MESSAGES: Final[tuple[type[Message], ...]] = tuple(
    value
    for module in (lobby_messages, match_messages)
    for value in vars(module).values()
    if isinstance(value, type) and hasattr(value, "spec")
)

"""THE table: every message that crosses a socket, with number, sender, fields and their limits.

One CBOR array per WebSocket binary message: `[number, field, field, …]`, positional, no maps, no
floats. `codec.py` reads and writes by this table, `export.py` writes the browser's copy, and a
fingerprint of it (with the tuning and the movement) goes first in every conversation. Retired
numbers stay here and are never reused.
"""

from enum import Enum, IntEnum
from typing import Final

from attrs import frozen

from game.inputs import AIM_MAX, BUTTONS_MAX, VIEW_LAG_MAX

SUBPROTOCOL: Final = "skirmish.1"
MESSAGE_BYTES_MAX: Final = 1024  # from a client; a longer one is closed with 1009
TICK_MAX: Final = 2**31 - 1
INPUT_STEPS_MAX: Final = 8
PACE_PERCENT_MAX: Final = 800


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
    """An array of at most `most` rows, each an array of exactly these fields."""

    most: int
    fields: "tuple[Field, ...]"


@frozen
class Packed:
    """A byte string of `least` to `most` groups; each field of a group is two bytes, big-endian.

    The message that every player sends thirty times a second is read by one `struct`, not cell by
    cell.
    """

    most: int
    fields: "tuple[Field, ...]"
    least: int = 0


@frozen
class Integers:
    """An array of 64-bit integers: a part of a snapshot, see `snapshot.py`."""


@frozen
class Sections:
    """An array of `Integers`: what every seat is sent, or what one seat sees; see `snapshot.py`."""


Kind = Int | Text | Bytes | Rows | Packed | Integers | Sections
Field = tuple[str, Kind]


class Channel(Enum):
    """Which conversation a message belongs to. Numbers are unique within a channel."""

    LOBBY = "lobby"
    MATCH = "match"


class Sender(Enum):
    """Which side may send a message."""

    CLIENT = "client"
    SERVER = "server"


@frozen
class Message:
    """One row of the table."""

    channel: Channel
    sender: Sender
    number: int
    name: str
    fields: tuple[Field, ...] = ()


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


TEXT: Final = Text(120)
NAME: Final = Text(40)  # room for 16 letters as people count them
WORD: Final = Text(24)
MATCH_ID: Final = Text(24)
CODE: Final = Text(24)  # nine letters; when typed, in any grouping
FLAG: Final = Int(0, 1)
TICK: Final = Int(0, TICK_MAX)
COUNT: Final = Int(0, 65_535)
NONCE: Final = Int(0, 2**32 - 1)
FINGERPRINT: Final = Bytes(8, 8)
TICKET: Final = Bytes(256, 1)
SLOT: Final = Int(-1, 127)
MARGIN: Final = Int(-128, 127)

_LC: Final = (Channel.LOBBY, Sender.CLIENT)
_LS: Final = (Channel.LOBBY, Sender.SERVER)
_MC: Final = (Channel.MATCH, Sender.CLIENT)
_MS: Final = (Channel.MATCH, Sender.SERVER)

# fmt: off
MESSAGES: tuple[Message, ...] = (
    # The lobby: who you are, and where you want to play.
    Message(*_LC, 1, "hello", (
        ("fingerprint", FINGERPRINT), ("name", NAME), ("session", Bytes(64)),
    )),
    Message(*_LC, 2, "play", (("mode", WORD),)),
    Message(*_LC, 3, "cancel"),
    Message(*_LC, 4, "create_room", (("mode", WORD), ("map", WORD))),
    Message(*_LC, 5, "join_room", (("code", CODE),)),
    Message(*_LC, 6, "start_room", (("bots", Int(0, 127)), ("bot_level", Int(1, 5)))),
    Message(*_LC, 7, "leave_room"),
    Message(*_LC, 8, "list_matches"),
    Message(*_LC, 9, "join_match", (("match", MATCH_ID),)),
    Message(*_LC, 10, "watch_match", (("match", MATCH_ID),)),
    Message(*_LC, 11, "ping", (("nonce", NONCE),)),
    Message(*_LC, 12, "rename", (("name", NAME),)),
    Message(*_LS, 64, "welcome", (
        ("fingerprint", FINGERPRINT), ("name", NAME), ("session", Bytes(64)), ("online", COUNT),
        ("modes", Rows(16, (
            ("name", WORD), ("title", WORD), ("players_min", COUNT), ("players_max", COUNT),
        ))),
        ("maps", Rows(64, (
            ("name", WORD), ("title", WORD), ("players_min", COUNT), ("players_max", COUNT),
            ("modes", COUNT),  # bit i: the mode in row i of `modes` can be played on it
        ))),
        ("name_note", TEXT),  # why the name differs from the one asked for; "": it does not
    )),
    Message(*_LS, 65, "queued", (("mode", WORD), ("waiting", COUNT), ("bots_in_s", COUNT))),
    Message(*_LS, 66, "idle"),
    Message(*_LS, 67, "room", (
        ("code", CODE), ("mode", WORD), ("map", WORD), ("owner", FLAG), ("players_max", COUNT),
        ("members", Rows(128, (("name", NAME),))),
    )),
    Message(*_LS, 68, "seat", (
        ("match", MATCH_ID), ("path", Text(64)), ("ticket", TICKET), ("watch", FLAG),
    )),
    Message(*_LS, 69, "matches", (("matches", Rows(50, (
        ("match", MATCH_ID), ("mode", WORD), ("map", WORD), ("people", COUNT), ("bots", COUNT),
        ("players_max", COUNT), ("watchers", COUNT), ("phase", Int(0, 5)), ("seconds_left", COUNT),
    ))),)),
    Message(*_LS, 70, "refused", (("about", COUNT), ("code", Int(1, 255)), ("text", TEXT))),
    Message(*_LS, 71, "pong", (("nonce", NONCE), ("online", COUNT))),
    Message(*_LS, 72, "notice", (("text", TEXT), ("seconds", COUNT))),
    # A match: a ticket for a seat, then inputs up and snapshots down.
    Message(*_MC, 1, "join", (("fingerprint", FINGERPRINT), ("ticket", TICKET))),
    Message(*_MC, 2, "input", (
        ("first_tick", TICK), ("view_lag", Int(0, VIEW_LAG_MAX)),  # eighths of a tick
        ("steps", Packed(INPUT_STEPS_MAX, (
            ("buttons", Int(0, BUTTONS_MAX)), ("aim", Int(0, AIM_MAX)),
        ), 1)),
    )),
    Message(*_MC, 3, "vote", (("option", Int(0, 3)),)),
    Message(*_MC, 4, "ping", (("nonce", NONCE), ("round_trip_ms", COUNT))),  # its last measurement
    Message(*_MC, 5, "leave"),
    # A replay, in place of a join: a viewer has no seat, and chooses the tick of a round to see.
    Message(*_MC, 6, "view", (("fingerprint", FINGERPRINT),)),
    Message(*_MC, 7, "seek", (("tick", TICK),)),
    Message(*_MC, 8, "pace", (("percent", Int(0, PACE_PERCENT_MAX)),)),  # 100: as it was; 0: pause
    Message(*_MS, 64, "welcome", (  # again at the start of every further round
        ("slot", SLOT), ("tick", TICK), ("match", MATCH_ID), ("mode", WORD), ("map", WORD),
        ("map_digest", Text(16)), ("resume", Bytes(256)),
        ("score_limit", COUNT), ("players_max", COUNT),
        ("vote_maps", Rows(4, (("name", WORD), ("title", WORD)))), ("round", COUNT),
    )),
    Message(*_MS, 65, "full", (
        ("tick", TICK), ("margin", MARGIN), ("own", Integers()), ("state", Sections()),
        ("sight", Sections()),
    )),
    Message(*_MS, 66, "snapshot", (
        ("ticks", Int(1, 255)), ("margin", MARGIN), ("own", Integers()), ("state", Sections()),
        ("sight", Sections()),
    )),
    Message(*_MS, 67, "roster", (("rows", Rows(128, (
        ("slot", SLOT), ("name", NAME), ("bot", FLAG), ("connected", FLAG), ("ping_ms", COUNT),
    ))),)),
    # `held_ms`: how long the ping waited for the tick that answered it; not part of the round trip.
    Message(*_MS, 68, "pong", (("nonce", NONCE), ("tick", TICK), ("held_ms", COUNT))),
    Message(*_MS, 69, "refused", (("code", Int(1, 255)), ("text", TEXT))),
    Message(*_MS, 70, "notice", (("text", TEXT), ("seconds", COUNT))),
    Message(*_MS, 71, "reel", (  # the ticks that can be shown; sent again while they grow
        ("first_tick", TICK), ("last_tick", TICK), ("live", FLAG), ("delay_s", COUNT),
    )),
    Message(*_MS, 72, "marks", (  # more deaths, to the second; killer -1: several died in it
        ("kills", Rows(256, (("tick", TICK), ("victim", SLOT), ("killer", SLOT)))),
    )),
)
# fmt: on

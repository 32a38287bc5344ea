"""The lobby's messages: who a client is, and where they want to play. See `schema.py`.

Retired numbers stay listed and are never reused: none so far.
"""

from typing import Annotated

from attrs import frozen

from game.wire.field_types import (
    Code,
    Count,
    Fingerprint,
    Flag,
    MatchId,
    Name,
    Nonce,
    Sentence,
    SessionToken,
    Ticket,
    Word,
)
from game.wire.schema import FromLobby, Int, Rows, Text, ToLobby, message


@message(1)
class Hello(ToLobby):
    """The first message. `session` is what the last welcome said, or empty."""

    fingerprint: Fingerprint
    name: Name
    session: SessionToken


@message(2)
class Play(ToLobby):
    """Queue for a mode."""

    mode: Word


@message(3)
class Cancel(ToLobby):
    """Leave the queue."""


@message(4)
class CreateRoom(ToLobby):
    """Open a private room."""

    mode: Word
    map: Word


@message(5)
class JoinRoom(ToLobby):
    """Enter somebody's room."""

    code: Code


@message(6)
class StartRoom(ToLobby):
    """Begin the match of one's own room."""

    bots: Annotated[int, Int(0, 127)]
    bot_level: Annotated[int, Int(1, 5)]


@message(7)
class LeaveRoom(ToLobby):
    """Leave the room."""


@message(8)
class ListMatches(ToLobby):
    """Ask for the public matches."""


@message(9)
class JoinMatch(ToLobby):
    """Ask for a seat of a running match."""

    match: MatchId


@message(10)
class WatchMatch(ToLobby):
    """Ask for a spectator's place at a running match."""

    match: MatchId


@message(11)
class Ping(ToLobby):
    """Answered at once by a `Pong` with the same nonce."""

    nonce: Nonce


@message(12)
class Rename(ToLobby):
    """Ask for another name."""

    name: Name


@frozen
class ModeRow:
    """A mode that can be played here."""

    name: Word
    title: Word
    players_min: Count
    players_max: Count


@frozen
class MapRow:
    """A map that can be played here. Bit i of `modes`: the mode in row i of `Welcome.modes`."""

    name: Word
    title: Word
    players_min: Count
    players_max: Count
    modes: Count


@message(64)
class Welcome(FromLobby):
    """The answer to a hello. `name_note` says why the name is not the requested one; else empty."""

    fingerprint: Fingerprint
    name: Name
    session: SessionToken
    online: Count
    modes: Annotated[tuple[ModeRow, ...], Rows(16)]
    maps: Annotated[tuple[MapRow, ...], Rows(64)]
    name_note: Sentence


@message(65)
class Queued(FromLobby):
    """The client waits for a match; bots fill it in `bots_in_s` seconds."""

    mode: Word
    waiting: Count
    bots_in_s: Count


@message(66)
class Idle(FromLobby):
    """The client neither waits nor is in a room."""


@frozen
class RoomMember:
    """Somebody in a room."""

    name: Name


@message(67)
class Room(FromLobby):
    """The state of the client's room; `owner`: it is theirs."""

    code: Code
    mode: Word
    map: Word
    owner: Flag
    players_max: Count
    members: Annotated[tuple[RoomMember, ...], Rows(128)]


@message(68)
class Seat(FromLobby):
    """A ticket for a seat or, with `watch`, a spectator's place. It is valid at `path`."""

    match: MatchId
    path: Annotated[str, Text(64)]
    ticket: Ticket
    watch: Flag


@frozen
class MatchRow:
    """A public match."""

    match: MatchId
    mode: Word
    map: Word
    people: Count
    bots: Count
    players_max: Count
    watchers: Count
    phase: Annotated[int, Int(0, 5)]
    seconds_left: Count


@message(69)
class Matches(FromLobby):
    """The public matches."""

    matches: Annotated[tuple[MatchRow, ...], Rows(50)]


@message(70)
class Refused(FromLobby):
    """Why the message with the number `about` was not obeyed; `code` is a `Refusal`."""

    about: Count
    code: Annotated[int, Int(1, 255)]
    text: Sentence


@message(71)
class Pong(FromLobby):
    """The answer to a ping."""

    nonce: Nonce
    online: Count


@message(72)
class Notice(FromLobby):
    """A sentence for everybody, about what happens in so many seconds."""

    text: Sentence
    seconds: Count

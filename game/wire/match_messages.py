"""A match's messages: a ticket for a seat, then inputs up and snapshots down. See `schema.py`.

Retired numbers stay listed and are never reused: none so far.
"""

from typing import Annotated, Final

from attrs import frozen

from game.inputs import AIM_MAX, BUTTONS_MAX, VIEW_LAG_MAX
from game.wire.field_types import (
    Count,
    Fingerprint,
    Flag,
    MatchId,
    Name,
    Nonce,
    Sentence,
    Slot,
    Tick,
    Ticket,
    Word,
)
from game.wire.schema import (
    Bytes,
    FromMatch,
    Int,
    Integers,
    Packed,
    Rows,
    Sections,
    Text,
    ToMatch,
    message,
)

INPUT_STEPS_MAX: Final = 8
SPEED_PERCENT_MAX: Final = 800

Margin = Annotated[int, Int(-128, 127)]


@message(1)
class Join(ToMatch):
    """The first message: a ticket from the lobby, or the resume token of the last welcome."""

    fingerprint: Fingerprint
    ticket: Ticket


@frozen
class Step:
    """The keys that one tick's input holds down, and where it aims: see `game/inputs.py`."""

    buttons: Annotated[int, Int(0, BUTTONS_MAX)]
    aim: Annotated[int, Int(0, AIM_MAX)]


@message(2)
class Inputs(ToMatch):
    """Inputs for consecutive ticks. `view_lag` is how far behind `first_tick` the player's screen
    shows the others, in eighths of a tick.
    """

    first_tick: Tick
    view_lag: Annotated[int, Int(0, VIEW_LAG_MAX)]
    steps: Annotated[tuple[Step, ...], Packed(INPUT_STEPS_MAX, least=1)]


@message(3)
class Vote(ToMatch):
    """Vote for the next map: an index into `Welcome.vote_maps`."""

    option: Annotated[int, Int(0, 3)]


@message(4)
class Ping(ToMatch):
    """Answered by a `Pong` in the next tick. `round_trip_ms` is the client's last measurement."""

    nonce: Nonce
    round_trip_ms: Count


@message(5)
class Leave(ToMatch):
    """Give up the seat."""


@message(6)
class OpenReplay(ToMatch):
    """The first message to a replay, in place of a join: a viewer has no seat."""

    fingerprint: Fingerprint


@message(7)
class Seek(ToMatch):
    """Show the replay from this tick on."""

    tick: Tick


@message(8)
class Speed(ToMatch):
    """How fast a replay runs. 100: as it was played; 0: paused."""

    percent: Annotated[int, Int(0, SPEED_PERCENT_MAX)]


@frozen
class MapChoice:
    """A map that may be voted for."""

    name: Word
    title: Word


@message(64)
class Welcome(FromMatch):
    """Sent before the first snapshot of each round. `resume` is the token that leads back to the
    seat.
    """

    slot: Slot
    tick: Tick
    match: MatchId
    mode: Word
    map: Word
    map_digest: Annotated[str, Text(16)]
    resume: Annotated[bytes, Bytes(256)]
    score_limit: Count
    players_max: Count
    vote_maps: Annotated[tuple[MapChoice, ...], Rows(4)]
    round: Count


@message(65)
class FullSnapshot(FromMatch):
    """A view that needs no other to be read. `margin`: ticks that the last input arrived early."""

    tick: Tick
    margin: Margin
    own: Annotated[tuple[int, ...], Integers()]
    state: Annotated[tuple[tuple[int, ...], ...], Sections()]
    sight: Annotated[tuple[tuple[int, ...], ...], Sections()]


@message(66)
class DeltaSnapshot(FromMatch):
    """A view as changes to the one before, which is `ticks` older."""

    ticks: Annotated[int, Int(1, 255)]
    margin: Margin
    own: Annotated[tuple[int, ...], Integers()]
    state: Annotated[tuple[tuple[int, ...], ...], Sections()]
    sight: Annotated[tuple[tuple[int, ...], ...], Sections()]


@frozen
class RosterRow:
    """Somebody in the match."""

    slot: Slot
    name: Name
    bot: Flag
    connected: Flag
    ping_ms: Count


@message(67)
class Roster(FromMatch):
    """Everybody in the match."""

    rows: Annotated[tuple[RosterRow, ...], Rows(128)]


@message(68)
class Pong(FromMatch):
    """The answer to a ping. `held_ms` is how long the ping waited for the tick that answered it: it
    is not part of the round trip.
    """

    nonce: Nonce
    tick: Tick
    held_ms: Count


@message(69)
class Refused(FromMatch):
    """Why the connection is about to be closed; `code` is a `Refusal`."""

    code: Annotated[int, Int(1, 255)]
    text: Sentence


@message(70)
class Notice(FromMatch):
    """A sentence for everybody, about what happens in so many seconds."""

    text: Sentence
    seconds: Count


@message(71)
class Timeline(FromMatch):
    """The ticks of a replay that can be shown; sent again while they grow."""

    first_tick: Tick
    last_tick: Tick
    live: Flag
    delay_s: Count


@frozen
class KillMark:
    """A death on a replay's timeline, to the second. Killer -1: several died in that second."""

    tick: Tick
    victim: Slot
    killer: Slot


@message(72)
class Marks(FromMatch):
    """More deaths of a replay."""

    kills: Annotated[tuple[KillMark, ...], Rows(256)]

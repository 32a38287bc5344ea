"""Attendance: how much each member may send, and how long they may be silent, slow or idle.

Owns: the windows of `MatchSettings`. Must not know: the world, Trio (time is the match's age in
ticks). A ping shows that the client is connected; an input shows that somebody plays. Only inputs
keep a seat.
"""

from typing import Final

from game.tuning import TICKS_PER_SECOND
from game.wire.messages import CloseCode
from server.match.counters import MatchCounters
from server.match.seating import Seating
from server.match.settings import MatchSettings

CHECKED_EVERY_TICKS: Final = 15  # four times a second


class Attendance:
    """The attendance check of one match."""

    def __init__(self, settings: MatchSettings, counters: MatchCounters, seating: Seating) -> None:
        """Check the members in `seating` against the windows of `settings`."""
        self.settings = settings
        self.counters = counters
        self.seating = seating

    def check(self, age: int) -> None:
        """Refill allowances, and disconnect members who are silent, slow or idle for too long."""
        settings, counters = self.settings, self.counters
        refill = settings.messages_per_s * CHECKED_EVERY_TICKS // TICKS_PER_SECOND
        burst: int = settings.messages_burst
        silent_ticks: int = settings.silent_s * TICKS_PER_SECOND
        slow_ticks: int = settings.slow_s * TICKS_PER_SECOND
        idle_ticks: int = settings.idle_s * TICKS_PER_SECOND
        for member in self.seating.connected():
            allowance = member.allowance + refill
            member.allowance = allowance if allowance < burst else burst
            late, early = member.inbox.take_counts()
            if late or early:
                counters.inputs_late += late
                counters.inputs_early += early
            member.note_inputs(age)
            if age - member.heard_age > silent_ticks:
                member.end(CloseCode.IDLE, f"nothing heard for {settings.silent_s} s")
            elif age - member.written_age > slow_ticks:
                member.end(CloseCode.SLOW, f"nothing read for {settings.slow_s} s")
            elif member.slot >= 0 and age - member.played_age > idle_ticks:
                member.end(CloseCode.IDLE, f"no input for {settings.idle_s} s: the seat is free")
                self.seating.vacate(member)

"""Attendance: how much each member may send, and how long they may be silent, slow or idle.

Owns: the windows of `MatchSettings`. Must not know: the world, Trio (time is the match's age in
ticks). A ping shows that the client is connected, an input that somebody plays: only inputs keep
a seat.
"""

from attrs import define

from game.tuning import TICKS_PER_SECOND
from game.wire.messages import CloseCode
from server.match.counters import MatchCounters
from server.match.members import Member
from server.match.seating import Seating
from server.match.settings import MatchSettings

CHECKED_EVERY_TICKS = 15  # four times a second


@define
class Attendance:
    """The attendance check of one match."""

    settings: MatchSettings
    counters: MatchCounters
    seating: Seating

    def check(self, age: int) -> None:
        """Refill allowances, and disconnect members who are no longer there."""
        settings = self.settings
        refill = settings.messages_per_s * CHECKED_EVERY_TICKS // TICKS_PER_SECOND
        for member in self.seating.connected():
            member.allowance = min(settings.messages_burst, member.allowance + refill)
            late, early = member.inbox.take_counts()
            self.counters.inputs_late += late
            self.counters.inputs_early += early
            member.note_inputs(age)
            self._part(member, age)

    def _part(self, member: Member, age: int) -> None:
        settings = self.settings
        if age - member.heard_age > settings.silent_s * TICKS_PER_SECOND:
            member.end(CloseCode.IDLE, f"nothing heard for {settings.silent_s} s")
        elif age - member.written_age > settings.slow_s * TICKS_PER_SECOND:
            member.end(CloseCode.SLOW, f"nothing read for {settings.slow_s} s")
        elif member.slot >= 0 and age - member.played_age > settings.idle_s * TICKS_PER_SECOND:
            member.end(CloseCode.IDLE, f"no input for {settings.idle_s} s: the seat is free")
            self.seating.vacate(member)

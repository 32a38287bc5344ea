"""What a worker tells the gateway of its matches: only what changed since it last told.

Owns: what was told on this link. Must not know: sockets, Trio. Invariant: after `tell`, the gateway
knows every match as it is now, and which of its commands that includes.
"""

from collections.abc import Iterator
from typing import Protocol

from attrs import define, field

from server.match.match import Match
from server.match.status import MatchStatus
from server.process.messages import ROWS_MAX
from server.process.mirror import Link
from server.process.rows import Report


class Matches(Protocol):
    """See `server.match.directory.Directory`."""

    def statuses(self) -> list[MatchStatus]:
        """All matches."""

    def find(self, match_id: str) -> Match | None:
        """One of them."""


@define(eq=False)
class Reporter:
    """One link's."""

    matches: Matches
    link: Link
    heard: int = 0  # the last command that was done
    _told: dict[str, Report] = field(factory=dict)
    _heard_told: int = -1

    def tell(self) -> None:
        """Say what is news."""
        now = {report.status.match_id: report for report in self._reports()}
        news = [report.row() for key, report in now.items() if self._told.get(key) != report]
        gone = [match_id for match_id in self._told if match_id not in now]
        self._told = now
        for start in range(0, len(news), ROWS_MAX):
            self.link.say("report", news[start : start + ROWS_MAX], [])
        if gone:
            self.link.say("report", [], gone)
        if self.heard != self._heard_told:
            self._heard_told = self.heard
            self.link.say("heard", self.heard)

    def forget(self, match_id: str) -> None:
        """The gateway was told in another way that this match is not here any more."""
        self._told.pop(match_id, None)

    def _reports(self) -> Iterator[Report]:
        for status in self.matches.statuses():
            match = self.matches.find(status.match_id)
            if match is None or match.ended_reason:
                continue
            seating = match.seating
            seated = frozenset(member.player_id for member in seating.players.values())
            yield Report(status, seated, frozenset(seating.reserved) - seated)

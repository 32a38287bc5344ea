"""A worker's reports of its matches to the gateway: only changes since the last report.

Owns: what was reported on this link. Must not know: sockets, Trio. Invariant: after `tell`, the
gateway knows the current state of every match, and which of its commands that state includes.
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
    """See `server.match.registry.MatchRegistry`."""

    def statuses(self) -> list[MatchStatus]:
        """All matches."""

    def find(self, match_id: str) -> Match | None:
        """One of them."""


@define(eq=False)
class Reporter:
    """The reporter of one link."""

    matches: Matches
    link: Link
    heard: int = 0  # number of the last command that was executed
    _told: dict[str, Report] = field(factory=dict)
    _heard_told: int = -1

    def tell(self) -> None:
        """Send what has changed."""
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
        """Drop a match without a report: the gateway was already told that it moves away."""
        self._told.pop(match_id, None)

    def _reports(self) -> Iterator[Report]:
        for status in self.matches.statuses():
            match = self.matches.find(status.match_id)
            if match is None or match.ended_reason:
                continue
            seating = match.seating
            seated = frozenset(member.player_id for member in seating.players.values())
            yield Report(status, seated, frozenset(seating.reserved) - seated)

"""A match's status for the lobby, and the lobby's requests. Frozen values, so they could
cross a process boundary.
"""

from attrs import frozen

from game.modes import MODES
from game.world import Phase


class RegistryFullError(Exception):
    """This process has no room for another match, or is shutting down."""


@frozen
class BotPolicy:
    """How many bots play: `count`, or enough to bring the match to `population` if that is more."""

    count: int = 0
    population: int = 0
    level: int = 3

    def wanted(self, people: int, players_max: int) -> int:
        """Bots that should be playing beside `people` people; people always come first."""
        count = max(self.count, self.population - people)
        return max(0, min(count, players_max - people))


@frozen
class MatchStatus:
    """One row of the list of matches."""

    match_id: str
    mode: str
    map_name: str
    people: int  # connected or within their resume window
    bots: int
    reserved: int  # seats reserved for tickets that were not used yet
    players_max: int
    watchers: int
    phase: int
    seconds_left: int  # of the phase; 0: open end
    private: bool

    @property
    def open_seats(self) -> int:
        """Seats that a person could take now: empty ones, and those of bots."""
        if self.mode in MODES and not MODES[self.mode].may_enter(self.phase):
            return 0
        return self.players_max - self.people - self.reserved

    @property
    def is_over(self) -> bool:
        """Whether the match is ending and no longer admits players."""
        return self.phase >= Phase.OVER

"""What the lobby may know of a match, and what it may ask for. Frozen values: they could cross a
process border.
"""

from attrs import frozen

from game.modes import MODES
from game.world import Phase


class DirectoryFullError(Exception):
    """No further match fits into this process, or it is going down."""


@frozen
class BotPolicy:
    """How many bots keep seats warm: `count` of them, or as many as bring the match to
    `population`.
    """

    count: int = 0
    population: int = 0
    level: int = 3

    def wanted(self, people: int, players_max: int) -> int:
        """Bots that should be playing beside `people` people; people always come first."""
        wish = max(self.count, self.population - people)
        return max(0, min(wish, players_max - people))


@frozen
class MatchStatus:
    """One line of the list of matches."""

    match_id: str
    mode: str
    map_name: str
    people: int  # connected or within their resume window
    bots: int
    reserved: int  # seats promised to tickets that have not come yet
    players_max: int
    watchers: int
    phase: int
    seconds_left: int  # of the phase; 0: open end
    private: bool

    @property
    def open_seats(self) -> int:
        """Seats that a person could play from now: empty ones, and those that bots keep warm."""
        if self.mode in MODES and not MODES[self.mode].may_enter(self.phase):
            return 0
        return self.players_max - self.people - self.reserved

    @property
    def is_over(self) -> bool:
        """Whether it ends now, and nobody can come in any more."""
        return self.phase >= Phase.OVER

"""Everybody against everybody: a kill is a point, a suicide takes one."""

from attrs import frozen

from game.modes.base import Mode
from game.tuning import TICKS_PER_SECOND
from game.world import Player


@frozen
class FreeForAll(Mode):
    """Each player is a team of his own, numbered by his slot."""

    def team_of(self, player: Player) -> int:
        """The player's own slot."""
        return player.slot


DEATHMATCH = FreeForAll(
    name="deathmatch",
    title="Deathmatch",
    players_min=2,
    players_max=16,
    score_limit=25,
    time_limit_ticks=8 * 60 * TICKS_PER_SECOND,
)

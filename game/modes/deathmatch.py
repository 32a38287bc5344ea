"""Everybody against everybody: a kill is a point, a suicide takes one."""

from attrs import frozen

from game.modes.base import Mode
from game.tuning import TICKS_PER_SECOND
from game.world import Player, World


@frozen
class FreeForAll(Mode):
    """Each player is a team of one, numbered by slot."""

    def team_of(self, player: Player) -> int:
        """The player's own slot."""
        return player.slot

    def scores(self, world: World) -> dict[int, int]:
        """Points by slot: the same as by `team_of`, without the calls. Called in every fight."""
        return {slot: player.score for slot, player in world.players.items()}

    def is_over(self, world: World) -> bool:
        """The same as for any mode; in most ticks nobody is near the limit."""
        for player in world.players.values():
            if player.score >= world.config.score_limit:
                return super().is_over(world)
        return False


DEATHMATCH = FreeForAll(
    name="deathmatch",
    title="Deathmatch",
    players_min=2,
    players_max=16,
    score_limit=25,
    time_limit_ticks=8 * 60 * TICKS_PER_SECOND,
)

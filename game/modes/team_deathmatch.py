"""Two sides: a kill is a point for the player and the side, a suicide takes one from both."""

from attrs import frozen

from game.events import Event
from game.modes.teams import TeamMode
from game.tuning import TICKS_PER_SECOND
from game.world import Player, World


@frozen
class TeamDeathmatch(TeamMode):
    """First to the limit, or ahead when the time is up; on a tie the next point wins."""

    def on_kill(self, world: World, killer: Player, victim: Player, events: list[Event]) -> None:
        """Score for the side too. Teammates cannot hurt each other, so a victim is an enemy."""
        super().on_kill(world, killer, victim, events)
        world.team_scores[killer.team - 1] += -1 if killer is victim else 1


TEAM_DEATHMATCH = TeamDeathmatch(
    name="team-deathmatch",
    title="Team deathmatch",
    players_min=4,
    players_max=16,
    score_limit=40,
    time_limit_ticks=10 * 60 * TICKS_PER_SECOND,
    population=8,
)

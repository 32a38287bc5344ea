"""A mode's decisions, and nothing else: sides, friendly fire, places to spawn, what scores,
when it is won.

Owns: the hooks. Must not know: how anything is simulated. Invariant: a mode keeps no state; all of
it is in the World, so every match of a process can share a mode. `referee.py` owns phases and their
order.
"""

from collections.abc import Sequence

from attrs import frozen

from game.arena import Arena, Spawn
from game.events import Event
from game.world import MatchConfig, Player, World

VOTE_MAPS_MAX = 4


@frozen
class Mode:
    """The hooks, with the answers of most modes; a mode must at least define `team_of`."""

    name: str
    title: str
    players_min: int
    players_max: int
    score_limit: int  # 0: points end nothing
    time_limit_ticks: int  # 0: open end
    population: int = 0  # bots fill a public match up to this many players
    teams: int = 0  # sides; 0: free for all
    wants_own_map: bool = False  # played only on maps that name it
    wants_flags: bool = False  # one for each side
    is_rated: bool = False  # a human who leaves while points count loses

    def configure(self, arena: Arena, seed: int, vote_maps: Sequence[str] = ()) -> MatchConfig:
        """The usual config of this mode on `arena`; a host may make its own instead."""
        return MatchConfig(
            mode=self.name,
            map_name=arena.name,
            seed=seed,
            players_min=self.players_min,
            players_max=min(self.players_max, arena.players_max),
            score_limit=self.score_limit,
            time_limit_ticks=self.time_limit_ticks,
            vote_maps=tuple(vote_maps[:VOTE_MAPS_MAX]),
        )

    def suits(self, arena: Arena) -> bool:
        """Whether it can be played on this map, by some number of players."""
        is_meant = self.name in arena.modes if arena.modes else not self.wants_own_map
        return (
            is_meant
            and arena.players_max >= self.players_min
            and arena.players_min <= self.players_max
        )

    def begin(self, world: World) -> None:
        """Set up the mode's state in the world: for a new match, its countdown and its play."""
        world.team_scores = [0] * self.teams

    def team_for(self, world: World, bot: int) -> int:
        """The side for a player who joins now and is not in the world yet."""
        return 0

    def may_enter(self, phase: int) -> bool:
        """Whether a player who joins now spawns at once; otherwise they wait for the next round."""
        return True

    def on_leave(self, world: World, leaver: Player, events: list[Event]) -> None:
        """Handle a player's departure; they are already removed from the world."""

    def run(self, world: World, events: list[Event]) -> None:
        """Run the mode's rules at the end of a tick, after all shots; only in worlds with flags."""

    def team_of(self, player: Player) -> int:
        """The side a player scores for; it is what `World.winner` names."""
        raise NotImplementedError

    def may_hurt(self, attacker: Player, victim: Player) -> bool:
        """Whether a hit does damage. Players may hurt themselves."""
        return attacker is victim or self.team_of(attacker) != self.team_of(victim)

    def spawns_for(self, world: World, player: Player) -> Sequence[Spawn]:
        """This player's possible spawns; the rules choose the one farthest from living enemies."""
        return world.arena.spawns

    # A score may change only in a tick that has an event: the referee skips all other ticks.

    def on_kill(self, world: World, killer: Player, victim: Player, events: list[Event]) -> None:
        """Give points. A suicide comes with `killer is victim`."""
        if killer is victim:
            killer.score -= 1
        else:
            killer.score += 1

    def scores(self, world: World) -> dict[int, int]:
        """Points by team, in ascending order of the slots that are in it."""
        totals: dict[int, int] = {}
        for player in world.players.values():
            team = self.team_of(player)
            totals[team] = totals.get(team, 0) + player.score
        return totals

    def leader(self, world: World) -> int:
        """The team that leads alone, or -1 on a tie and in an empty match."""
        totals = self.scores(world)
        best = max(totals.values(), default=0)
        leaders = [team for team, score in totals.items() if score == best]
        return leaders[0] if len(leaders) == 1 else -1

    def rank(self, player: Player) -> tuple[int, ...]:
        """The sort key of a scoreboard, best first."""
        return (-player.score, player.deaths, player.slot)

    def is_over(self, world: World) -> bool:
        """Whether somebody has won before the time is up: the limit reached, and leading alone."""
        best = max(self.scores(world).values(), default=0)
        return best >= world.config.score_limit and self.leader(world) >= 0

"""The common part of modes with two sides: who plays on each, their spawns, their points.

Owns: the balance of sides. Must not know: what scores. Invariant: a player who joins gets the
smaller side, and a countdown begins with sides that differ by one player at most.
"""

from collections.abc import Sequence
from typing import cast

from attrs import frozen

from game.arena import Arena, Spawn
from game.modes.base import Mode
from game.world import Phase, Player, World


@frozen
class TeamMode(Mode):
    """Two sides, team 1 and team 2, whose points are in `World.team_scores`."""

    teams: int = 2

    def begin(self, world: World) -> None:
        """Reset points; even out the sides, except once play has begun."""
        super().begin(world)
        if world.phase != Phase.PLAY:
            _even_out(world)

    def team_for(self, world: World, bot: int) -> int:
        """The side with fewer players, then fewer humans (if a human joins), then fewer points."""

        def weight(team: int) -> tuple[int, int, int, int]:
            mates = [player for player in world.players.values() if player.team == team]
            people = 0 if bot else sum(not player.bot for player in mates)
            return len(mates), people, world.team_scores[team - 1], team

        return min((1, 2), key=weight)

    def team_of(self, player: Player) -> int:
        """1 or 2."""
        return player.team

    def spawns_for(self, world: World, player: Player) -> Sequence[Spawn]:
        """The spawns of the player's side, on a map that has them."""
        return team_spawns(world.arena, player.team)

    def scores(self, world: World) -> dict[int, int]:
        """Points by team. A player's points stay with the side when the player leaves."""
        return dict(enumerate(world.team_scores, start=1))


def team_spawns(arena: Arena, team: int) -> Sequence[Spawn]:
    """The spawns of one side; all if the map has none for it. Computed once per arena."""
    key = f"spawns of team {team}"
    known = arena.derived.get(key)
    if known is None:
        own = tuple(place for place in arena.spawns if place.team == team)
        known = arena.derived[key] = own or arena.spawns
    return cast(Sequence[Spawn], known)


def _even_out(world: World) -> None:
    """Move the highest slots, bots before humans, from the larger side to the smaller."""
    while True:
        sides: dict[int, list[Player]] = {1: [], 2: []}
        for player in world.players.values():
            sides[player.team].append(player)
        larger = 1 if len(sides[1]) > len(sides[2]) else 2
        if len(sides[larger]) - len(sides[3 - larger]) < 2:
            return
        mover = max(sides[larger], key=lambda player: (player.bot, player.slot))
        mover.team = 3 - larger

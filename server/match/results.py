"""How a round ended, as the record that the store keeps.

Owns: reading the final scoreboard. Must not know: how it is stored.
"""

from collections.abc import Sequence

from game.modes import MODES
from server.match.members import Member
from server.match.rounds import RoundPlan
from server.match.rules import World
from server.match.seating import Seating
from server.store.base import MatchResult, PlayerResult


def standings(world: World, seating: Seating) -> list[PlayerResult]:
    """The results of all players in the round, best first."""
    rows = []
    for player in sorted(world.players.values(), key=MODES[world.config.mode].rank):
        member = seating.players.get(player.slot)
        bot_name = seating.bots.names.get(player.slot, "")
        rows.append(player_result(player, member, bot_name))
    return rows


def player_result(player: World, member: Member | None, bot_name: str = "") -> PlayerResult:
    """The current result of `player`. A player without a member is a bot."""
    return PlayerResult(
        slot=player.slot,
        player_id=member.player_id if member is not None else "",
        name=member.name if member is not None else bot_name,
        bot=bool(player.bot),
        score=player.score,
        kills=player.kills,
        deaths=player.deaths,
        team=player.team,
    )


def round_result(
    world: World,
    plan: RoundPlan,
    players: Sequence[PlayerResult],
    digest: bytes,
    times_s: tuple[float, float],
) -> MatchResult:
    """The result of the round in `plan`. `times_s`: Unix time of its start and end."""
    red, blue = world.team_scores or (0, 0)
    return MatchResult(
        match_id=plan.match_id,
        round_number=plan.number,
        mode=plan.config.mode,
        map_name=plan.config.map_name,
        seed=plan.config.seed,
        digest=digest,
        started_s=times_s[0],
        ended_s=times_s[1],
        winner=world.winner,
        red=red,
        blue=blue,
        players=tuple(players),
    )

"""How a round ended, as the record that the store keeps.

Owns: reading the final scoreboard. Must not know: how it is stored.
"""

from server.match.rounds import RoundPlan
from server.match.rules import World
from server.match.seating import Seating
from server.store.base import MatchResult, PlayerResult


def round_result(
    world: World, plan: RoundPlan, seating: Seating, digest: bytes, times_s: tuple[float, float]
) -> MatchResult:
    """The result of the round in `plan`, best player first. `times_s`: Unix time of its start and
    end.
    """
    rows = [_row(player, seating) for player in world.players.values()]
    rows.sort(key=lambda row: (-row.score, row.deaths, row.slot))
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
        players=tuple(rows),
    )


def _row(player: World, seating: Seating) -> PlayerResult:
    member = seating.players.get(player.slot)
    return PlayerResult(
        slot=player.slot,
        player_id=member.player_id if member is not None else "",
        name=member.name if member is not None else seating.crew.names.get(player.slot, ""),
        bot=bool(player.bot),
        score=player.score,
        kills=player.kills,
        deaths=player.deaths,
    )

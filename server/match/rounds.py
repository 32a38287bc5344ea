"""The rounds of a match: their maps, votes and seeds, and the result of each for the store.

Owns: the order of maps, and reading the final scoreboard. Must not know: sockets, how results are
stored. Pure: the same arguments give the same plan. Invariant: what is published about a round, its
seed included, reveals nothing about the next round's seed.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence

from attrs import frozen

from game.arena import Arena
from game.modes import MODES
from game.wire.shot_numbers import KEY_BYTES
from game.world import MatchConfig
from server.match.members import Member
from server.match.rules import World
from server.match.seating import Seating
from server.match.status import BotPolicy
from server.store.base import MatchResult, PlayerResult

VOTE_MAPS_MAX = 4
ID_BYTES = 6
SEED_BITS = 62
SECRET_BYTES = 16
_SEED_DOMAIN = b"skirmish round 1\0"
_SHOTS_DOMAIN = b"skirmish shots 1\0"


@frozen
class MatchSpec:
    """A match's parameters."""

    match_id: str
    mode: str
    map_name: str
    seed: int  # of the first round
    bots: BotPolicy
    private: bool = False
    secret: bytes = b""  # the seeds of later rounds derive from it; never leaves the server


def new_spec(
    maps: Mapping[str, Arena], mode: str, map_name: str = "", *, private: bool, bots: BotPolicy
) -> MatchSpec:
    """The spec of a new match; without a map name, on the largest that fits the mode.

    Raises `KeyError` for an unknown mode or map.
    """
    name = map_name or fitting_maps(maps, mode, bots.population)[-1]
    return MatchSpec(
        match_id=secrets.token_hex(ID_BYTES),
        mode=MODES[mode].name,
        map_name=maps[name].name,
        seed=secrets.randbits(SEED_BITS),
        bots=bots,
        private=private,
        secret=secrets.token_bytes(SECRET_BYTES),
    )


@frozen
class RoundPlan:
    """A round's parameters."""

    match_id: str
    config: MatchConfig
    arena: Arena
    number: int


def fitting_maps(maps: Mapping[str, Arena], mode_name: str, seats: int = 0) -> list[str]:
    """Names of the maps made for this mode that seat at least `seats`, smallest first."""
    mode = MODES[mode_name]
    names = [
        name
        for name, arena in maps.items()
        if mode.suits(arena) and min(arena.players_max, mode.players_max) >= seats
    ]
    return sorted(names, key=lambda name: (maps[name].players_max, name))


def plan_round(
    maps: Mapping[str, Arena], spec: MatchSpec, map_name: str, number: int, seats: int
) -> RoundPlan:
    """The round `number` on `map_name`. The vote offers the maps that follow it and seat `seats`,
    and this map last.
    """
    mode = MODES[spec.mode]
    arena = maps[map_name]
    names = fitting_maps(maps, spec.mode, seats)
    at = names.index(map_name) if map_name in names else -1
    others = names[at + 1 :] + names[: max(at, 0)]
    config = MatchConfig(
        mode=spec.mode,
        map_name=map_name,
        seed=round_seed(spec, number),
        players_min=mode.players_min,
        players_max=min(mode.players_max, arena.players_max),
        score_limit=mode.score_limit,
        time_limit_ticks=mode.time_limit_ticks,
        vote_maps=(*others[: VOTE_MAPS_MAX - 1], map_name),
    )
    return RoundPlan(spec.match_id, config, arena, number)


def round_seed(spec: MatchSpec, number: int) -> int:
    """The seed of a round. Without `spec.secret`, no earlier journal predicts later seeds."""
    if number == 0:
        return spec.seed
    return int.from_bytes(_derived(spec, number, _SEED_DOMAIN)[:8], "big") >> (64 - SEED_BITS)


def shot_key(spec: MatchSpec, number: int) -> bytes:
    """The key of a round's shot numbers on the wire; it is in no journal and sent to no seat."""
    return _derived(spec, number, _SHOTS_DOMAIN)[:KEY_BYTES]


def next_map(maps: Mapping[str, Arena], plan: RoundPlan, voted: str, people: int) -> str:
    """The voted map; the current one when there are more people than the voted map seats."""
    if voted in maps and maps[voted].players_max >= people:
        return voted
    return plan.config.map_name


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


def _derived(spec: MatchSpec, number: int, domain: bytes) -> bytes:
    message = spec.seed.to_bytes(8, "big") + number.to_bytes(8, "big")
    return hmac.digest(spec.secret, domain + message, "sha256")

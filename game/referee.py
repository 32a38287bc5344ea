"""The phases of a match: warm-up, countdown, play, overtime, scoreboard with the vote, over.

Owns: when a phase begins and ends, what is reset then, who won, the next map. Must not know: how
points are scored (the mode does). Invariant: a phase changes only here, and each change is
announced by a PHASE event.

    WARMUP ──enough present──► COUNTDOWN ──3 s──► PLAY ──won, or time up───► SCOREBOARD ──► OVER
      ▲ ▲───somebody left──────────┘               ├───tied──► OVERTIME ──led─────┘
      └─────────────nobody is left─────────────────┴──────────────┘
    In a rated mode, a human who leaves in PLAY or OVERTIME ends the match: SCOREBOARD.
"""

from typing import Final

from game.events import Event, EventKind
from game.medals import award_medals
from game.modes import MODES
from game.rng import draw_below
from game.spawning import spawn_everybody
from game.world import Phase, Player, World

SHOOTING: Final = (Phase.WARMUP, Phase.PLAY, Phase.OVERTIME)
SCORING: Final = (Phase.PLAY, Phase.OVERTIME)


def open_phase(world: World, events: list[Event]) -> None:
    """Enter the phase that is due by presence or time, at the start of a tick."""
    due = world.phase_end_tick and world.tick >= world.phase_end_tick
    if world.phase == Phase.WARMUP:
        if _has_enough(world):
            _enter(world, Phase.COUNTDOWN, world.tuning.countdown_ticks, events)
            _start_afresh(world, events)
    elif world.phase == Phase.COUNTDOWN:
        if not _has_enough(world):
            _enter(world, Phase.WARMUP, 0, events)
        elif due:
            _enter(world, Phase.PLAY, world.config.time_limit_ticks, events)
            _start_afresh(world, events)
    elif world.phase in SCORING:
        if not world.players:
            _enter(world, Phase.WARMUP, 0, events)
    elif world.phase == Phase.SCOREBOARD and due:
        world.next_map = _count_votes(world)
        _enter(world, Phase.OVER, 0, events)


def close_phase(world: World, events: list[Event]) -> None:
    """Check for a win, at the end of a tick. In overtime the first to lead alone wins."""
    if world.phase not in SCORING or not world.players:
        return
    due = world.phase_end_tick and world.tick >= world.phase_end_tick
    if not events and not due and world.phase == Phase.PLAY:
        return  # points come with events: nothing can have been won
    mode = MODES[world.config.mode]
    is_tied_at_the_end = world.phase == Phase.PLAY and due and mode.leader(world) < 0
    if is_tied_at_the_end:
        _enter(world, Phase.OVERTIME, world.tuning.overtime_ticks_max, events)
    elif due or mode.is_over(world) or (world.phase == Phase.OVERTIME and mode.leader(world) >= 0):
        _finish(world, mode.leader(world), events)


def forfeit(world: World, leaver: Player, events: list[Event]) -> None:
    """End a rated match when a human leaves while points count; the leader of the rest wins. A bot
    that gives up its seat to a human ends nothing.
    """
    mode = MODES[world.config.mode]
    if mode.is_rated and not leaver.bot and world.phase in SCORING:
        _finish(world, mode.leader(world), events)


def _has_enough(world: World) -> bool:
    present = sum(player.connected for player in world.players.values())
    return present >= world.config.players_min


def _enter(world: World, phase: Phase, ticks: int, events: list[Event]) -> None:
    world.phase = int(phase)
    world.phase_end_tick = world.tick + ticks if ticks else 0
    events.append((EventKind.PHASE, world.phase, world.phase_end_tick))


def _start_afresh(world: World, events: list[Event]) -> None:
    """Reset the world: no points, no shots in the air, every pad full, everybody on a spawn."""
    world.shots = {}
    world.pad_ready_ticks = [0] * len(world.arena.pads)
    world.first_blood = 0
    world.winner = -1
    for player in world.players.values():
        _forget_score(player)
    MODES[world.config.mode].begin(world)
    spawn_everybody(world, events)


def _forget_score(player: Player) -> None:
    player.score = player.kills = player.deaths = 0
    player.streak = player.streak_best = 0
    player.shots = player.hits = 0
    player.damage_dealt = player.damage_taken = 0
    player.medals = player.place = 0
    player.vote = -1


def _finish(world: World, leader: int, events: list[Event]) -> None:
    world.winner = leader
    world.shots = {}
    award_medals(world, events)
    _enter(world, Phase.SCOREBOARD, world.tuning.scoreboard_ticks, events)


def _count_votes(world: World) -> str:
    """The map with most votes, ties at random; without votes the next map in the list."""
    maps = world.config.vote_maps
    if not maps:
        return world.config.map_name
    votes = [0] * len(maps)
    for player in world.players.values():
        if player.vote >= 0:
            votes[player.vote] += 1
    most = max(votes)
    if most == 0:
        here = maps.index(world.config.map_name) if world.config.map_name in maps else -1
        return maps[(here + 1) % len(maps)]
    best = [name for name, count in zip(maps, votes, strict=True) if count == most]
    return best[draw_below(world, len(best))] if len(best) > 1 else best[0]

"""The range of every number that the rules compute with, and the check for numbers out of range.

Owns: the table. Must not know: where numbers come from. In compiled code, a field of a player, a
shot or a flag is a 64-bit integer, which wraps where Python's would grow. Invariant: with all
numbers in these ranges, no operation on two such integers exceeds 64 bits, and nothing is raised;
the largest results are a blast's damage (2**60), squares of distances (2**37) and products with a
sine (2**32). A dump has 32 bits for each number.

Numbers are checked where they enter: the tuning, the map and the config by `game.new`, a world from
a journal by `game.journal.soundness`, commands by `game.seating`, map files by `game.tiled`,
messages by `game.wire`. Players' buttons are masked by `game.seating`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final, NamedTuple

from game.arena import Arena
from game.inputs import AIM_MAX, BUTTON_BITS, COMMAND_VALUE_MAX, VIEW_LAG_MAX, VIEW_LAG_PER_TICK
from game.modes import MODES
from game.modes.base import VOTE_MAPS_MAX
from game.movement import STEP_UNITS_MAX
from game.tuning import (
    PICKUPS,
    TILE_UNITS,
    TURN,
    CircleStage,
    PickupKind,
    PickupTuning,
    Tuning,
    Weapon,
    WeaponTuning,
)
from game.world import NEVER_TICK, Circle, Flag, MatchConfig, Phase, Player, Shot, World


class Range(NamedTuple):
    """low ≤ value ≤ high"""

    low: int
    high: int


SLOTS_MAX: Final = 128
SIDE_TILES_MAX: Final = 256
SCORE_LIMIT_MAX: Final = 65_535  # the wire's `COUNT`
TUNING_NUMBER_MAX: Final = 1 << 20  # about ten times the longest range of a weapon
COUNT_MAX: Final = 1 << 30  # half of what a dump's 32 bits hold: counts may keep growing
STAGES_MAX: Final = 64
PELLETS_MAX: Final = 64
# One player's shots, with all weapons: then those of a full match fit into a section of the wire.
SHOTS_IN_FLIGHT_MAX: Final = 72
# Leaves room before NEVER_TICK for the longest timers: a circle that stands and then shrinks.
WORLD_TICK_MAX: Final = NEVER_TICK - 2 * TUNING_NUMBER_MAX - 1

_BIT = Range(0, 1)
_SLOT = Range(0, SLOTS_MAX - 1)
_WEAPON = Range(0, len(Weapon) - 1)
_PLACE = Range(0, SIDE_TILES_MAX * TILE_UNITS - 1)  # x or y, in units
_SPEED = Range(-TILE_UNITS + 1, TILE_UNITS - 1)  # of one axis: less than a tile in a tick
_TICK = Range(0, NEVER_TICK)
_COUNT = Range(0, COUNT_MAX)
_SCORE = Range(-COUNT_MAX, COUNT_MAX)
_NUMBER = Range(0, TUNING_NUMBER_MAX)
_POSITIVE = Range(1, TUNING_NUMBER_MAX)
_REACH = Range(0, TILE_UNITS - 1)  # no farther than the neighbouring tiles
_PERCENT = Range(0, 100)

PLAYER: Mapping[str, Range] = {
    **dict.fromkeys(("bot", "connected", "alive"), _BIT),
    "slot": _SLOT,
    "team": Range(0, COMMAND_VALUE_MAX >> 1),  # a mode without sides takes any
    **dict.fromkeys(("x", "y"), _PLACE),
    **dict.fromkeys(("vx", "vy", "dash_vx", "dash_vy"), _SPEED),
    **dict.fromkeys(("dash_until_tick", "dash_ready_tick", "fire_ready_tick"), _TICK),
    **dict.fromkeys(("protected_until_tick", "double_until_tick", "respawn_tick"), _TICK),
    "buttons": Range(0, BUTTON_BITS),
    "aim": Range(0, AIM_MAX),
    "view_lag": Range(0, VIEW_LAG_MAX),
    "weapon": _WEAPON,
    **dict.fromkeys(("health", "armour", "ammo"), _NUMBER),
    "score": _SCORE,
    **dict.fromkeys(("kills", "deaths", "streak", "streak_best", "shots", "hits"), _COUNT),
    **dict.fromkeys(("damage_dealt", "damage_taken"), _COUNT),
    "medals": Range(0, 255),
    "place": Range(0, SLOTS_MAX),
    "vote": Range(-1, VOTE_MAPS_MAX - 1),
}
SHOT: Mapping[str, Range] = {
    "number": _COUNT,
    "weapon": _WEAPON,
    "owner": _SLOT,
    **dict.fromkeys(("x", "y"), _PLACE),
    **dict.fromkeys(("vx", "vy"), _SPEED),
    "end_tick": _TICK,
    **dict.fromkeys(("bounces_left", "power"), _NUMBER),
    "counted": _BIT,
}
FLAG: Mapping[str, Range] = {
    **dict.fromkeys(("x", "y"), _PLACE),
    "holder": Range(-2, SLOTS_MAX - 1),
    "return_tick": _TICK,
}
CIRCLE: Mapping[str, Range] = {
    **dict.fromkeys(("x", "y", "next_x", "next_y"), _PLACE),
    **dict.fromkeys(("radius", "next_radius", "first_radius"), _PLACE),
    **dict.fromkeys(("begin_tick", "end_tick"), _TICK),
    "stage": Range(0, STAGES_MAX - 1),
}
WORLD: Mapping[str, Range] = {
    "tick": Range(0, WORLD_TICK_MAX),
    "random_state": Range(0, (1 << 64) - 1),
    "phase": Range(0, max(Phase)),
    "phase_end_tick": _TICK,
    "next_shot": _COUNT,
    "harm": Range(0, 1 << 60),
    "pad_ready_ticks": _TICK,
    "first_blood": Range(-1, SLOTS_MAX),
    "winner": Range(-1, COMMAND_VALUE_MAX >> 1),
    "team_scores": _SCORE,
}
CONFIG: Mapping[str, Range] = {
    "seed": Range(0, (1 << 63) - 1),
    "players_min": Range(0, SLOTS_MAX),
    "players_max": Range(0, SLOTS_MAX),
    "score_limit": Range(0, SCORE_LIMIT_MAX),
    "time_limit_ticks": _NUMBER,
}

# All other numbers of a tuning are in `_NUMBER`.
TUNING: Mapping[str, Range] = {
    "player_radius_units": Range(STEP_UNITS_MAX, TILE_UNITS // 2 - 1),
    **dict.fromkeys(("run_speed", "speed_max", "pickup_reach_units"), _REACH),
    "dash_speed": Range(1, TILE_UNITS - 1),
    **dict.fromkeys(("health_at_spawn", "health_decay_ticks", "own_blast_divisor"), _POSITIVE),
    # Zero means open-ended: with it, none of these would end.
    **dict.fromkeys(("countdown_ticks", "scoreboard_ticks", "circle_hurt_ticks"), _POSITIVE),
    "rewind_ticks_max": Range(0, VIEW_LAG_MAX // VIEW_LAG_PER_TICK),
}
WEAPON: Mapping[str, Range] = {
    "interval_ticks": _POSITIVE,
    "speed": _REACH,
    "pellets": Range(1, PELLETS_MAX),
    "spread": Range(0, TURN),
}
STAGE: Mapping[str, Range] = {"shrink_ticks": _POSITIVE, "radius_percent": _PERCENT}

RANGES: Mapping[type, Mapping[str, Range]] = {
    Player: PLAYER,
    Shot: SHOT,
    Flag: FLAG,
    Circle: CIRCLE,
    World: WORLD,
    MatchConfig: CONFIG,
    Tuning: TUNING,
    WeaponTuning: WEAPON,
    PickupTuning: {},
    CircleStage: STAGE,
}


def range_of(kind: type, name: str) -> Range:
    """The range of a field of one of these records."""
    return RANGES[kind].get(name, _NUMBER)


def out_of_range(record: Any) -> Iterator[tuple[str, object]]:
    """Yield name and value of each field of a record that has a number out of range."""
    for field in fields(record):
        value = getattr(record, field.name)
        low, high = range_of(record.__class__, field.name)
        for number in value if isinstance(value, list | tuple) else (value,):
            if isinstance(number, int) and not low <= number <= high:
                yield field.name, value
                break


def must_be_playable(config: MatchConfig, arena: Arena, tuning: Tuning) -> None:
    """Raise ValueError, with a sentence, if a match with these could not be played to its end."""
    for what, faults in (
        ("this tuning", faults_of_tuning(tuning)),
        ("this map", _faults_of_arena(arena)),
        ("this match", faults_of_config(config)),
    ):
        if fault := next(faults, ""):
            raise ValueError(f"{what} cannot be played: {fault}")


def faults_of_tuning(tuning: Tuning) -> Iterator[str]:
    """Faults of a tuning, and of the pickups."""
    if len(tuning.weapons) != len(Weapon):
        yield f"its tuning has {len(tuning.weapons)} weapons, and there are {len(Weapon)}"
        return
    if not 1 <= len(tuning.circle_stages) <= STAGES_MAX:
        yield f"its tuning has {len(tuning.circle_stages)} stages of the circle"
    if PICKUPS.keys() != set(PickupKind):
        yield "not every kind of pickup has its numbers"
    for part in (tuning, *tuning.weapons, *tuning.circle_stages, *PICKUPS.values()):
        for name, number in out_of_range(part):
            yield f"its tuning has a {name} of {number}"
    yield from _faults_of_weapons(tuning.weapons)
    percents = [100, *(stage.radius_percent for stage in tuning.circle_stages)]
    if percents != sorted(percents, reverse=True):
        yield "its tuning has a circle that grows"


def _faults_of_weapons(weapons: tuple[WeaponTuning, ...]) -> Iterator[str]:
    in_flight = 0
    for number, weapon in enumerate(weapons):
        is_at_once = number in (Weapon.SCATTER, Weapon.RAIL)
        if is_at_once == bool(weapon.speed):
            yield f"the shots of its {weapon.name} must {'arrive at once' if is_at_once else 'fly'}"
        if weapon.speed:
            in_flight += weapon.life_ticks // max(weapon.interval_ticks, 1) + 1
    if in_flight > SHOTS_IN_FLIGHT_MAX:
        yield f"its tuning lets {in_flight} shots of one player fly at the same time"
    scatter = weapons[Weapon.SCATTER]
    if scatter.pellets < 2 or not scatter.range_units:
        yield f"its {scatter.name} has no fan of pellets"


def faults_of_config(config: MatchConfig) -> Iterator[str]:
    """Faults of a match's config."""
    if config.mode not in MODES:
        yield f"there is no mode {config.mode!r:.20}"
    if len(config.vote_maps) > VOTE_MAPS_MAX:
        yield f"it has {len(config.vote_maps)} maps to vote for"
    for name, number in out_of_range(config):
        yield f"it has a {name} of {number}"


def _faults_of_arena(arena: Arena) -> Iterator[str]:
    width, height = arena.width, arena.height
    if not (0 < width <= SIDE_TILES_MAX and 0 < height <= SIDE_TILES_MAX):
        yield f"it has {width} × {height} tiles; a side has at most {SIDE_TILES_MAX}"
    if not len(arena.walls) == len(arena.open_cells) == width * height:
        yield "it has another number of tiles than its sides say"
    places = [(spawn.x, spawn.y) for spawn in arena.spawns]
    places += [(pad.x, pad.y) for pad in arena.pads] + [(base.x, base.y) for base in arena.flags]
    for x, y in places:
        if not (0 <= x < width * TILE_UNITS and 0 <= y < height * TILE_UNITS):
            yield f"something stands beside it, at {x}, {y}"
    if any(not 0 <= spawn.aim <= AIM_MAX for spawn in arena.spawns):
        yield "somebody appears and looks nowhere"

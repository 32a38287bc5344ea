"""Whether a world that came from outside is one that the rules can go on from.

Owns: the few things about a world and a tuning that the rules take for granted and that would hurt
most where they do not hold: a way that never meets a wall, a loop without an end. Must not know:
records. Invariant: a world and a tuning without a fault are stepped in bounded time; a match that
was played has none. What else a forger may think of ends in an error of the rules, which `replay`
tells.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from game.collision import is_wall
from game.modes import MODES
from game.rewind import history_ticks
from game.seating import SLOTS_MAX
from game.tuning import TILE_UNITS, Tuning, Weapon
from game.world import Flag, Player, Shot, World

NUMBER_MAX = 1 << 20  # of a tuning; the longest range has a tenth of it
PELLETS_MAX = 64
SEED_MAX = (1 << 64) - 1
ENTITY_NUMBER_MAX = 1 << 30  # a dump has 32 bits for each, and a match some time to go on
HISTORY_BYTES = 12  # slot, x, y


def fault_of(world: World) -> str:
    """The first thing that is wrong with a world and its tuning; "" when nothing is."""
    return next(_faults(world), "")


def _faults(world: World) -> Iterator[str]:
    yield from _faults_of_tuning(world.tuning)
    config, arena = world.config, world.arena
    if config.mode not in MODES:
        yield f"there is no mode {config.mode!r:.20}"
    if not 0 <= world.random_state <= SEED_MAX:
        yield "the state of its dice is none"
    if len(world.pad_ready_ticks) != len(arena.pads):
        yield f"it has {len(world.pad_ready_ticks)} pads, and the map {len(arena.pads)}"
    if len(world.history) > history_ticks(world.tuning):
        yield f"it remembers {len(world.history)} ticks"
    if any(len(line) % HISTORY_BYTES for line in world.history):
        yield "what it remembers is no list of places"
    if list(world.players) != sorted(world.players) or len(world.players) > SLOTS_MAX:
        yield "its players are not in order of their slots"
    if not 0 <= world.next_shot <= ENTITY_NUMBER_MAX:
        yield f"its next shot would have number {world.next_shot}"
    for slot, player in world.players.items():
        yield from _faults_of_player(world, slot, player)
    for team, flag in world.flags.items():
        yield from _faults_of_entity(flag)
        if not 1 <= team <= len(arena.flags) or is_wall(arena, flag.x, flag.y):
            yield f"the flag of team {team} is nowhere"
        if flag.holder >= 0 and flag.holder not in world.players:
            yield f"the flag of team {team} is carried by nobody"
    for number, shot in world.shots.items():
        yield from _faults_of_shot(world, number, shot)


def _faults_of_entity(entity: Player | Shot | Flag) -> Iterator[str]:
    for name, value in _values(entity):
        numbers = value if isinstance(value, list) else [value]
        if any(abs(number) > ENTITY_NUMBER_MAX for number in numbers):
            yield f"it has a {type(entity).__name__.lower()} whose {name} is {value}"


def _faults_of_player(world: World, slot: int, player: Player) -> Iterator[str]:
    yield from _faults_of_entity(player)
    if slot != player.slot or not 0 <= slot < SLOTS_MAX:
        yield f"the player in slot {slot} says that he is in {player.slot}"
    if is_wall(world.arena, player.x, player.y):
        yield f"player {slot} stands in a wall"
    weapons = len(world.tuning.weapons)
    if not 0 <= player.weapon < weapons or len(player.ammo) != weapons:
        yield f"player {slot} has a weapon that is none"


def _faults_of_shot(world: World, number: int, shot: Shot) -> Iterator[str]:
    yield from _faults_of_entity(shot)
    if number != shot.number or number >= world.next_shot:
        yield f"shot {number} has a number that was never given out"
    if is_wall(world.arena, shot.x, shot.y):
        yield f"shot {number} is in a wall"
    if not -TILE_UNITS < min(shot.vx, shot.vy) <= max(shot.vx, shot.vy) < TILE_UNITS:
        yield f"shot {number} flies further than a tile in a tick"
    if shot.owner not in world.players or not 0 <= shot.weapon < len(world.tuning.weapons):
        yield f"shot {number} is nobody's"


def _faults_of_tuning(tuning: Tuning) -> Iterator[str]:
    if len(tuning.weapons) != len(Weapon):
        yield f"its tuning has {len(tuning.weapons)} weapons"
    parts: tuple[Any, ...] = (tuning, *tuning.weapons, *tuning.circle_stages)
    for part in parts:
        for name, number in _values(part):
            if isinstance(number, int) and not 0 <= number <= NUMBER_MAX:
                yield f"its tuning has a {name} of {number}"
    reach = (tuning.pickup_reach_units, 2 * tuning.player_radius_units)
    speeds = (tuning.run_speed, tuning.dash_speed, tuning.speed_max)
    if max(*speeds, *reach, *[weapon.speed for weapon in tuning.weapons]) >= TILE_UNITS:
        yield "its tuning lets somebody reach further than a tile in a tick"
    if tuning.player_radius_units <= 0:
        yield "its tuning has players without a body"
    if any(weapon.pellets > PELLETS_MAX for weapon in tuning.weapons):
        yield "its tuning has a weapon of too many pellets"


def _values(record: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(record):
        yield field.name, getattr(record, field.name)

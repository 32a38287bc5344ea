"""Checks that a world from outside is one that the rules can continue from.

Owns: how the parts of a world must fit together, beyond the ranges of its numbers
(`game/bounds.py`). Must not know: records. Invariant: a world and a tuning without a fault are
stepped in bounded time; a match that was played has no fault. Any other forgery ends in an error of
the rules, which `replay` reports.
"""

from collections.abc import Iterator

from game.bounds import SLOTS_MAX, faults_of_config, faults_of_tuning, out_of_range
from game.collision import is_wall
from game.rewind import history_ticks
from game.world import NO_CIRCLE, Circle, Flag, Player, Shot, World

HISTORY_BYTES = 12  # slot, x, y


def fault_of(world: World) -> str:
    """The first thing that is wrong with a world and its tuning; "" when nothing is."""
    return next(_faults(world), "")


def _faults(world: World) -> Iterator[str]:
    yield from faults_of_tuning(world.tuning)
    yield from faults_of_config(world.config)
    for name, value in out_of_range(world):
        yield f"it has a {name} of {value!s:.40}"
    if len(world.pad_ready_ticks) != len(world.arena.pads):
        yield f"it has {len(world.pad_ready_ticks)} pads, and the map {len(world.arena.pads)}"
    if len(world.history) > history_ticks(world.tuning):
        yield f"it remembers {len(world.history)} ticks"
    if any(len(line) % HISTORY_BYTES for line in world.history):
        yield "what it remembers is no list of places"
    if list(world.players) != sorted(world.players) or len(world.players) > SLOTS_MAX:
        yield "its players are not in order of their slots"
    for slot, player in world.players.items():
        yield from _faults_of_player(world, slot, player)
    for team, flag in world.flags.items():
        yield from _faults_of_entity(flag)
        if not 1 <= team <= len(world.arena.flags) or is_wall(world.arena, flag.x, flag.y):
            yield f"the flag of team {team} is nowhere"
        if flag.holder >= 0 and flag.holder not in world.players:
            yield f"the flag of team {team} is carried by nobody"
    for number, shot in world.shots.items():
        yield from _faults_of_shot(world, number, shot)
    if world.circle != NO_CIRCLE:
        yield from _faults_of_circle(world, world.circle)


def _faults_of_entity(entity: Player | Shot | Flag | Circle) -> Iterator[str]:
    for name, value in out_of_range(entity):
        yield f"it has a {type(entity).__name__.lower()} whose {name} is {value}"


def _faults_of_player(world: World, slot: int, player: Player) -> Iterator[str]:
    yield from _faults_of_entity(player)
    if slot != player.slot:
        yield f"the player in slot {slot} says that they are in {player.slot}"
    if is_wall(world.arena, player.x, player.y):
        yield f"player {slot} stands in a wall"
    if player.vote >= len(world.config.vote_maps):
        yield f"player {slot} votes for map {player.vote} of {len(world.config.vote_maps)}"
    if len(player.ammo) != len(world.tuning.weapons):
        yield f"player {slot} has ammunition for {len(player.ammo)} weapons"


def _faults_of_shot(world: World, number: int, shot: Shot) -> Iterator[str]:
    yield from _faults_of_entity(shot)
    if number != shot.number or number >= world.next_shot:
        yield f"shot {number} has a number that was never given out"
    if is_wall(world.arena, shot.x, shot.y):
        yield f"shot {number} is in a wall"
    if shot.owner not in world.players:
        yield f"shot {number} is nobody's"


def _faults_of_circle(world: World, circle: Circle) -> Iterator[str]:
    yield from _faults_of_entity(circle)
    stages = world.tuning.circle_stages
    if circle.begin_tick >= circle.end_tick or circle.stage >= len(stages):
        yield "its circle closes at no time"
        return
    planned = circle.first_radius * stages[circle.stage].radius_percent // 100
    if not planned == circle.next_radius <= circle.radius:
        yield f"its circle closes to {circle.next_radius}, and not from {circle.radius}"

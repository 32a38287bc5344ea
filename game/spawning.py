"""Spawning: the place, and the player's state.

Owns: the choice of a spawn and the state of a fresh body. Must not know: why somebody died.
Invariant: a player who spawns is alive, at rest, on one of the mode's spawns.
"""

from collections.abc import Sequence
from typing import Final

from game.arena import Spawn
from game.events import Event, EventKind
from game.grid import CELL_UNITS, Crowd
from game.modes import MODES
from game.rng import draw_below
from game.tuning import Weapon
from game.world import NEVER_TICK, Player, World

SPAWNS_WEIGHED_MAX: Final = 32  # if there are more, this many are sampled: a tick's time is limited
_NOWHERE_NEAR: Final = 1 << 62  # the squared distance when there is no enemy


def spawn(world: World, player: Player, events: list[Event]) -> Spawn:
    """Bring one player to life at the spawn farthest from the player's living enemies. Ties are
    broken at random.
    """
    mode = MODES[world.config.mode]
    team = mode.team_of(player)
    enemies = [
        other
        for other in world.players.values()
        if other.alive and other is not player and mode.team_of(other) != team
    ]
    spawns = _some_of(world, mode.spawns_for(world, player))
    distances = clearances(spawns, Crowd(enemies))
    place = _choose(world, spawns, distances)
    _embody(world, player, place)
    events.append((EventKind.SPAWN, player.slot, place.x, place.y))
    return place


def spawn_everybody(world: World, events: list[Event]) -> None:
    """Respawn all players, each far from those placed before, enemies or not, so that teams spread
    out too.
    """
    world.history.clear()  # nobody can be shot where they stood before this
    mode = MODES[world.config.mode]
    of_team = {player.team: mode.spawns_for(world, player) for player in world.players.values()}
    nearest = {team: [_NOWHERE_NEAR] * len(spawns) for team, spawns in of_team.items()}
    for player in world.players.values():
        place = _choose(world, of_team[player.team], nearest[player.team])
        for team, spawns in of_team.items():
            x, y = place.x, place.y
            nearest[team] = [
                known if known < (way := (at.x - x) * (at.x - x) + (at.y - y) * (at.y - y)) else way
                for known, at in zip(nearest[team], spawns, strict=True)
            ]
        _embody(world, player, place)
        events.append((EventKind.SPAWN, player.slot, place.x, place.y))


def sit_out(world: World, player: Player, events: list[Event]) -> None:
    """Seat a player who joined too late for this round: dead until the next, without a place."""
    place = world.arena.spawns[0]
    player.x, player.y = place.x, place.y
    player.respawn_tick = NEVER_TICK
    events.append((EventKind.OUT, player.slot, 0))


def _some_of(world: World, spawns: Sequence[Spawn]) -> Sequence[Spawn]:
    if len(spawns) <= SPAWNS_WEIGHED_MAX:
        return spawns
    first = draw_below(world, len(spawns))
    stride = len(spawns) // SPAWNS_WEIGHED_MAX
    return [spawns[(first + n * stride) % len(spawns)] for n in range(SPAWNS_WEIGHED_MAX)]


def clearances(spawns: Sequence[Spawn], enemies: Crowd[Player]) -> list[int]:
    """Squared distances to the nearest enemy: exact for the farthest spawns, and some lower value
    for all others.
    """
    distances, most = [], -1
    for place in spawns:
        distance = _clearance(place, enemies, most)
        distances.append(distance)
        most = max(most, distance)
    return distances


def _clearance(place: Spawn, enemies: Crowd[Player], enough: int) -> int:
    """One squared distance. An enemy nearer than `enough` ends the search: the spawn is no good."""
    x, y = place.x, place.y
    reach = CELL_UNITS // 2
    while True:
        near = enemies.near(x, y, reach)
        nearest = _NOWHERE_NEAR
        for enemy in near:
            off_x, off_y = enemy.x - x, enemy.y - y
            nearest = min(nearest, off_x * off_x + off_y * off_y)
        if nearest <= reach * reach or nearest < enough or len(near) == len(enemies.people):
            return nearest
        reach *= 2


def _choose(world: World, spawns: Sequence[Spawn], distances: Sequence[int]) -> Spawn:
    farthest = max(distances)
    best = [
        place for place, distance in zip(spawns, distances, strict=True) if distance == farthest
    ]
    return best[draw_below(world, len(best))] if len(best) > 1 else best[0]


def _embody(world: World, player: Player, place: Spawn) -> None:
    tuning, tick = world.tuning, world.tick
    player.x, player.y = place.x, place.y
    player.vx = player.vy = player.dash_vx = player.dash_vy = 0
    player.dash_until_tick = player.dash_ready_tick = player.fire_ready_tick = tick
    player.alive = 1
    player.health = tuning.health_at_spawn
    player.armour = 0
    player.weapon = int(Weapon.BLASTER)
    player.ammo = [weapon.ammo_at_spawn for weapon in tuning.weapons]
    player.protected_until_tick = tick + tuning.protection_ticks
    player.double_until_tick = player.respawn_tick = 0
    player.streak = 0

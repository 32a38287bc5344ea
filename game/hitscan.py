"""Hitscan weapons, whose shots arrive in the tick they leave: the rail and the scatter gun.

Owns: whom such a line strikes, and how hard. Must not know: triggers and ammunition. Invariant: no
line passes a wall. Only the rail is compensated for lag: it is aimed at one exact place.
"""

from typing import Final

from game.collision import Ray, closest_along, trace
from game.damage import Hit, count_hit, hurt, knock, power_of
from game.events import Event, EventKind
from game.grid import Crowd
from game.rewind import SLACK_UNITS, Strip, recall
from game.trig import ONE, direction
from game.tuning import TURN, Weapon
from game.world import Player, World

BENT_UNITS: Final = 8  # more than rounding can bend a ray away from its line


def fire_rail(world: World, player: Player, events: list[Event]) -> None:
    """Hit everybody on the line, where the shooter's screen showed them; a dash now protects."""
    weapon = world.tuning.weapons[Weapon.RAIL]
    ray = _ray(world, player, player.aim, weapon.range_units)
    events.append((EventKind.RAIL, player.slot, *ray))
    push = knock(direction(player.aim), ONE, weapon.knock_back)
    damage = weapon.damage * power_of(world, player)
    radius = world.tuning.player_radius_units
    if player.view_lag:
        radius += SLACK_UNITS
    strip = Strip(player.x, player.y, *direction(player.aim), radius + BENT_UNITS)
    has_hit = False
    for slot, (x, y) in recall(world, player.view_lag, strip).items():
        victim = world.players.get(slot)
        if victim is None or victim is player or world.tick < victim.dash_until_tick:
            continue
        if closest_along(ray, x, y, radius) >= 0:
            hit = Hit(player, Weapon.RAIL, damage, victim.x, victim.y, *push)
            has_hit |= hurt(world, victim, hit, events)
    if has_hit:
        count_hit(world, player)


def fire_scatter(world: World, player: Player, crowd: Crowd[Player], events: list[Event]) -> None:
    """Fire a fixed fan of pellets; all pellets that strike one victim are one hit."""
    weapon = world.tuning.weapons[Weapon.SCATTER]
    events.append((EventKind.SCATTER, player.slot, player.x, player.y, player.aim))
    targets = _targets(world, player, crowd, weapon.range_units)
    if not targets:
        return
    radius = world.tuning.player_radius_units
    pellets: dict[int, list[int]] = {}  # by slot: what is left of the range at each pellet's end
    for i in range(weapon.pellets):
        aim = player.aim - weapon.spread // 2 + weapon.spread * i // (weapon.pellets - 1)
        near = _beside(player, aim % TURN, targets, radius)
        if not near:
            continue
        ray = _ray(world, player, aim % TURN, weapon.range_units)
        distance, slot = _first_struck(ray, near, radius)
        if slot >= 0:
            pellets.setdefault(slot, []).append(max(weapon.range_units - distance, 0))
    has_hit = False
    for slot, left in pellets.items():
        victim = world.players[slot]
        damage = weapon.damage * power_of(world, player) * sum(left) // weapon.range_units
        push = knock(direction(player.aim), ONE, weapon.knock_back * len(left))
        hit = Hit(player, Weapon.SCATTER, damage, victim.x, victim.y, *push)
        has_hit |= hurt(world, victim, hit, events)
    if has_hit:
        count_hit(world, player)


def _ray(world: World, player: Player, aim: int, range_units: int) -> Ray:
    """The line from the player's centre as far as the walls allow."""
    cosine, sine = direction(aim)
    x2 = player.x + cosine * range_units // ONE
    y2 = player.y + sine * range_units // ONE
    x2, y2, _, _ = trace(world.arena, player.x, player.y, x2, y2)
    return player.x, player.y, x2, y2


def _targets(world: World, shooter: Player, crowd: Crowd[Player], range_units: int) -> list[Player]:
    """Players whom a pellet could strike at all; the eight lines check only these few."""
    reach = range_units + world.tuning.player_radius_units
    return [
        player
        for player in crowd.near(shooter.x, shooter.y, reach)
        if player.alive
        and player is not shooter
        and world.tick >= player.dash_until_tick
        and -reach < player.x - shooter.x < reach
        and -reach < player.y - shooter.y < reach
    ]


def _beside(shooter: Player, aim: int, targets: list[Player], radius: int) -> list[Player]:
    """Targets that a line of any length from the shooter can touch: a cheap check before the
    expensive one.
    """
    cosine, sine = direction(aim)
    beside = (radius + BENT_UNITS) * ONE
    x, y = shooter.x, shooter.y
    return [
        each for each in targets if -beside < (each.x - x) * sine - (each.y - y) * cosine < beside
    ]


def _first_struck(ray: Ray, targets: list[Player], radius: int) -> tuple[int, int]:
    """(distance, slot) of the first target on a line; slot -1 when it meets nobody."""
    first, slot = -1, -1
    for target in targets:
        distance = closest_along(ray, target.x, target.y, radius)
        if distance >= 0 and (slot < 0 or distance < first):
            first, slot = distance, target.slot
    return first, slot

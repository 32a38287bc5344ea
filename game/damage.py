"""The effects of a hit: armour, health, knock-back, death, and credit for the kill.

Owns: everything from damage to a kill. Must not know: how weapons work. Invariant: health and
armour stay within their bounds, and kills plus suicides equal deaths, player by player.
"""

from dataclasses import dataclass

from game.events import NO_WEAPON, Event, EventKind
from game.modes import MODES
from game.movement import limit, shrink
from game.referee import SCORING
from game.world import Player, World


@dataclass(frozen=True, slots=True)
class Hit:
    """One hit on one player, before armour. The knock is added to the victim's velocity."""

    attacker: Player
    weapon: int
    damage: int
    x: int
    y: int
    knock_x: int = 0
    knock_y: int = 0


def hurt(world: World, victim: Player, hit: Hit, events: list[Event]) -> bool:
    """Deal a hit. False when it did nothing: the victim is dead, protected, or on the same side."""
    mode = MODES[world.config.mode]
    if (
        not victim.alive
        or world.tick < victim.protected_until_tick
        or not mode.may_hurt(hit.attacker, victim)
    ):
        return False
    victim.vx, victim.vy = limit(
        victim.vx + hit.knock_x, victim.vy + hit.knock_y, world.tuning.speed_max
    )
    if hit.damage <= 0:
        return False
    absorbed = min(victim.armour, hit.damage * 2 // 3)
    taken = min(victim.health, hit.damage - absorbed)
    victim.armour -= absorbed
    victim.health -= taken
    dealt = absorbed + taken
    world.harm += dealt
    attacker = hit.attacker
    if world.phase in SCORING:
        victim.damage_taken += dealt
        if attacker is not victim:
            attacker.damage_dealt += dealt
    events.append((EventKind.HIT, victim.slot, attacker.slot, hit.weapon, dealt, hit.x, hit.y))
    if victim.health == 0:
        _kill(world, victim, hit, events)
    return True


def wear_down(world: World, victim: Player, damage: int, events: list[Event]) -> None:
    """Deal the circle's damage to a living player: no attacker, no armour, no protection."""
    taken = min(victim.health, damage)
    victim.health -= taken
    world.harm += taken
    if world.phase in SCORING:
        victim.damage_taken += taken
    hit = Hit(victim, NO_WEAPON, taken, victim.x, victim.y)
    events.append((EventKind.HIT, victim.slot, victim.slot, NO_WEAPON, taken, hit.x, hit.y))
    if victim.health == 0:
        _kill(world, victim, hit, events)


def power_of(world: World, player: Player) -> int:
    """The damage factor of a shot that leaves now."""
    return world.tuning.double_factor if world.tick < player.double_until_tick else 1


def count_hit(world: World, attacker: Player) -> None:
    """Count a trigger that hurt another player."""
    if world.phase in SCORING:
        attacker.hits += 1


def knock(vector: tuple[int, int], length: int, strength: int) -> tuple[int, int]:
    """A push of `strength` along a vector of this length; (0, 0) for the zero vector."""
    if length == 0:
        return 0, 0
    return shrink(vector[0], strength, length), shrink(vector[1], strength, length)


def _kill(world: World, victim: Player, hit: Hit, events: list[Event]) -> None:
    killer = hit.attacker
    victim.alive = 0
    victim.respawn_tick = world.tick + world.tuning.respawn_ticks
    victim.vx = victim.vy = victim.dash_vx = victim.dash_vy = 0
    victim.double_until_tick = victim.dash_until_tick = 0
    victim.armour = victim.streak = 0
    if killer is not victim:
        killer.streak += 1
    if world.phase in SCORING:
        victim.deaths += 1
        if killer is not victim:
            killer.kills += 1
            killer.streak_best = max(killer.streak_best, killer.streak)
            world.first_blood = world.first_blood or killer.slot + 1
        MODES[world.config.mode].on_kill(world, killer, victim, events)
    events.append((EventKind.KILL, victim.slot, killer.slot, hit.weapon, killer.streak))

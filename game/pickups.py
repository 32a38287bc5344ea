"""Pads and what lies on them.

Owns: who takes what, when a pad is full again, and how mega health wears off. Must not know: maps'
files. Invariant: nobody gets more than a pickup's limit, and nobody takes what he has no use for.
"""

from game.crowd import NOBODY, Crowd, cell_of
from game.events import Event, EventKind
from game.referee import SHOOTING
from game.tuning import AMMO_BASE, PICKUPS, PickupKind
from game.world import Player, World


def collect(world: World, crowd: Crowd, events: list[Event]) -> None:
    """Give each full pad to the first player, by slot, who reaches it and needs it."""
    if world.phase not in SHOOTING:
        return
    ready_ticks, tick = world.pad_ready_ticks, world.tick
    reach = world.tuning.pickup_reach_units
    for index, pad in enumerate(world.arena.pads):
        if tick < ready_ticks[index]:
            continue
        for player in crowd.get(cell_of(pad.x, pad.y), NOBODY):
            off_x, off_y = player.x - pad.x, player.y - pad.y
            if (
                off_x * off_x + off_y * off_y <= reach * reach
                and player.alive
                and _give(world, player, pad.kind)
            ):
                ready_ticks[index] = tick + PICKUPS[pad.kind].respawn_ticks
                events.append((EventKind.PICKUP, player.slot, index))
                break


def wear_off(world: World) -> None:
    """Take a point of health, now and then, from those who have more than they were born with."""
    if world.tick % world.tuning.health_decay_ticks:
        return
    for player in world.players.values():
        if player.health > world.tuning.health_at_spawn:
            player.health -= 1


def _give(world: World, player: Player, kind: PickupKind) -> bool:
    """Whether the player had use for it; then he has it."""
    pickup = PICKUPS[kind]
    if kind in (PickupKind.HEALTH, PickupKind.MEGA):
        if player.health >= pickup.limit:
            return False
        player.health = min(player.health + pickup.amount, pickup.limit)
    elif kind == PickupKind.ARMOUR:
        if player.armour >= pickup.limit:
            return False
        player.armour = min(player.armour + pickup.amount, pickup.limit)
    elif kind == PickupKind.DOUBLE:
        player.double_until_tick = world.tick + pickup.amount
    else:
        weapon = kind - AMMO_BASE
        if player.ammo[weapon] >= pickup.limit:
            return False
        player.ammo[weapon] = min(player.ammo[weapon] + pickup.amount, pickup.limit)
    return True

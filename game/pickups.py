"""Pads and what lies on them.

Owns: who takes what, when a pad is full again, and how mega health wears off. Must not know: map
files. Invariant: nobody gets more than a pickup's limit, and nobody takes what they cannot use.
"""

from typing import cast

from game.arena import Arena
from game.events import Event, EventKind
from game.referee import SHOOTING
from game.tuning import AMMO_BASE, PICKUPS, TILE_SHIFT, PickupKind
from game.world import Player, World

PadsByTile = tuple[dict[int, tuple[int, ...]], bytes]  # pads of a tile; 1 for tiles that have any


def collect(world: World, people: list[Player], events: list[Event]) -> None:
    """Give each full pad to the first living player, by slot, who reaches it and needs it."""
    if world.phase not in SHOOTING:
        return
    arena, tick, reach = world.arena, world.tick, world.tuning.pickup_reach_units
    ready_ticks, width = world.pad_ready_ticks, arena.width
    by_tile, marked = pads_by_tile(arena, reach)
    for player in on_tiles(people, marked, width):
        x, y = player.x, player.y
        for index in by_tile[(y >> TILE_SHIFT) * width + (x >> TILE_SHIFT)]:
            pad = arena.pads[index]
            off_x, off_y = x - pad.x, y - pad.y
            if (
                tick >= ready_ticks[index]
                and off_x * off_x + off_y * off_y <= reach * reach
                and _give(world, player, pad.kind)
            ):
                ready_ticks[index] = tick + PICKUPS[pad.kind].respawn_ticks
                events.append((EventKind.PICKUP, player.slot, index))


def on_tiles(people: list[Player], marked: bytes, width: int) -> list[Player]:
    """The living players on marked tiles, in order."""
    return [
        player
        for player in people
        if marked[(player.y >> TILE_SHIFT) * width + (player.x >> TILE_SHIFT)] and player.alive
    ]


def pads_by_tile(arena: Arena, reach: int) -> PadsByTile:
    """By tile: the pads within `reach` of any point on it; computed once per arena."""
    known = cast(dict[int, PadsByTile], arena.derived.setdefault("pads", {}))
    if reach not in known:
        near = _pads_by_tile(arena, reach)
        known[reach] = near, bytes(map(near.__contains__, range(len(arena.walls))))
    return known[reach]


def _pads_by_tile(arena: Arena, reach: int) -> dict[int, tuple[int, ...]]:
    near: dict[int, tuple[int, ...]] = {}
    for index, pad in enumerate(arena.pads):
        for row in range((pad.y - reach) >> TILE_SHIFT, ((pad.y + reach) >> TILE_SHIFT) + 1):
            first, last = (pad.x - reach) >> TILE_SHIFT, (pad.x + reach) >> TILE_SHIFT
            for column in range(first, last + 1):
                tile = row * arena.width + column
                near[tile] = (*near.get(tile, ()), index)
    return near


def wear_off(world: World) -> None:
    """Take a point of health, at intervals, from players who have more than at spawn."""
    if world.tick % world.tuning.health_decay_ticks:
        return
    for player in world.players.values():
        if player.health > world.tuning.health_at_spawn:
            player.health -= 1


def _give(world: World, player: Player, kind: PickupKind) -> bool:
    """Give a pickup to a player if they can use it; returns whether they could."""
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

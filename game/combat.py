"""Weapons in hand: choosing one, pulling the trigger, and what that costs.

Owns: ammunition and the time between shots. Must not know: what a shot does once it has left.
Invariant: all who live when the triggers are pulled get their shot, even if one of these kills
them.
"""

from typing import Final

from game.events import Event, EventKind
from game.grid import Crowd
from game.hitscan import fire_rail, fire_scatter
from game.inputs import BUTTON_BITS, FIRE, SELECT_MAX, SELECT_SHIFT
from game.projectiles import launch
from game.referee import SCORING, SHOOTING
from game.tuning import Weapon
from game.world import Player, World

# Buttons that concern a weapon: who holds none of them is passed over quickly.
WEAPON_BUTTONS: Final = FIRE | (BUTTON_BITS >> SELECT_SHIFT << SELECT_SHIFT)


def pull_triggers(world: World, crowd: Crowd[Player], events: list[Event]) -> None:
    """Let everybody who may, shoot. `crowd` are the living."""
    if world.phase not in SHOOTING:
        return
    tick = world.tick
    shooters = []
    for player in crowd.people:
        buttons = player.buttons & WEAPON_BUTTONS
        if buttons:
            wish = buttons >> SELECT_SHIFT
            if wish and wish - 1 != player.weapon and wish <= SELECT_MAX:
                _select(world, player, wish - 1)
            if buttons & FIRE and tick >= player.fire_ready_tick:
                shooters.append(player)
    for player in shooters:
        if _spends(world, player, events):
            _shoot(world, player, crowd, events)


def _select(world: World, player: Player, number: int) -> None:
    """Take another weapon in hand, unless it is empty."""
    if player.ammo[number] or not world.tuning.weapons[number].ammo_max:
        player.weapon = number


def _spends(world: World, player: Player, events: list[Event]) -> bool:
    """Take the ammunition for a shot, and the time until the next one; False when it clicks."""
    number = player.weapon
    weapon = world.tuning.weapons[number]
    if weapon.ammo_max:
        if not player.ammo[number]:  # it clicks, and the next pull is the blaster's
            player.weapon = int(Weapon.BLASTER)
            player.fire_ready_tick = world.tick + world.tuning.weapons[player.weapon].interval_ticks
            events.append((EventKind.EMPTY, player.slot))
            return False
        player.ammo[number] -= 1
    player.fire_ready_tick = world.tick + weapon.interval_ticks
    player.protected_until_tick = 0
    if world.phase in SCORING:
        player.shots += 1
    return True


def _shoot(world: World, player: Player, crowd: Crowd[Player], events: list[Event]) -> None:
    if world.tuning.weapons[player.weapon].speed:
        launch(world, player, events)
    elif player.weapon == Weapon.RAIL:
        fire_rail(world, player, events)
    else:
        fire_scatter(world, player, crowd, events)

"""Weapons in hand: choosing one, pulling the trigger, and what that costs.

Owns: ammunition and the time between shots. Must not know: what a shot does once it has left.
Invariant: every player alive when triggers are pulled gets their shot, even if another shot of the
tick kills them.
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

# Buttons that concern a weapon: players who hold none of them are skipped quickly.
WEAPON_BUTTONS: Final = FIRE | (BUTTON_BITS >> SELECT_SHIFT << SELECT_SHIFT)


def pull_triggers(world: World, crowd: Crowd[Player], events: list[Event]) -> None:
    """Fire for every player who may. `crowd` holds the living."""
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
    """Switch to another weapon, unless it is empty."""
    if player.ammo[number] or not world.tuning.weapons[number].ammo_max:
        player.weapon = number


def _spends(world: World, player: Player, events: list[Event]) -> bool:
    """Spend the ammunition for a shot and start its interval; False when the weapon is empty."""
    number = player.weapon
    weapon = world.tuning.weapons[number]
    if weapon.ammo_max:
        if not player.ammo[number]:  # the trigger clicks, and the next shot is the blaster's
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

"""Crowds for the bench of the rules: an arena of any size, and every player's inputs.

Owns: the load. Must not measure. Invariant: the same player count, load and seed give the same
inputs in the same ticks, so two versions of the rules can be given the same work.
"""

from collections.abc import Callable
from dataclasses import replace
from math import isqrt
from random import Random

from attrs import frozen

import game
from game.arena import Arena, Pad, Spawn
from game.bounds import SCORE_LIMIT_MAX
from game.inputs import DASH, FIRE, SELECT_SHIFT, VIEW_LAG_PER_TICK, Command, CommandKind, Input
from game.trig import angle
from game.tuning import TILE_UNITS, TUNING, TURN, PickupKind, Tuning, Weapon
from game.world import MatchConfig, Player, World

TILES_PER_PLAYER = 150  # the same density for a crowd of any size
SPAWNS = 32
VIEW_LAG = 6 * VIEW_LAG_PER_TICK  # rails are rewound by 100 ms
WALK_TICKS = 12  # how long a walker holds the same keys
WEAPON_TICKS = 120  # how long a fighter holds a weapon
SIGHT_UNITS = 12 * TILE_UNITS  # how far a fighter looks for a target
AIM_ERROR = TURN // 60  # to either side: some shots hit and some do not

# Ammunition never runs out, so that all weapons stay in use.
ENDLESS = Tuning(weapons=tuple(replace(each, ammo_at_spawn=1_000_000) for each in TUNING.weapons))

Pressed = list[tuple[int, Input]]


def arena_for(players: int) -> Arena:
    """An arena with `TILES_PER_PLAYER` for each player, in a ratio of four to three."""
    height = isqrt(players * TILES_PER_PLAYER * 3 // 4)
    return arena_of(players * TILES_PER_PLAYER // height, height, players)


def arena_of(width: int, height: int, seed: int) -> Arena:
    """Pillars and short walls with passages of three tiles between them, as real maps have."""
    walls = bytearray(width * height)
    for row in range(height):
        for column in range(width):
            is_border = row in (0, height - 1) or column in (0, width - 1)
            is_pillar = row % 5 == 4 and column % 5 == 4
            is_bar = row % 5 == 4 and column % 5 in (0, 1) and (row // 5 + column // 5) % 3 == 0
            walls[row * width + column] = is_border or is_pillar or is_bar
    open_cells = bytearray(width * height)
    for row in range(1, height - 1):
        for column in range(1, width - 1):
            open_cells[row * width + column] = not any(
                walls[(row + i) * width + column + j] for i in (-1, 0, 1) for j in (-1, 0, 1)
            )
    free = [i for i in range(width * height) if open_cells[i]]
    places = Random(seed).sample(free, SPAWNS + width * height // 100)
    centres = [
        (i % width * TILE_UNITS + TILE_UNITS // 2, i // width * TILE_UNITS + TILE_UNITS // 2)
        for i in places
    ]
    kinds = list(PickupKind)
    return Arena(
        name="bench",
        title="Bench",
        width=width,
        height=height,
        walls=bytes(walls),
        open_cells=bytes(open_cells),
        spawns=tuple(Spawn(x, y) for x, y in centres[:SPAWNS]),
        pads=tuple(Pad(kinds[i % len(kinds)], x, y) for i, (x, y) in enumerate(centres[SPAWNS:])),
        players_min=2,
        players_max=128,
        digest="0" * 16,
    )


def match_of(players: int, arena: Arena, tuning: Tuning = TUNING) -> World:
    """A match of this many players, past its countdown."""
    config = MatchConfig("deathmatch", arena.name, 1, 2, players, SCORE_LIMIT_MAX, 0)
    world = game.new(config, arena, tuning)
    game.step(world, [Command(CommandKind.JOIN, slot) for slot in range(players)])
    for _ in range(world.tuning.countdown_ticks + world.tuning.protection_ticks):
        game.step(world)
    return world


def walking(world: World, dice: Random) -> Pressed:
    """New inputs for all players at once, now and then: any keys, aim and weapon, mostly firing."""
    if world.tick % WALK_TICKS:
        return []
    pressed = []
    for slot in world.players:
        fire = FIRE if dice.random() < 0.6 else 0
        dash = DASH if dice.random() < 0.01 else 0
        select = dice.randrange(6) << SELECT_SHIFT
        keys = dice.randrange(16) | fire | dash | select
        pressed.append((slot, Input(keys, dice.randrange(TURN), VIEW_LAG)))
    return pressed


def fighting(world: World, dice: Random) -> Pressed:
    """New inputs for half of the players each tick: all fire at the nearest, with each weapon for
    a while.
    """
    pressed = []
    for slot, player in world.players.items():
        if (slot + world.tick) % 2:
            continue
        weapon = (slot + world.tick // WEAPON_TICKS) % len(Weapon)
        keys = player.buttons & 15 if dice.random() < 0.9 else dice.randrange(16)
        dash = DASH if dice.random() < 0.01 else 0
        keys |= FIRE | dash | (weapon + 1) << SELECT_SHIFT
        error = dice.randrange(-AIM_ERROR, AIM_ERROR + 1)
        pressed.append((slot, Input(keys, (_aim(world, player) + error) % TURN, VIEW_LAG)))
    return pressed


def _aim(world: World, player: Player) -> int:
    """Aim at the nearest other player in range; keep the aim if there is none."""
    nearest, aim = SIGHT_UNITS * SIGHT_UNITS, player.aim
    for other in world.players.values():
        if other.alive and other is not player:
            off_x, off_y = other.x - player.x, other.y - player.y
            away = off_x * off_x + off_y * off_y
            if away < nearest:
                nearest, aim = away, angle(off_x, off_y)
    return aim


@frozen
class Load:
    """The behaviour of a crowd."""

    name: str
    press: Callable[[World, Random], Pressed]  # for the tick after the world's last
    tuning: Tuning


WALKING = Load("walking", walking, TUNING)
FIGHTING = Load("fighting", fighting, ENDLESS)
LOADS = (WALKING, FIGHTING)

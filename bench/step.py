"""Microseconds per tick of the rules, at 16 and 128 players who run, turn and shoot from a seed.

`python -m bench.step`. The best of several stretches is quoted, because another process on the same
core can only make a stretch slower.
"""

from random import Random
from time import perf_counter_ns

import game
from game.arena import Arena, Pad, Spawn
from game.inputs import DASH, FIRE, SELECT_SHIFT, Command, CommandKind, Input
from game.tuning import TILE_UNITS, PickupKind
from game.world import MatchConfig, World

STRETCHES = 6
STRETCH_TICKS = 240


def arena_of(width: int, height: int, seed: int) -> Arena:
    """Pillars and short walls with three-tile ways between them, as real maps have."""
    dice = Random(seed)
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
    places = dice.sample(free, 32 + width * height // 100)
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
        spawns=tuple(Spawn(x, y) for x, y in centres[:32]),
        pads=tuple(Pad(kinds[i % len(kinds)], x, y) for i, (x, y) in enumerate(centres[32:])),
        players_min=2,
        players_max=128,
        digest="0" * 16,
    )


def match_of(players: int, arena: Arena) -> World:
    """A match of this many, past its countdown."""
    config = MatchConfig("deathmatch", arena.name, 1, 2, players, 10**9, 0)
    world = game.new(config, arena)
    game.step(world, [Command(CommandKind.JOIN, slot) for slot in range(players)])
    for _ in range(world.tuning.countdown_ticks + world.tuning.protection_ticks):
        game.step(world)
    return world


def walk_and_shoot(dice: Random, slots: list[int]) -> list[tuple[int, Input]]:
    """Every player turns a little each tick; now and then keys, trigger and weapon change."""
    inputs = []
    for slot in slots:
        fire = FIRE if dice.random() < 0.6 else 0
        dash = DASH if dice.random() < 0.01 else 0
        select = dice.randrange(6) << SELECT_SHIFT
        inputs.append(
            (slot, Input(dice.randrange(16) | fire | dash | select, dice.randrange(65_536), 6))
        )
    return inputs


def measure(players: int, arena: Arena) -> tuple[int, int]:
    """(nanoseconds per step, shots in the air) of the best stretch."""
    dice = Random(players)
    world = match_of(players, arena)
    slots = list(world.players)
    best, shots = 1 << 62, 0
    for _ in range(STRETCHES):
        held = [walk_and_shoot(dice, slots) for _ in range(STRETCH_TICKS // 12)]
        spent = 0
        for i in range(STRETCH_TICKS):
            inputs = held[i // 12] if i % 12 == 0 else ()
            start = perf_counter_ns()
            game.step(world, (), inputs)
            spent += perf_counter_ns() - start
        if spent // STRETCH_TICKS < best:
            best, shots = spent // STRETCH_TICKS, len(world.shots)
    return best, shots


def main() -> None:
    """Print one line per size."""
    for players, arena in ((16, arena_of(64, 48, 1)), (128, arena_of(160, 120, 2))):
        nanoseconds, shots = measure(players, arena)
        per_player = nanoseconds // players
        print(
            f"{players:4} players  {nanoseconds // 1000:5} µs per step"
            f"  {per_player // 1000}.{per_player % 1000 // 10:02} µs per player"
            f"  {shots} shots in the air"
        )


if __name__ == "__main__":
    main()

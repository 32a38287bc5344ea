"""Scripted walks and bouts in a small arena: what the rules do, as numbers.

Owns: the scenarios that the fingerprint hashes and the browser's movement tests use. Must not know:
how the rules work. Invariant: equal rules give equal steps on every machine; rules that move a
player differently, by one unit in one tick, or that shoot differently, give other steps.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from game.arena import Arena, Pad, Spawn
from game.inputs import AIM_MAX, BUTTONS_MAX, DASH, FIRE, VIEW_LAG_MAX, Input
from game.movement import move
from game.records import Record, by_slot
from game.step import step
from game.tuning import TILE_UNITS, TUNING, PickupKind
from game.view import body_records, own_records, shot_records
from game.world import MatchConfig, Phase, Player, World

# Single tiles, corners that stick out and in, a corridor one tile wide, and open ground.
_PLAN: Final = (
    "################",
    "#......#.......#",
    "#.##...#..#..#.#",
    "#.#............#",
    "#....##....###.#",
    "#....##....#...#",
    "#..........#.#.#",
    "#.#.#......#.#.#",
    "#............#.#",
    "################",
)


_FIGHTERS: Final = 3
_AMMO: Final = 200


class Step(NamedTuple):
    """One tick of a walk: the input, and the body after it."""

    buttons: int
    aim: int
    x: int
    y: int
    vx: int
    vy: int
    dash_vx: int
    dash_vy: int
    dash_until_tick: int
    dash_ready_tick: int


def probe_arena() -> Arena:
    """The plan as an arena."""
    width, height = len(_PLAN[0]), len(_PLAN)
    walls = bytes(tile == "#" for row in _PLAN for tile in row)
    around = [dy * width + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    open_cells = bytes(
        0 < index % width < width - 1
        and 0 < index // width < height - 1
        and not any(walls[index + offset] for offset in around)
        for index in range(width * height)
    )
    return Arena("probe", "Probe", width, height, walls, open_cells, (), (), 2, 2, "")


def start(seed: int, arena: Arena) -> Player:
    """A player on a free tile; for every second seed moving as fast as after a blast."""
    chance = _Chance(seed)
    free = [index for index, wall in enumerate(arena.walls) if not wall]
    cell = free[chance.below(len(free))]
    player = Player(
        slot=0,
        x=cell % arena.width * TILE_UNITS + TILE_UNITS // 2,
        y=cell // arena.width * TILE_UNITS + TILE_UNITS // 2,
        alive=1,
    )
    if seed & 1:
        player.vx, player.vy = chance.below(1_201) - 600, chance.below(1_201) - 600
    return player


def walk(seed: int, ticks: int, arena: Arena) -> Iterator[Step]:
    """The steps of one walk from `start(seed, arena)`, at ticks 1, 2, …"""
    player = start(seed, arena)
    chance = _Chance(seed + 1_000_003)
    held = 0
    for tick in range(1, ticks + 1):
        if held == 0:
            held = 1 + chance.below(12)
            player.buttons = chance.below(BUTTONS_MAX + 1)
            if chance.below(3):
                player.buttons &= ~DASH
            player.aim = chance.below(AIM_MAX + 1)
        held -= 1
        move(player, arena, TUNING, tick)
        yield Step(
            player.buttons,
            player.aim,
            player.x,
            player.y,
            player.vx,
            player.vy,
            player.dash_vx,
            player.dash_vy,
            player.dash_until_tick,
            player.dash_ready_tick,
        )


def bout(seed: int, ticks: int, arena: Arena) -> Iterator[str]:
    """Let a few players run and shoot at random, and yield the bodies, own parts, shots and events
    of each tick.
    """
    centre = Spawn(arena.width // 2 * TILE_UNITS, arena.height // 2 * TILE_UNITS)
    pads = tuple(Pad(kind, centre.x, centre.y) for kind in PickupKind)
    arena = replace(arena, spawns=(centre,), pads=pads)
    config = MatchConfig("deathmatch", arena.name, seed, 2, _FIGHTERS, 10**6, 0)
    world = World(config, arena, random_state=seed, phase=Phase.PLAY)
    world.pad_ready_ticks = [0] * len(pads)
    chance = _Chance(seed + 2_000_003)
    for slot in range(_FIGHTERS):
        player = world.players[slot] = start(seed + slot, arena)
        player.slot = slot
        player.ammo = [0] + [_AMMO] * (len(TUNING.weapons) - 1)
    for _ in range(ticks):
        pressed = []
        if world.tick % 4 == 0:
            for slot in world.players:
                keys = chance.below(BUTTONS_MAX + 1) | FIRE
                lag = chance.below(VIEW_LAG_MAX + 1)
                pressed.append((slot, Input(keys, chance.below(AIM_MAX + 1), lag)))
        events = [tuple(map(int, event)) for event in step(world, (), pressed)]
        players = list(world.players.values())
        bodies, own = body_records(players, world.tick), own_records(players, by_slot({}))
        shots = shot_records(world.shots)
        yield f"{_rows(bodies.items())} {_rows(own.items())} {_rows(shots.items())} {events}"


def _rows(told: Iterable[tuple[int, Record]]) -> dict[int, tuple[int, ...]]:
    return {number: record.values() for number, record in told}


class _Chance:
    """A small random generator, independent of the rules', so that theirs may change."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, bound: int) -> int:
        self._state = (self._state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        return (self._state >> 33) * bound >> 31

"""Arenas drawn as text, worlds to start from, and the Hypothesis strategies that all tests of the
rules share.
"""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import strategies as st

from game import new
from game.arena import Arena, FlagBase, Pad, Spawn
from game.collision import is_free
from game.inputs import AIM_MAX, BUTTONS_MAX, VIEW_LAG_MAX, Input
from game.modes import MODES
from game.tuning import TILE_UNITS, TUNING, PickupKind, Tuning
from game.visibility import Visibility
from game.world import World

LETTERS = {
    "h": PickupKind.HEALTH,
    "m": PickupKind.MEGA,
    "a": PickupKind.ARMOUR,
    "d": PickupKind.DOUBLE,
    "2": PickupKind.AMMO_SCATTER,
    "3": PickupKind.AMMO_LAUNCHER,
    "4": PickupKind.AMMO_RAIL,
    "5": PickupKind.AMMO_DISC,
}

# Rooms, pillars, a one-tile corridor, concave and convex corners, two walls that touch only at a
# corner.
ROOMS = """
####################
#s....#......s.....#
#.....#..2....#....#
#..#..#R......#..h.#
#......s..##..#....#
#..a......##..##...#
#######.#......#.s.#
#s....#.#.#.m......#
#..3.......B..#....#
#.....#..#..4...##.#
#..d..#.s....5..s..#
####################
"""

# No obstacles.
HALL = """
##############
#s..........s#
#............#
#............#
#............#
#s..........s#
##############
"""


def centre(tile: int) -> int:
    """The middle of a column or row, in units."""
    return tile * TILE_UNITS + TILE_UNITS // 2


def arena_from(drawing: str, players_max: int = 16) -> Arena:
    """`#` wall, `s` spawn, `R` and `B` flags, a letter of LETTERS a pad, anything else floor."""
    rows = drawing.strip().splitlines()
    width, height = len(rows[0]), len(rows)
    assert all(len(row) == width for row in rows)
    places = [(rows[y][x], x, y) for y in range(height) for x in range(width)]
    walls = bytes(letter == "#" for letter, _, _ in places)
    return Arena(
        name="drawn",
        title="Drawn",
        width=width,
        height=height,
        walls=walls,
        open_cells=_open_cells(walls, width, height),
        spawns=tuple(Spawn(centre(x), centre(y)) for letter, x, y in places if letter == "s"),
        pads=tuple(
            Pad(LETTERS[letter], centre(x), centre(y))
            for letter, x, y in places
            if letter in LETTERS
        ),
        players_min=2,
        players_max=players_max,
        digest="0" * 16,
        flags=tuple(
            FlagBase("RB".index(letter) + 1, centre(x), centre(y))
            for letter, x, y in sorted(places, reverse=True)
            if letter in "RB"
        ),
    )


def _open_cells(walls: bytes, width: int, height: int) -> bytes:
    def is_open(x: int, y: int) -> bool:
        around = [(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        return all(
            0 <= i < width and 0 <= j < height and not walls[j * width + i] for i, j in around
        )

    return bytes(is_open(x, y) for y in range(height) for x in range(width))


ARENA = arena_from(ROOMS)


def world_of(
    mode: str = "deathmatch",
    arena: Arena = ARENA,
    tuning: Tuning = TUNING,
    seed: int = 1,
) -> World:
    """An empty match in warm-up, with two maps to vote for."""
    return new(MODES[mode].configure(arena, seed, ("drawn", "other")), arena, tuning)


FREE_TILES = [
    (i % ARENA.width * TILE_UNITS, i // ARENA.width * TILE_UNITS)
    for i in range(len(ARENA.walls))
    if not ARENA.walls[i]
]


def _stand(tile: tuple[int, int], inside_x: int, inside_y: int) -> tuple[int, int]:
    """A place in the tile; its middle where a player would touch a wall."""
    x, y = tile[0] + inside_x, tile[1] + inside_y
    if is_free(ARENA, x, y, TUNING.player_radius_units):
        return x, y
    return tile[0] + TILE_UNITS // 2, tile[1] + TILE_UNITS // 2


_inside = st.integers(0, TILE_UNITS - 1)
_free_tiles = st.sampled_from(FREE_TILES)
# Points of ARENA that are in no wall; places there where a player can stand.
points = st.builds(lambda tile, x, y: (tile[0] + x, tile[1] + y), _free_tiles, _inside, _inside)
places = st.builds(_stand, _free_tiles, _inside, _inside)
aims = st.integers(0, AIM_MAX)
inputs = st.builds(Input, st.integers(0, BUTTONS_MAX), aims, st.integers(0, VIEW_LAG_MAX))
seeds = st.integers(0, 2**63 - 1)


def sees(visibility: Visibility, tile: int, other: int) -> bool:
    """Whether a seat on `tile` (row * width + column) is sent what is on `other`."""
    row, column = divmod(tile, visibility.width)
    other_row, other_column = divmod(other, visibility.width)
    return visibility.outlook_from(column, row).has(centre(other_column), centre(other_row))


def with_pads(arena: Arena, tiles: Iterable[tuple[int, int]]) -> Arena:
    """The same map with pads on these tiles (column, row)."""
    pads = tuple(Pad(PickupKind.HEALTH, centre(column), centre(row)) for column, row in tiles)
    return replace(arena, pads=pads)

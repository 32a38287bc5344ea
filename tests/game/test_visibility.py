"""On any map, everything that can be seen is in the set, and the set is not everything."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.arena import Arena
from game.bits import WORD_BITS, set_bits
from game.collision import trace
from game.sightlines import REACH_TILES, SIGHT_TILES
from game.tiled import parse
from game.tuning import TILE_SHIFT, TILE_UNITS, TUNING
from game.visibility import Tiles, visibility_of
from tests.examples import examples
from tests.strategies import centre, sees, with_pads

MAPS = sorted((Path(__file__).parents[2] / "maps").glob("*.tmj"))
STEP_TICKS = 5  # how long both may run before they see each other
PAIRS = 2_000


def arena_of(path: Path) -> Arena:
    return parse(path.read_text(encoding="utf-8"), path.stem)


def air(arena: Arena) -> list[int]:
    return [tile for tile, wall in enumerate(arena.walls) if not wall]


def tile_at(arena: Arena, x: int, y: int) -> int:
    return (y >> TILE_SHIFT) * arena.width + (x >> TILE_SHIFT)


def is_in_range(arena: Arena, tile: int, other: int) -> bool:
    across = abs(tile % arena.width - other % arena.width)
    return max(across, abs(tile // arena.width - other // arena.width)) <= SIGHT_TILES


def place(dice: Random, arena: Arena, tile: int) -> tuple[int, int]:
    """A random point on a tile; often on its very edge, where lines squeeze through."""
    row, column = divmod(tile, arena.width)
    inner = [dice.choice((0, TILE_UNITS - 1, dice.randrange(TILE_UNITS))) for _ in range(2)]
    return (column << TILE_SHIFT) + inner[0], (row << TILE_SHIFT) + inner[1]


@st.composite
def caves(draw: st.DrawFn) -> Arena:
    """Maps with random walls: diagonals that touch at a corner, slits, and wide rooms."""
    width, height = draw(st.integers(5, 48)), draw(st.integers(5, 24))
    dice = draw(st.randoms(use_true_random=False))
    percent = draw(st.sampled_from((1, 5, 15, 35)))
    places = [(x, y) for y in range(height) for x in range(width)]
    return walled(width, height, {each for each in places if dice.randrange(100) < percent})


def walled(width: int, height: int, walls: set[tuple[int, int]]) -> Arena:
    rows = bytes(
        int(x in (0, width - 1) or y in (0, height - 1) or (x, y) in walls)
        for y in range(height)
        for x in range(width)
    )
    return Arena("walled", "Walled", width, height, rows, bytes(len(rows)), (), (), 2, 16, "0" * 16)


@pytest.mark.slow
@pytest.mark.everywhere
@examples(30)  # a map takes a while
@given(caves(), st.randoms(use_true_random=False))
def test_every_visible_player_is_in_the_set_on_any_map(arena: Arena, dice: Random) -> None:
    visibility, tiles = visibility_of(arena), air(arena)
    for _ in range(150 if tiles else 0):
        tile, other = dice.choice(tiles), dice.choice(tiles)
        here, there = place(dice, arena, tile), place(dice, arena, other)
        if is_in_range(arena, tile, other) and not trace(arena, *here, *there)[2]:
            assert sees(visibility, tile, other)


@pytest.mark.slow
@pytest.mark.everywhere
@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_a_player_who_steps_into_view_soon_is_already_there(path: Path) -> None:
    arena, dice = arena_of(path), Random(path.stem)
    visibility, tiles = visibility_of(arena), air(arena)
    most, met = STEP_TICKS * TUNING.run_speed, 0
    while met < PAIRS:
        places = [place(dice, arena, dice.choice(tiles)) for _ in range(2)]
        after = [tuple(at + dice.randint(-most, most) for at in each) for each in places]
        if any(trace(arena, *now, *then)[2] for now, then in zip(places, after, strict=True)):
            continue  # nobody steps through a wall
        tile, other = (tile_at(arena, x, y) for x, y in places)
        ahead = [tile_at(arena, x, y) for x, y in after]
        if is_in_range(arena, *ahead) and not trace(arena, *after[0], *after[1])[2]:
            met += 1
            assert sees(visibility, tile, other)


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_sight_is_mutual_and_ends_at_walls_and_at_its_reach(path: Path) -> None:
    arena = arena_of(path)
    visibility, tiles = visibility_of(arena), air(arena)
    dice, sent, count = Random(path.stem), 0, 0
    for _ in range(PAIRS):
        tile, other = dice.choice(tiles), dice.choice(tiles)
        is_sent = sees(visibility, tile, other)
        assert is_sent == sees(visibility, other, tile)
        across = abs(tile % arena.width - other % arena.width)
        if max(across, abs(tile // arena.width - other // arena.width)) > REACH_TILES:
            assert not is_sent
        sent, count = sent + is_sent, count + 1
    assert sees(visibility, tiles[0], tiles[0])
    for tile in dice.sample(range(len(arena.walls)), 50):
        if arena.walls[tile]:
            outlook = visibility.outlook_from(tile % arena.width, tile // arena.width)
            assert not any(outlook.window), "nobody stands in a wall"
            assert not sees(visibility, tiles[0], tile)
    # On the smallest map little is hidden; on no map is everything visible.
    assert sent < count * 9 // 10


def test_behind_a_wall_is_hidden_but_not_beside_its_end() -> None:
    arena = walled(40, 24, {(20, y) for y in range(1, 18)})
    outlook = visibility_of(arena).outlook_from(12, 4)
    for column, row, is_seen in ((15, 4, True), (28, 4, False), (21, 19, True)):
        assert outlook.has(centre(column), centre(row)) == is_seen


def test_a_closed_room_is_seen_by_nobody_outside() -> None:
    room = {(x, y) for x in range(10, 17) for y in range(8, 14)}
    hollow = {(x, y) for x in range(11, 16) for y in range(9, 13)}
    arena = walled(30, 22, room - hollow)
    visibility = visibility_of(arena)
    inside = {y * 30 + x for x, y in hollow}
    for tile in air(arena):
        seen = {other for other in range(30 * 22) if sees(visibility, tile, other)}
        assert seen <= inside if tile in inside else not seen & inside


@pytest.mark.parametrize("count", [0, 1, 31, 32, WORD_BITS, WORD_BITS + 1, 3 * WORD_BITS])
def test_many_tiles_are_answered_in_the_order_of_the_questions(count: int) -> None:
    arena, dice = arena_of(MAPS[0]), Random(count)
    outlook = visibility_of(arena).outlook(*place(dice, arena, dice.choice(air(arena))))
    points = [place(dice, arena, dice.randrange(len(arena.walls))) for _ in range(count)]
    tiles = Tiles()
    for x, y in points:
        tiles.add(x, y)
    in_sight = [number for number, point in enumerate(points) if outlook.has(*point)]
    assert list(set_bits(outlook.seen(tiles))) == in_sight


def test_nothing_is_beyond_the_reach_of_an_outlook() -> None:
    arena = walled(3 * REACH_TILES, 3 * REACH_TILES, set())
    outlook = visibility_of(arena).outlook_from(REACH_TILES, REACH_TILES)
    for off in (-1, 2 * REACH_TILES + 1, -(1 << 40), 1 << 40):
        assert not outlook.has(centre(off), centre(REACH_TILES))
        assert not outlook.has(centre(REACH_TILES), centre(off))


def test_equal_walls_are_computed_once() -> None:
    first, second = walled(20, 20, set()), walled(20, 20, set())
    assert visibility_of(first)._windows is visibility_of(second)._windows


def test_pads_are_seen_as_their_tiles_are() -> None:
    arena, dice = arena_of(MAPS[0]), Random(1)
    tiles = air(arena)
    spots = dice.sample(tiles, 5)
    visibility = visibility_of(
        with_pads(arena, [(spot % arena.width, spot // arena.width) for spot in spots])
    )
    for tile in dice.sample(tiles, 20):
        outlook = visibility.outlook_from(tile % arena.width, tile // arena.width)
        seen = [index for index, spot in enumerate(spots) if sees(visibility, tile, spot)]
        assert list(set_bits(outlook.pads)) == seen

"""The picture of a map shows everything in its place."""

from dataclasses import replace

from game.arena import Pad
from game.tuning import PickupKind
from server.maps.picture import FLOOR, PADS, TILE_PIXELS, WALL, draw
from tests.strategies import ARENA, HALL, arena_from, centre


def middle_of(column: int, row: int) -> tuple[int, int]:
    return column * TILE_PIXELS + TILE_PIXELS // 2, row * TILE_PIXELS + TILE_PIXELS // 2


def test_walls_and_floors_have_their_colours() -> None:
    hall = arena_from(HALL)
    floor = bytearray(len(hall.walls))
    floor[3 * hall.width + 5] = 2
    floor[3 * hall.width + 7] = 200  # unknown: plain
    picture = draw(hall, bytes(floor))
    assert picture.size == (hall.width * TILE_PIXELS, hall.height * TILE_PIXELS)
    assert picture.getpixel(middle_of(4, 0)) == WALL
    assert picture.getpixel(middle_of(4, 3)) == FLOOR[0]
    assert picture.getpixel(middle_of(5, 3)) == FLOOR[2]
    assert picture.getpixel(middle_of(7, 3)) == FLOOR[0]


def test_every_kind_of_pickup_has_a_colour_of_its_own_and_a_word() -> None:
    assert list(PADS) == list(PickupKind)
    assert len({colour for colour, _ in PADS.values()}) == len(PickupKind)
    for kind, (colour, word) in PADS.items():
        hall = replace(arena_from(HALL), pads=(Pad(kind, centre(5), centre(3)),))
        assert draw(hall, bytes(len(hall.walls))).getpixel(middle_of(5, 3)) == colour
        assert word


def test_the_same_map_gives_the_same_picture() -> None:
    floor = bytes(len(ARENA.walls))
    assert draw(ARENA, floor).tobytes() == draw(ARENA, floor).tobytes()

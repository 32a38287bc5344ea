"""Objects are where Tiled shows them, or are refused with advice on what to change in Tiled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.map_faults import FaultList
from game.tiled_objects import (
    PIXELS_MAX,
    OddObjectError,
    Tilesets,
    find_centre,
    read_tilesets,
)
from game.tuning import TILE_UNITS
from tests.game.tiled_maps import ANCHORS

TILE_PIXELS = 32


def tilesets_of(*entries: object) -> Tilesets:
    faults = FaultList()
    tilesets = read_tilesets({"tilesets": list(entries)}, faults)
    assert not faults.kept
    return tilesets


NONE = tilesets_of()
PLAIN = tilesets_of({"firstgid": 1, "name": "plain"})


def centre_of(tilesets: Tilesets = NONE, **entry: object) -> tuple[int, int]:
    return find_centre(entry, tilesets, TILE_PIXELS)


def refusal_of(tilesets: Tilesets = NONE, **entry: object) -> str:
    with pytest.raises(OddObjectError) as refused:
        centre_of(tilesets, **entry)
    return str(refused.value)


@pytest.mark.parametrize("alignment", ANCHORS)
@given(st.tuples(*[st.integers(-400, 400)] * 2), st.tuples(*[st.integers(1, 90)] * 2))
def test_a_tile_object_counts_where_its_tileset_aligns_it(
    alignment: str, at: tuple[int, int], size: tuple[int, int]
) -> None:
    entry = {"gid": 7, "x": at[0], "y": at[1], "width": size[0], "height": size[1]}
    tilesets = tilesets_of({"firstgid": 1, "name": "t", "objectalignment": alignment})
    across, down = ANCHORS[alignment]
    x, y = at[0] + (0.5 - across) * size[0], at[1] + (0.5 - down) * size[1]
    units = TILE_UNITS // TILE_PIXELS
    assert centre_of(tilesets, **entry) == (x * units, y * units)


def test_the_tileset_that_counts_is_that_of_the_tile_whatever_their_order() -> None:
    tilesets = tilesets_of(
        {"firstgid": 20, "name": "late", "objectalignment": "topleft"},
        {"firstgid": 1, "name": "early", "objectalignment": "center"},
        {"firstgid": 90, "source": "last.tsx"},
    )
    tile = {"x": 32, "y": 32, "width": 32, "height": 32}
    assert centre_of(tilesets, gid=19, **tile) == (1_024, 1_024)
    assert centre_of(tilesets, gid=20, **tile) == (1_536, 1_536)
    assert centre_of(tilesets, gid=0xE000_0000 + 89, **tile) == (1_536, 1_536)
    assert [tilesets.place_of(gid) for gid in (0, 1, 19, 20, 89, 90)] == [0, 1, 19, 1, 70, 1]


@pytest.mark.parametrize("shape", ["ellipse", "capsule", "point"])
def test_shapes_with_a_middle_count_by_it(shape: str) -> None:
    assert centre_of(**{shape: True}, x=16, y=32, width=32, height=64) == (1_024, 2_048)


def test_turning_a_point_leaves_it_where_it_is() -> None:
    assert centre_of(x=32, y=64, width=0, height=0, rotation=33.5, point=True) == (1_024, 2_048)


@pytest.mark.parametrize("rotation", [0, 0.0, 360, -360, 720.0])
def test_a_full_turn_is_none(rotation: float) -> None:
    assert centre_of(x=0, y=0, width=64, height=64, rotation=rotation) == (1_024, 1_024)


@pytest.mark.parametrize("rotation", [45, 90, -180, 0.001])
def test_a_turned_rectangle_is_refused(rotation: float) -> None:
    assert refusal_of(x=0, y=0, width=64, height=64, rotation=rotation) == (
        "is turned, which moves its centre: set its Rotation to 0,"
        " or put a point there (Insert Point)"
    )


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({"polygon": [{"x": 0, "y": 0}]}, "is a polygon, which has no one centre: move it"),
        ({"polyline": []}, "is a polyline, which has no one centre: move it"),
        ({"text": {"text": "red base"}}, "is a text, which marks no place: move it"),
        ({"template": "../spawn.tx"}, "is an instance of the template '../spawn.tx', which is a"),
        ({"template": None}, "right-click it and choose Detach"),
        ({"x": "5"}, "must have a number of pixels near the map as its x"),
        ({"y": None}, "must have a number of pixels near the map as its y"),
        ({"width": True}, "must have a number of pixels near the map as its width"),
        ({"height": float("inf")}, "must have a number of pixels near the map as its height"),
        ({"x": float("nan")}, "must have a number of pixels near the map as its x"),
        ({"y": -PIXELS_MAX - 1}, "must have a number of pixels near the map as its y"),
    ],
)
def test_objects_without_a_clear_centre_are_refused(entry: dict[str, object], what: str) -> None:
    assert what in refusal_of(**{"x": 0, "y": 0, **entry})


@pytest.mark.parametrize(
    ("tileset", "what"),
    [
        ({"source": "../tiles.tsx"}, "of the tileset '../tiles.tsx', a file of its own"),
        ({"source": "../tiles.tsx"}, "choose Embed Tileset"),
        ({"tileoffset": {"x": 0, "y": 4}}, "whose Drawing Offset moves it: set that to 0, 0"),
        ({"tileoffset": 4}, "whose Drawing Offset moves it"),
        ({"objectalignment": "middle"}, "whose Object Alignment 'middle' is unknown"),
        ({"objectalignment": ["top"]}, "is unknown: set it to Bottom Left in Tileset"),
        ({"tiles": [{"id": 6, "type": "red"}]}, "has the class 'red' from its tile only"),
        ({"tiles": [{"id": 6, "class": "red"}]}, "write it into its own Class"),
    ],
)
def test_a_tile_that_tiled_may_show_otherwise_is_refused(
    tileset: dict[str, object], what: str
) -> None:
    tilesets = tilesets_of({"firstgid": 1, "name": "t", **tileset})
    assert what in refusal_of(tilesets, gid=7, x=0, y=0, width=8, height=8)


def test_a_tile_object_with_a_name_of_its_own_inherits_none() -> None:
    tilesets = tilesets_of({"firstgid": 1, "tiles": [{"id": 6, "type": "red"}]})
    tile = {"gid": 7, "x": 0, "y": 32, "width": 32, "height": 32}
    assert centre_of(tilesets, **tile, type="blue") == (512, 512)


@pytest.mark.parametrize("gid", [0, -1, 1 << 32, None, "7", 1.5])
def test_invalid_tile_numbers_are_refused(gid: object) -> None:
    assert "has no tile number" in refusal_of(PLAIN, gid=gid, x=0, y=0, width=8, height=8)


@pytest.mark.parametrize("size", [{}, {"width": 0, "height": 8}, {"width": 8}])
def test_a_tile_object_without_a_size_of_its_own_is_refused(size: dict[str, int]) -> None:
    assert refusal_of(PLAIN, gid=7, x=0, y=0, **size).startswith("is a tile of no size: set its")


@pytest.mark.parametrize("entry", [None, 5, "point", [1, 2]])
def test_values_other_than_objects_are_refused(entry: object) -> None:
    with pytest.raises(OddObjectError):
        find_centre(entry, NONE, TILE_PIXELS)


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ({}, "a tileset of the map has no firstgid"),
        ([5], "a tileset of the map has no firstgid"),
        ([{"firstgid": 0}], "a tileset of the map has no firstgid"),
        ([{"firstgid": 3}, {"firstgid": 3.0}], "two tilesets begin at tile 3"),
    ],
)
def test_tilesets_that_cannot_be_told_apart_are_faults(entries: object, fault: str) -> None:
    faults = FaultList()
    read_tilesets({"tilesets": entries}, faults)
    assert [fault in str(found) for found in faults.kept] == [True]


@given(st.integers(-PIXELS_MAX * 1_000, PIXELS_MAX * 1_000))
def test_decimals_of_thousandths_are_read_exactly(thousandths: int) -> None:
    x, _ = find_centre({"x": thousandths / 1_000, "y": 0}, NONE, 1)
    assert x == thousandths * TILE_UNITS // 1_000


@given(st.floats(-PIXELS_MAX, PIXELS_MAX))
def test_any_number_near_the_map_is_rounded_down_by_less_than_a_thousandth(pixels: float) -> None:
    x, _ = find_centre({"x": pixels, "y": 0}, NONE, 1)
    thousandths = -(-x * 1_000 // TILE_UNITS)
    assert thousandths / 1_000 <= pixels < (thousandths + 1) / 1_000

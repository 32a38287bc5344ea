"""Tiled maps: valid ones become arenas, others are refused with all their faults."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from game.arena import Arena
from game.bounds import SIDE_TILES_MAX
from game.collision import is_free
from game.map_faults import MapFault, MapFaults
from game.tiled import floor_tiles, parse
from game.tiled_reader import KINDS
from game.tiled_text import FILE_BYTES_MAX
from game.trig import direction
from game.tuning import TILE_UNITS, TUNING, PickupKind
from tests.game.tiled_maps import (
    GOOD,
    TILE_PIXELS,
    document_from,
    faults_of,
    layer,
    only_fault,
    text_of,
)

FLIPPED = 0xF000_0000


def good_arena() -> Arena:
    return parse(text_of(document_from()), "drawn")


def test_a_good_map_becomes_what_was_drawn() -> None:
    arena = good_arena()
    assert (arena.name, arena.title, arena.width, arena.height) == ("drawn", "Drawn", 10, 7)
    assert (arena.players_min, arena.players_max) == (2, 4)
    drawn = "".join("#" if wall else "." for wall in arena.walls)
    assert drawn == "".join("#" if c == "#" else "." for c in GOOD if c != "\n")
    middle = TILE_UNITS // 2
    assert (arena.spawns[0].x, arena.spawns[0].y) == (TILE_UNITS + middle, TILE_UNITS + middle)
    assert [pad.kind for pad in arena.pads] == [
        PickupKind.HEALTH,
        PickupKind.DOUBLE,
        PickupKind.ARMOUR,
    ]


def test_the_digest_is_that_of_the_file() -> None:
    text = text_of(document_from())
    assert parse(text, "drawn").digest == hashlib.sha256(text.encode()).hexdigest()[:16]


def test_open_cells_touch_no_wall() -> None:
    arena = good_arena()
    for index, is_open in enumerate(arena.open_cells):
        row, column = divmod(index, arena.width)
        around = [(column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        free = all(
            0 <= i < arena.width and 0 <= j < arena.height and not arena.walls[j * arena.width + i]
            for i, j in around
        )
        assert is_open == free


def test_players_look_to_the_centre_first() -> None:
    arena = good_arena()
    for spawn in arena.spawns:
        across = arena.width * TILE_UNITS // 2 - spawn.x
        down = arena.height * TILE_UNITS // 2 - spawn.y
        cosine, sine = direction(spawn.aim)
        assert cosine * across + sine * down > 0
        assert abs(cosine * down - sine * across) < 16_384 * TILE_UNITS // 32


def test_flipped_and_turned_wall_tiles_are_walls_still() -> None:
    document = document_from()
    walls = layer(document, "walls")
    walls["data"] = [gid | FLIPPED if gid else gid for gid in walls["data"]]
    assert parse(text_of(document), "drawn").walls == good_arena().walls


def test_flip_bits_alone_are_no_wall() -> None:
    document = document_from()
    walls = layer(document, "walls")
    walls["data"] = [gid or FLIPPED for gid in walls["data"]]
    assert parse(text_of(document), "drawn").walls == good_arena().walls


@given(st.integers(-8_000, 8_000))
def test_fractions_of_pixels_are_rounded_down_to_units(thousandths: int) -> None:
    document = document_from()
    pixels = 3 * TILE_PIXELS * 1_000 + TILE_PIXELS * 500 + thousandths * TILE_PIXELS // 1_000
    spawn = layer(document, "spawns")["objects"][0]
    spawn["x"] = "PIXELS"
    text = text_of(document).replace('"PIXELS"', f"{pixels // 1_000}.{pixels % 1_000:03d}")
    assert parse(text, "drawn").spawns[0].x == pixels * TILE_UNITS // (TILE_PIXELS * 1_000)


@pytest.mark.parametrize("number", ["40.0", "4.0e1", "400E-1", "40"])
def test_a_number_means_the_same_however_it_is_written(number: str) -> None:
    document = document_from()
    layer(document, "spawns")["objects"][0]["x"] = "PIXELS"
    text = text_of(document).replace('"PIXELS"', number)
    assert parse(text, "drawn").spawns[0].x == 40 * TILE_UNITS // TILE_PIXELS


def test_a_rectangle_counts_by_its_centre_and_a_tile_object_hangs_from_below() -> None:
    document = document_from()
    spawns = layer(document, "spawns")["objects"]
    spawns[0] |= {"x": 16, "y": 16, "width": 32, "height": 48}
    spawns[1] |= {"x": 120, "y": 48, "width": 16, "height": 32, "gid": 1}
    arena = parse(text_of(document), "drawn")
    assert (arena.spawns[0].x, arena.spawns[0].y) == (2 * TILE_UNITS, 5 * TILE_UNITS // 2)
    assert (arena.spawns[1].x, arena.spawns[1].y) == (8 * TILE_UNITS, 2 * TILE_UNITS)


@pytest.mark.parametrize("key", ["name", "class", "type"])
def test_a_pickup_says_what_it_is_by_name_or_class(key: str) -> None:
    document = document_from()
    for kind_name, kind in KINDS.items():
        pickup = layer(document, "pickups")["objects"][0]
        pickup["name"] = ""
        pickup[key] = kind_name
        if kind is not PickupKind.DOUBLE:
            assert parse(text_of(document), "drawn").pads[0].kind is kind


def test_layers_that_are_not_known_are_accepted() -> None:
    document = document_from()
    document["layers"] += [{"name": "zones", "type": "objectgroup"}]
    assert parse(text_of(document), "drawn").width == 10


def test_the_floor_is_for_looks() -> None:
    document = document_from()
    floor = layer(document, "floor")
    floor["data"][11] = 3 | FLIPPED
    floor["data"][12] = 70_000
    tiles = floor_tiles(text_of(document))
    assert (len(tiles), tiles[11], tiles[12], tiles[13]) == (70, 3, 255, 0)
    document["layers"].remove(floor)
    assert floor_tiles(text_of(document)) == bytes(70)


# Faults.


def test_too_few_spawns() -> None:
    assert "5 players need 5 spawns, there are 4" in only_fault(document_from(players_max=5))


def test_a_name_that_is_no_word() -> None:
    for name in ("", "two words", "Big", "x" * 25, "a/b"):
        assert "file name" in faults_of(text_of(document_from()), name)[0]


def test_all_faults_are_reported_together() -> None:
    document = document_from(title="", players_max=9)
    layer(document, "pickups")["objects"][0]["name"] = "quad"
    layer(document, "spawns")["objects"][0]["y"] = 8
    layer(document, "walls")["data"][3] = 0
    assert len(faults_of(text_of(document))) == 5


# Limits.


def test_a_file_of_more_than_a_mebibyte_is_not_read() -> None:
    padded = text_of(document_from()) + " " * FILE_BYTES_MAX
    assert (
        f"the file has {len(padded):,} bytes, and a map may have 1,048,576" in faults_of(padded)[0]
    )
    good = text_of(document_from())
    assert parse(good + " " * (FILE_BYTES_MAX - len(good)), "drawn").width == 10


def test_a_map_may_be_as_large_as_the_limit() -> None:
    side = SIDE_TILES_MAX
    rows = ["#" * side, *["#" + "." * (side - 2) + "#"] * (side - 2), "#" * side]
    rows[5] = "#ssss" + rows[5][5:]
    assert parse(text_of(document_from("\n".join(rows))), "large").width == side


def test_faults_beyond_two_hundred_are_counted() -> None:
    rows = ["#" * 61, *["#" + ".#" * 30] * 20, "#" * 61]
    rows = [row if number % 2 else "#" * 61 for number, row in enumerate(rows)]
    faults = faults_of(text_of(document_from("\n".join([*rows, "#" * 61]))))
    assert len(faults) == 201
    assert faults[-1].startswith("and ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "NaN",
        "[" * 200_000,
        '{"width": 1' + "0" * 5_000 + "}",
        '{"width": 1e999999999}',
        '{"width": 0.' + "1" * 5_000 + "}",
        "\ud800",
        "\ufeff{}",
    ],
)
def test_text_that_is_no_map_is_refused_and_never_raises_anything_else(text: str) -> None:
    assert faults_of(text)


def test_half_a_letter_is_called_what_it_is() -> None:
    assert faults_of("\ud800") == ["the file is not Unicode text"]


# However a map is changed, it is either refused or playable.

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=True)
    | st.text(max_size=6)
    | st.sampled_from(["walls", "spawns", "tilelayer", "health", "orthogonal"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=8,
)


def spots_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places in a JSON value, as paths from its root."""
    spots = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            spots += spots_of(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value[:30]):
            spots += spots_of(inner, (*path, index))
    return spots


def rich_document() -> dict[str, Any]:
    """A map with everything that is read: tilesets, a tile object, a group, ids."""
    document = document_from(modes="deathmatch")
    document["tilesets"] = [
        {"firstgid": 1, "name": "own", "objectalignment": "center", "tileoffset": {"x": 0, "y": 0}},
        {"firstgid": 100, "source": "other.tsx"},
    ]
    document["tilesets"][0]["tiles"] = [{"id": 1, "type": "red"}]
    tile = {"id": 3, "gid": 5, "width": 8, "height": 8}
    layer(document, "spawns")["objects"][0] |= tile
    inner = {"name": "notes", "type": "objectgroup", "objects": []}
    document["layers"].append({"name": "more", "type": "group", "layers": [inner]})
    return document


SPOTS = [spot for spot in spots_of(rich_document()) if spot]


def mutate(document: Any, spot: tuple[Any, ...], value: Any) -> None:
    for step in spot[:-1]:
        document = document[step]
    document[spot[-1]] = value


@given(st.lists(st.tuples(st.sampled_from(SPOTS), json_values), min_size=1, max_size=3))
def test_no_change_to_a_map_escapes_as_anything_but_faults(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    document: Any = rich_document()
    for spot, value in changes:
        try:
            mutate(document, spot, value)
        except (KeyError, IndexError, TypeError):
            assume(False)
    refused_or_playable(json.dumps(document))


@given(st.text(max_size=200), st.integers(0, 2_000), st.integers(0, 60))
def test_no_cut_in_the_text_escapes_as_anything_but_faults(put: str, at: int, cut: int) -> None:
    text = text_of(document_from())
    refused_or_playable(text[:at] + put + text[at + cut :])


tiles = st.lists(st.sampled_from("##.............s"), min_size=64, max_size=64)


@given(tiles, st.booleans(), st.integers(2, 4))
def test_every_accepted_map_is_closed_and_connected(
    drawn: list[str], framed: bool, players_max: int
) -> None:
    rows = ["".join(drawn[at : at + 8]) for at in range(0, 64, 8)]
    if framed:
        rows = ["#" * 10, *(f"#{row}#" for row in rows), "#" * 10]
    refused_or_playable(text_of(document_from("\n".join(rows), players_max=players_max)))


def refused_or_playable(text: str) -> None:
    try:
        arena = parse(text, "drawn")
    except MapFaults as refusal:
        event("refused")
        faults = refusal.faults
    else:
        event("accepted")
        assert_playable(arena)
        assert len(floor_tiles(text)) == arena.width * arena.height
        return
    assert all(isinstance(fault, MapFault) and fault.what.isprintable() for fault in faults)


def assert_playable(arena: Arena) -> None:
    """Check for a closed border, room for everybody, and a path from a spawn to every free tile."""
    width, height = arena.width, arena.height
    border = [i for i in range(width * height) if i % width in (0, width - 1)]
    border += [*range(width), *range(width * (height - 1), width * height)]
    assert all(arena.walls[index] for index in border)
    assert len(arena.spawns) >= arena.players_max >= arena.players_min >= 2
    for place in (*arena.spawns, *arena.pads):
        assert is_free(arena, place.x, place.y, TUNING.player_radius_units)
    first = arena.spawns[0]
    reached = {first.y // TILE_UNITS * width + first.x // TILE_UNITS}
    edge = list(reached)
    while edge:
        index = edge.pop()
        for beside in (index + 1, index - 1, index + width, index - width):
            if not arena.walls[beside] and beside not in reached:
                reached.add(beside)
                edge.append(beside)
    assert len(reached) == arena.walls.count(0)

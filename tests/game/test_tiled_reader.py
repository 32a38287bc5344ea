"""Faults in a Tiled document are reported in Tiled's terms."""

from typing import Any

import pytest

from game.bounds import SIDE_TILES_MAX
from game.tiled import parse
from game.tiled_reader import OBJECTS_MAX
from tests.game.tiled_maps import (
    GOOD,
    document_from,
    faults_of,
    layer,
    only_fault,
    text_of,
)

WRONG_SIZE = "layer walls does not have the map's size, 10 × 7 tiles: save the map again from Tiled"


def test_an_unknown_pickup_is_refused_with_the_known_ones() -> None:
    document = document_from()
    layer(document, "pickups")["objects"][0]["name"] = "quad"
    fault = only_fault(document)
    assert fault.startswith("4,1: pickup 1 is 'quad', which is no pickup; there are health, mega")


def test_a_second_double_is_one_too_many() -> None:
    document = document_from(GOOD.replace(".a.", ".d."))
    assert only_fault(document) == "3,5: pickup 3 is a second double: one power-up a map"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"orientation": "isometric"},
            "the map's orientation must be orthogonal: set Orientation in Map > Map Properties",
        ),
        (
            {"infinite": True},
            "the map must not be infinite, for it needs a size:"
            " take the tick off Infinite in Map > Map Properties",
        ),
        (
            {"width": SIDE_TILES_MAX + 1},
            "the map's width must be an int of 5 to 256: choose Map > Resize Map",
        ),
        ({"height": 4}, "the map's height must be an int of 5 to 256: choose Map > Resize Map"),
        ({"width": True}, "the map's width must be an int of 5 to 256: choose Map > Resize Map"),
        (
            {"tilewidth": 8},
            "tilewidth and tileheight must be one int of 1 to 1024:"
            " set Tile Width and Tile Height in Map > Map Properties",
        ),
    ],
)
def test_a_wrong_head(change: dict[str, Any], fault: str) -> None:
    assert fault in faults_of(text_of(document_from() | change))


@pytest.mark.parametrize(
    ("properties", "fault"),
    [
        ({"title": ""}, "the map property title must be a text of 1 to 24 letters"),
        ({"title": "x" * 25}, "the map property title must be a text of 1 to 24 letters"),
        ({"title": "two\nlines"}, "the map property title must be a text of 1 to 24 letters"),
        ({"players_min": 1}, "the map property players_min must be an int of 2 to 128"),
        ({"players_max": "8"}, "the map property players_max must be an int of 2 to 128"),
        ({"players_min": 4, "players_max": 3}, "players_min 4 is more than players_max 3"),
    ],
)
def test_wrong_properties(properties: dict[str, Any], fault: str) -> None:
    assert only_fault(document_from(**properties)) == fault


@pytest.mark.parametrize("name", ["walls", "spawns", "pickups"])
def test_a_missing_layer(name: str) -> None:
    document = document_from()
    document["layers"].remove(layer(document, name))
    kind = "tile" if name == "walls" else "object"
    expected = f"there is no {kind} layer {name} at the top level of the layers"
    assert expected in faults_of(text_of(document))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"width": 11}, WRONG_SIZE),
        ({"data": [8] * 69}, WRONG_SIZE),
        ({"data": [-1] * 70}, "layer walls holds something that is not a tile number"),
        ({"data": [True] * 70}, "layer walls holds something that is not a tile number"),
        ({"data": [1 << 32] * 70}, "layer walls holds something that is not a tile number"),
        (
            {"type": "imagelayer"},
            "layer walls must be a tile layer: add one (Layer > New), and move things there",
        ),
        ({"offsetx": 3}, "layer walls is moved: set its Offset to 0, 0"),
        ({"offsety": -0.5}, "layer walls is moved: set its Offset to 0, 0"),
        ({"y": 1}, "layer walls is moved: set its Offset to 0, 0"),
        ({"parallaxx": 0.5}, "layer walls is moved: set its Parallax Factor to 1, 1"),
    ],
)
def test_a_wrong_layer(change: dict[str, Any], fault: str) -> None:
    document = document_from()
    layer(document, "walls").update(change)
    assert only_fault(document) == fault


@pytest.mark.parametrize("layer_name", ["walls", "spawns"])
def test_a_layer_that_stays_where_it_is_and_looks_otherwise_is_read(layer_name: str) -> None:
    document = document_from()
    layer(document, layer_name).update(
        {"offsetx": 0.0, "offsety": 0, "parallaxx": 1.0, "opacity": 0.1, "visible": False}
        | {"locked": True, "tintcolor": "#ff0000", "mode": "multiply", "class": "any", "x": 0}
    )
    assert parse(text_of(document), "drawn").width == 10


def test_two_layers_of_one_name() -> None:
    document = document_from()
    document["layers"].append(layer(document, "walls"))
    assert only_fault(document) == "there are 2 layers walls, one is needed"


@pytest.mark.parametrize(
    ("change", "packing"),
    [
        ({"data": "eJx", "encoding": "base64", "compression": "zlib"}, "Base64 (zlib compressed)"),
        ({"data": "eJx", "encoding": "base64", "compression": "gzip"}, "Base64 (gzip compressed)"),
        ({"data": "eJx", "encoding": "base64", "compression": "zstd"}, "Base64 (zstd compressed)"),
        ({"data": "eJx", "encoding": "base64", "compression": ""}, "Base64"),
        ({"data": None, "chunks": []}, "in chunks, as on an infinite map"),
    ],
)
def test_packed_tiles_are_named_by_their_packing(change: dict[str, Any], packing: str) -> None:
    document = document_from()
    layer(document, "walls").update(change)
    assert only_fault(document) == (
        f"layer walls is {packing}, not CSV: set Tile Layer Format (also called Layer Data Format)"
        " in Map > Map Properties to CSV"
    )


@pytest.mark.parametrize("name", ["floor", "walls", "spawns", "pickups", "flags"])
def test_a_layer_in_a_group_is_a_fault_that_says_to_move_it_out(name: str) -> None:
    document = document_from()
    document["layers"].append({"name": "flags", "type": "objectgroup", "objects": []})
    inside = layer(document, name)
    document["layers"].remove(inside)
    outer = {"name": "Field", "type": "group", "layers": [inside]}
    document["layers"].append({"name": "All", "type": "group", "layers": [outer]})
    assert only_fault(document) == (
        f"layer {name} is in the group 'Field': drag it out, to the top level"
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [("floor", "Floor"), ("walls", "wall"), ("spawns", " spawns"), ("flags", "FLAGS")],
)
def test_a_layer_that_is_nearly_called_so_is_not_passed_over(name: str, written: str) -> None:
    document = document_from()
    document["layers"].append({"name": "flags", "type": "objectgroup", "objects": []})
    layer(document, name)["name"] = written
    assert only_fault(document) == f"layer {written!r} is not read: rename it to {name}"


def test_an_unreadable_layer_causes_no_other_faults() -> None:
    document = document_from(modes="capture-the-flag", players_min=6, players_max=6)
    spawns = layer(document, "spawns")
    flags = {"name": "flags", "type": "objectgroup", "offsetx": 5, "objects": []}
    document["layers"].append(flags)
    for spawn in spawns["objects"]:
        spawn["template"] = "spawn.tx"
    assert [fault.partition(" is ")[0] for fault in faults_of(text_of(document))] == [
        *(f"spawn {number}" for number in range(1, 5)),
        "layer flags",
    ]


def test_whole_numbers_may_be_written_with_a_fraction_of_nothing() -> None:
    document = document_from(players_max=4.0)
    for key in ("width", "height", "tilewidth", "tileheight"):
        document[key] = float(document[key])
    walls = layer(document, "walls")
    walls["data"] = [float(gid) for gid in walls["data"]]
    assert parse(text_of(document), "drawn").walls == parse(text_of(document_from()), "drawn").walls


def test_properties_are_read_by_their_type() -> None:
    document = document_from()
    for said, kind in zip(document["properties"], ("string", "int", "object"), strict=True):
        said["type"] = kind
    assert only_fault(document) == "the map property players_max must be an int of 2 to 128"
    document["properties"][2]["type"] = "int"
    document["properties"][0]["type"] = "file"
    assert only_fault(document) == "the map property title must be a text of 1 to 24 letters"


def test_an_enumeration_that_is_saved_as_a_string_is_read() -> None:
    document = document_from()
    document["properties"] += [
        {"name": "modes", "type": "string", "propertytype": "Mode", "value": "deathmatch,duel"},
        {"name": "about", "type": "class", "propertytype": "About", "value": {"by": "somebody"}},
    ]
    assert parse(text_of(document), "drawn").modes == ("deathmatch", "duel")


def test_a_property_that_is_there_twice_is_refused() -> None:
    document = document_from()
    document["properties"] += [{"name": "title", "value": "Other"}]
    assert only_fault(document) == "the map property title is there 2 times"


def test_the_form_of_tiled_before_its_version_1_2_is_called_by_its_name() -> None:
    document = document_from()
    document["properties"] = {"title": "Drawn", "players_min": 2, "players_max": 4}
    assert faults_of(text_of(document))[0].startswith("the file is in the form that Tiled 1.1")


def test_more_than_a_thousand_objects_are_not_read() -> None:
    document = document_from()
    pickups = layer(document, "pickups")
    pickups["objects"] = pickups["objects"][:1] * (OBJECTS_MAX + 1)
    assert only_fault(document) == "layer pickups must have a list of at most 1000 objects"

"""What is wrong with what Tiled wrote is said in the words of Tiled."""

from typing import Any

import pytest

from game.tiled import parse
from game.tiled_reader import OBJECTS_MAX, SIDE_TILES_MAX
from tests.game.tiled_maps import (
    GOOD,
    document_from,
    faults_of,
    layer,
    only_fault,
    text_of,
)


def test_an_unknown_pickup_is_told_what_there_is() -> None:
    document = document_from()
    layer(document, "pickups")["objects"][0]["name"] = "quad"
    fault = only_fault(document)
    assert fault.startswith("4,1: pickup 1 is 'quad', which is no pickup; there are health, mega")


def test_a_second_double_is_one_too_many() -> None:
    document = document_from(GOOD.replace(".a.", ".d."))
    assert only_fault(document) == "3,5: pickup 3 is a second double: one power-up a map"


def test_a_turned_rectangle_has_no_clear_centre() -> None:
    document = document_from()
    layer(document, "pickups")["objects"][0]["rotation"] = 45
    assert only_fault(document) == "pickup 1 must be a point or an unturned rectangle near the map"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"orientation": "isometric"}, "the map's orientation must be orthogonal"),
        ({"infinite": True}, "the map must not be infinite: set its size in Map Properties"),
        ({"width": SIDE_TILES_MAX + 1}, "the map's width must be an int of 5 to 256"),
        ({"height": 4}, "the map's height must be an int of 5 to 256"),
        ({"width": True}, "the map's width must be an int of 5 to 256"),
        ({"tilewidth": 8}, "tilewidth and tileheight must be one int of 1 to 1024"),
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
        ({"data": "eJx"}, "layer walls is not CSV: set Tile Layer Format in Map Properties to CSV"),
        ({"width": 11}, "layer walls does not have the map's size, 10 × 7 tiles"),
        ({"data": [8] * 69}, "layer walls does not have the map's size, 10 × 7 tiles"),
        ({"data": [-1] * 70}, "layer walls holds something that is not a tile number"),
        ({"data": [True] * 70}, "layer walls holds something that is not a tile number"),
        ({"data": [1 << 32] * 70}, "layer walls holds something that is not a tile number"),
        ({"type": "objectgroup"}, "layer walls must be of the type tile layer"),
        ({"offsetx": 3}, "layer walls is moved: set its offset to 0, 0"),
    ],
)
def test_a_wrong_layer(change: dict[str, Any], fault: str) -> None:
    document = document_from()
    layer(document, "walls").update(change)
    assert only_fault(document) == fault


def test_an_offset_of_nothing_is_none() -> None:
    document = document_from()
    layer(document, "walls")["offsetx"] = 0.0
    assert parse(text_of(document), "drawn").width == 10


def test_two_layers_of_one_name() -> None:
    document = document_from()
    document["layers"].append(layer(document, "walls"))
    assert only_fault(document) == "there are 2 layers walls, one is needed"


def test_more_than_a_thousand_objects_are_not_read() -> None:
    document = document_from()
    pickups = layer(document, "pickups")
    pickups["objects"] = pickups["objects"][:1] * (OBJECTS_MAX + 1)
    assert only_fault(document) == "layer pickups must have a list of at most 1000 objects"

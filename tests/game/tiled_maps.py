"""Tiled maps drawn as text: valid ones, and the small faults that tests add to them."""

import json
from typing import Any

import pytest

from game.map_faults import MapFaults
from game.tiled import parse

TILE_PIXELS = 16
LETTERS = {"h": "health", "m": "mega", "a": "armour", "d": "double", "4": "ammo_rail"}
GOOD = """
##########
#s..h...s#
#........#
#..####..#
#....d...#
#s.a....s#
##########
"""

# Where in its picture a tile object has its position, as fractions of the size from the top left:
# the table of Tiled's own `alignmentOffset`.
ANCHORS = {
    "unspecified": (0, 1),
    "topleft": (0, 0),
    "top": (0.5, 0),
    "topright": (1, 0),
    "left": (0, 0.5),
    "center": (0.5, 0.5),
    "right": (1, 0.5),
    "bottomleft": (0, 1),
    "bottom": (0.5, 1),
    "bottomright": (1, 1),
}


def document_from(drawing: str = GOOD, **properties: object) -> dict[str, Any]:
    """A document from a drawing: `#` wall, `s` spawn, a letter of LETTERS a pickup, else floor."""
    rows = drawing.strip().splitlines()
    places = [
        (letter, column, row) for row, line in enumerate(rows) for column, letter in enumerate(line)
    ]
    said = {"title": "Drawn", "players_min": 2, "players_max": 4, **properties}
    return {
        "type": "map",
        "orientation": "orthogonal",
        "infinite": False,
        "width": len(rows[0]),
        "height": len(rows),
        "tilewidth": TILE_PIXELS,
        "tileheight": TILE_PIXELS,
        "properties": [{"name": name, "value": value} for name, value in said.items()],
        "layers": [
            _tiles("floor", rows, {}),
            _tiles("walls", rows, {"#": 8}),
            _objects(
                "spawns", [("", column, row) for letter, column, row in places if letter == "s"]
            ),
            _objects(
                "pickups",
                [
                    (LETTERS[letter], column, row)
                    for letter, column, row in places
                    if letter in LETTERS
                ],
            ),
        ],
    }


def text_of(document: dict[str, Any]) -> str:
    return json.dumps(document)


def layer(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(layer for layer in document["layers"] if layer["name"] == name)


def faults_of(text: str, name: str = "drawn") -> list[str]:
    with pytest.raises(MapFaults) as caught:
        parse(text, name)
    return [str(fault) for fault in caught.value.faults]


def only_fault(document: dict[str, Any]) -> str:
    faults = faults_of(text_of(document))
    assert len(faults) == 1, faults
    return faults[0]


def _tiles(name: str, rows: list[str], numbers: dict[str, int]) -> dict[str, Any]:
    gids = [numbers.get(letter, 0) for row in rows for letter in row]
    size = {"width": len(rows[0]), "height": len(rows)}
    return {"name": name, "type": "tilelayer", "data": gids, **size}


def _objects(name: str, entries: list[tuple[str, int, int]]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "objectgroup",
        "objects": [
            {
                "name": what,
                "point": True,
                "x": column * TILE_PIXELS + TILE_PIXELS // 2,
                "y": row * TILE_PIXELS + TILE_PIXELS // 2,
                "width": 0,
                "height": 0,
                "rotation": 0,
            }
            for what, column, row in entries
        ],
    }

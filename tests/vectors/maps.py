"""Maps as Tiled may write them, and how they are read: positions of every kind, tilesets."""

import json
from typing import Any

from game.arena import Arena
from game.tiled import floor_tiles, parse
from game.tiled_objects import ALIGNMENTS
from tests.game.tiled_maps import document_from, layer

FIELD = """
############
#s........s#
#..........#
#..h....m..#
#..........#
#s........s#
############
"""
TILESETS = [
    {"firstgid": 30, "name": "centred", "objectalignment": "center"},
    {"firstgid": 1, "name": "own"},
    {"firstgid": 60, "source": "elsewhere.tsx"},
]
# Around 3.5 tiles: decimals that doubles cannot hold exactly, and results of dragging in an editor.
POSITIONS = (56, 56.0, 55.999, 56.001, 55.99999999999999, 56.00000000000001, 56.0005, 55.3333333333)


def maps() -> dict[str, Any]:
    """One map each: its text, its walls and floor as digits, and its pads."""
    return {"maps": [_row(document) for document in (*_positioned(), *_aligned(), *_tiled())]}


def _positioned() -> list[dict[str, Any]]:
    documents = []
    for position in POSITIONS:
        document = document_from(FIELD)
        first, second = layer(document, "pickups")["objects"]
        first |= {"x": position, "y": position}
        second |= {"x": 119.7, "y": position - 2.4, "width": 16.6, "height": 4.8, "point": False}
        documents.append(document)
    return documents


def _aligned() -> list[dict[str, Any]]:
    documents = []
    for alignment in ALIGNMENTS:
        document = document_from(FIELD)
        document["tilesets"] = [{"firstgid": 1, "name": "t", "objectalignment": alignment}]
        for pickup in layer(document, "pickups")["objects"]:
            pickup |= {"gid": 0x8000_0003, "width": 15.5, "height": 20, "point": False}
        documents.append(document)
    return documents


def _tiled() -> list[dict[str, Any]]:
    document = document_from(FIELD)
    document["tilesets"] = TILESETS
    first, second = layer(document, "pickups")["objects"]
    first |= {"gid": 29, "width": 16, "height": 16}
    second |= {"gid": 0x4000_0000 + 31, "width": 16, "height": 16}
    floor = layer(document, "floor")["data"]
    floor[13:21] = [1, 8, 30, 31, 0xA000_0000 + 34, 60, 62, 29]
    walls = layer(document, "walls")
    walls["data"] = [0x6000_0000 + 61 if gid else 0x6000_0000 for gid in walls["data"]]
    return [document]


def _row(document: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(document)
    arena: Arena = parse(text, "drawn")
    return {
        "text": text,
        "walls": arena.walls.hex(),
        "floor": floor_tiles(text).hex(),
        "pads": [[int(pad.kind), pad.x, pad.y] for pad in arena.pads],
    }

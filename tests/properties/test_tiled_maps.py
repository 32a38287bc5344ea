"""However Tiled saved it, the same map is the same arena or is refused: nothing shifts silently.

No way of saving changes what Tiled shows. Those in `READ` must be read; those in
`REFUSED` are refused today; if they are ever read, they must be read correctly.
"""

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from game.arena import Arena
from game.map_faults import MapFaults
from game.tiled import parse
from game.tiled_text import decode
from tests.game.tiled_maps import ANCHORS, TILE_PIXELS, document_from, layer

Document = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]
Way = Callable[[Document, Draw], None]
TILES = ("floor", "walls")
OBJECTS = ("spawns", "pickups")


@st.composite
def plain_maps(draw: Draw) -> Document:
    """A closed field with pillars, spawns and pickups, some of them off the middle of their tile.

    Numbers are quarters of pixels: sums and halves of them are exact.
    """
    width, height = draw(st.integers(7, 12)), draw(st.integers(7, 12))
    rows = [
        ["#" if _is_wall(x, y, width, height) else "." for x in range(width)] for y in range(height)
    ]
    free = [(x, y) for y in range(height) for x in range(width) if rows[y][x] == "."]
    letters = ["s"] * 4 + draw(st.lists(st.sampled_from("hma4"), max_size=4))
    at = draw(st.lists(st.sampled_from(free), min_size=8, max_size=8, unique=True))
    for letter, (x, y) in zip(letters, at, strict=False):
        rows[y][x] = letter
    document = document_from("\n".join("".join(row) for row in rows))
    for name in OBJECTS:
        for number, entry in enumerate(layer(document, name)["objects"]):
            entry["id"] = number + 1
            for axis in "xy":
                entry[axis] += draw(st.sampled_from((0, 0, 0.25, -0.5, 1)))
    return document


def _is_wall(x: int, y: int, width: int, height: int) -> bool:
    return x in (0, width - 1) or y in (0, height - 1) or (x, y) == (3, 3)


def objects_of(document: Document) -> list[Document]:
    return [entry for name in OBJECTS for entry in layer(document, name)["objects"]]


# Ways that are read.


def as_shapes(document: Document, draw: Draw) -> None:
    for entry in _still_points(document):
        shape = draw(st.sampled_from(("ellipse", "capsule", "rectangle")))
        width, height = draw(st.sampled_from((8, 16.5, 40))), draw(st.sampled_from((8, 21, 3.5)))
        del entry["point"]
        entry[shape] = True  # Tiled does not mark rectangles, and a mark does no harm
        entry |= {"x": entry["x"] - width / 2, "y": entry["y"] - height / 2}
        entry |= {"width": width, "height": height}


def as_tile_objects(document: Document, draw: Draw) -> None:
    alignment = draw(st.sampled_from(list(ANCHORS)))
    first = _add_tileset(document, draw, name="aligned", objectalignment=alignment)
    across, down = ANCHORS[alignment]
    for entry in _still_points(document):
        size = draw(st.sampled_from((16, 32, 7.5)))
        flips = draw(st.integers(0, 15)) << 28
        del entry["point"]
        entry |= {"x": entry["x"] + (across - 0.5) * size, "y": entry["y"] + (down - 0.5) * size}
        entry |= {"gid": flips + first + 3, "width": size, "height": size}


def turned_points(document: Document, draw: Draw) -> None:
    for entry in _still_points(document):
        entry["rotation"] = draw(st.sampled_from((0, 90, -45.5)))


def named_by_class(document: Document, draw: Draw) -> None:
    for entry in layer(document, "pickups")["objects"]:
        entry[draw(st.sampled_from(("class", "type")))] = entry["name"]
        entry["name"] = draw(st.sampled_from(("", "by the door")))


def flipped_walls_of_other_tilesets(document: Document, draw: Draw) -> None:
    first = _add_tileset(document, draw, source="walls.tsx")
    walls = layer(document, "walls")
    bits = draw(st.integers(0, 15)) << 28
    walls["data"] = [bits + (first + gid % 7 if gid else 0) for gid in walls["data"]]


def looks(document: Document, draw: Draw) -> None:
    for name in draw(st.lists(st.sampled_from(TILES + OBJECTS))):
        layer(document, name).update(
            {"visible": False, "locked": True, "opacity": 0.3, "tintcolor": "#aa00ff"}
        )
    for entry in objects_of(document):
        entry |= {"visible": False, "opacity": 0.5}


def other_layers(document: Document, draw: Draw) -> None:
    inner = {"name": "notes", "type": "objectgroup", "offsetx": 9, "objects": [{"text": {}}]}
    document["layers"] += [
        {"name": "sky", "type": "imagelayer", "image": "sky.png", "parallaxx": 0.5},
        {"name": "decoration", "type": "group", "layers": [inner]},
    ]
    draw(st.randoms(use_true_random=False)).shuffle(document["layers"])


def whole_fractions(document: Document, draw: Draw) -> None:
    for key in ("width", "height", "tilewidth", "tileheight"):
        document[key] = float(document[key])
    walls = layer(document, "walls")
    walls["data"] = [float(gid) for gid in walls["data"]]


def head_of_any_version(document: Document, draw: Draw) -> None:
    document |= {"version": draw(st.sampled_from((1, 1.1, "1.10"))), "nextobjectid": 900}
    document |= {"renderorder": draw(st.sampled_from(("right-down", "left-up")))}
    document |= {"class": "arena", "backgroundcolor": "#101010", "compressionlevel": -1}


# Ways that are refused.


def packed(document: Document, draw: Draw) -> None:
    one = layer(document, draw(st.sampled_from(TILES)))
    raw = b"".join(int(gid).to_bytes(4, "little") for gid in one["data"])
    one |= {"encoding": "base64", "compression": "zlib"}
    one["data"] = base64.b64encode(zlib.compress(raw)).decode()


def infinite(document: Document, draw: Draw) -> None:
    document["infinite"] = True
    for name in TILES:
        one = layer(document, name)
        size = {"width": document["width"], "height": document["height"]}
        one["chunks"] = [{"x": 0, "y": 0, "data": one.pop("data"), **size}]


def in_a_group(document: Document, draw: Draw) -> None:
    one = layer(document, draw(st.sampled_from(TILES + OBJECTS)))
    document["layers"].remove(one)
    document["layers"].append({"name": "group", "type": "group", "layers": [one]})


def offset(document: Document, draw: Draw) -> None:
    one = layer(document, draw(st.sampled_from(OBJECTS)))
    by = draw(st.sampled_from((TILE_PIXELS, -0.5)))
    axis = draw(st.sampled_from("xy"))
    one[f"offset{axis}"] = by
    for entry in one["objects"]:
        entry[axis] -= by


def of_external_tilesets(document: Document, draw: Draw) -> None:
    as_tile_objects(document, draw)
    tileset = document["tilesets"][-1]
    for key in ("name", "objectalignment"):
        tileset.pop(key, None)
    tileset["source"] = "aligned.tsx"


def of_templates(document: Document, draw: Draw) -> None:
    for entry in objects_of(document):
        entry["template"] = "pad.tx"
        for key in ("name", "width", "height", "rotation", "point"):
            entry.pop(key, None)


def drawn_elsewhere(document: Document, draw: Draw) -> None:
    moved = _still_points(document)
    as_tile_objects(document, draw)
    document["tilesets"][-1]["tileoffset"] = {"x": 0, "y": 8}
    for entry in moved:
        entry["y"] -= 8


READ: list[Way] = [
    *(as_shapes, as_tile_objects, turned_points, named_by_class, looks, other_layers),
    *(flipped_walls_of_other_tilesets, whole_fractions, head_of_any_version),
]
REFUSED: list[Way] = [
    *(packed, infinite, in_a_group, offset, of_external_tilesets, of_templates, drawn_elsewhere)
]


def _still_points(document: Document) -> list[Document]:
    points = [entry for entry in objects_of(document) if "point" in entry]
    return [entry for entry in points if not entry["rotation"]]


def _add_tileset(document: Document, draw: Draw, **entry: object) -> int:
    tilesets = document.setdefault("tilesets", [])
    first = 1 + 100 * len(tilesets)
    tilesets.append({"firstgid": first, **entry})
    return first


def saved(document: Document, draw: Draw) -> bytes:
    """The file's bytes, in one of the ways in which editors write text."""
    text = json.dumps(document, indent=draw(st.sampled_from((None, 1))))
    text = text.replace("\n", draw(st.sampled_from(("\n", "\r\n"))))
    return draw(st.sampled_from((b"", b"\xef\xbb\xbf"))) + text.encode()


def read(raw: bytes) -> Arena:
    return replace(parse(decode(raw), "drawn"), digest="")


def plain_of(document: Document) -> Arena | None:
    """The arena of the plain form; None where the rules refuse it (pads that touch, say)."""
    try:
        return read(json.dumps(document).encode())
    except MapFaults:
        return None


@given(
    plain_maps(), st.lists(st.sampled_from(READ), min_size=2, max_size=6, unique=True), st.data()
)
def test_maps_that_look_equal_in_tiled_are_read_equally(
    document: Document, ways: list[Way], data: st.DataObject
) -> None:
    plain = plain_of(document)
    for way in ways:
        way(document, data.draw)
    if plain is None:
        event("refused in the plain form")
        assert plain_of(document) is None
    else:
        event("read")
        assert read(saved(document, data.draw)) == plain


@given(
    plain_maps(),
    st.lists(st.sampled_from(READ), max_size=2, unique=True),
    st.sampled_from(REFUSED),
    st.data(),
)
def test_tileds_other_places_are_refused_or_read_correctly(
    document: Document, ways: list[Way], refused: Way, data: st.DataObject
) -> None:
    plain = plain_of(document)
    for way in [*ways, refused]:
        way(document, data.draw)
    try:
        arena = read(saved(document, data.draw))
    except MapFaults:
        event(f"refused: {refused.__name__}")
    else:
        event(f"read: {refused.__name__}")
        assert arena == plain

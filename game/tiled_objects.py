"""The positions of a Tiled map's objects, and the tilesets of its tiles.

Owns: the shapes of objects, the alignment of tile objects, pixels as numbers. Must not know:
layers, text. Invariants: an object either has its centre where Tiled shows it, or is refused with
advice on what to change; the same file gives the same units here and in the browser
(`clients/browser/src/rules/tiledObjects.ts`).

Pixels become units here and nowhere else. A number with a fraction is read as thousandths of a
pixel, rounded down; a centre in units is then its pixels × 1,024 ÷ tile size, rounded down.
"""

from typing import cast

from attrs import frozen

from game.bounds import SIDE_TILES_MAX
from game.map_faults import FaultList
from game.tiled_text import Json, quoted
from game.tuning import TILE_UNITS

TILE_PIXELS_MAX = 1_024
PIXELS_MAX = SIDE_TILES_MAX * TILE_PIXELS_MAX
GID_MAX = (1 << 32) - 1
GID_MASK = (1 << 28) - 1  # the upper four bits say how the tile is flipped and turned
FULL_TURN_THOUSANDTHS = 360_000
POINT = "put a point there (Insert Point)"
# How many halves of its size an object's centre lies to the right of, and below, its position.
NO_TILE = (1, 1)
NAMING_KEYS = ("name", "class", "type")  # `type` is what Tiled 1.8 and 1.10 call the class
ALIGNMENTS = {
    "unspecified": (1, -1),  # bottom left, on orthogonal maps
    "topleft": (1, 1),
    "top": (0, 1),
    "topright": (-1, 1),
    "left": (1, 0),
    "center": (0, 0),
    "right": (-1, 0),
    "bottomleft": (1, -1),
    "bottom": (0, -1),
    "bottomright": (-1, -1),
}
MARKED_SHAPES = {  # by the key that an object of the shape has
    "polygon": "is a polygon, which has no one centre",
    "polyline": "is a polyline, which has no one centre",
    "text": "is a text, which marks no place",
}


class OddObjectError(Exception):
    """An object cannot be read; the message continues a sentence that starts with its name."""


@frozen
class Tileset:
    """A tileset of the map: its tiles are numbered from `first_gid` on."""

    first_gid: int
    entry: Json

    @property
    def is_external(self) -> bool:
        """Whether all of it but its name is in a separate file."""
        return "source" in self.entry

    def class_of(self, gid: int) -> object:
        """Return the class of a tile, which its objects inherit."""
        number = (gid & GID_MASK) - self.first_gid
        tiles = self.entry.get("tiles")
        return next(
            (
                tile.get("class") or tile.get("type")
                for tile in (tiles if isinstance(tiles, list) else [])
                if isinstance(tile, dict) and tile.get("id") == number
            ),
            None,
        )

    def __str__(self) -> str:
        """Return its name in Tiled."""
        return f"the tileset {quoted(self.entry.get('source') or self.entry.get('name', ''))}"


@frozen
class Tilesets:
    """All tilesets of a map, in order of their first gid."""

    known: tuple[Tileset, ...]

    def of(self, gid: int) -> Tileset | None:
        """Return the tileset of a tile; None if no tileset has it."""
        number = gid & GID_MASK
        return next((one for one in reversed(self.known) if one.first_gid <= number), None)

    def place_of(self, gid: int) -> int:
        """Return a tile's place in its tileset, counted from 1; 0 is no tile."""
        tileset = self.of(gid)
        return (gid & GID_MASK) - (tileset.first_gid - 1 if tileset is not None else 0)


def read_tilesets(document: Json, faults: FaultList) -> Tilesets:
    """Read the list of tilesets; errors in it become faults."""
    entries = document.get("tilesets", [])
    known: dict[int, Tileset] = {}
    for entry in entries if isinstance(entries, list) else [None]:
        first_gid = whole(entry.get("firstgid")) if isinstance(entry, dict) else None
        if first_gid is None or not 1 <= first_gid <= GID_MASK:
            faults.add("a tileset of the map has no firstgid: save the map again from Tiled")
        elif first_gid in known:
            faults.add(f"two tilesets begin at tile {first_gid}: save the map again from Tiled")
        else:
            known[first_gid] = Tileset(first_gid, cast(Json, entry))
    return Tilesets(tuple(known[first_gid] for first_gid in sorted(known)))


def find_centre(entry: object, tilesets: Tilesets, tile_pixels: int) -> tuple[int, int]:
    """Return the centre of an object in units. Raises `OddObjectError`."""
    if not isinstance(entry, dict):
        raise OddObjectError("is no object")
    if "template" in entry:
        raise OddObjectError(
            f"is an instance of the template {quoted(entry['template'])}, which is a file of its"
            " own: right-click it and choose Detach"
        )
    for shape, what in MARKED_SHAPES.items():
        if shape in entry:
            raise OddObjectError(f"{what}: move it to another layer, or {POINT}")
    x, y, width, height, rotation = (
        _thousandths_of(entry, key) for key in ("x", "y", "width", "height", "rotation")
    )
    if rotation % FULL_TURN_THOUSANDTHS and (width or height):
        raise OddObjectError(
            f"is turned, which moves its centre: set its Rotation to 0, or {POINT}"
        )
    across, down = _alignment(entry, tilesets) if "gid" in entry else NO_TILE
    scale = 2 * 1_000 * tile_pixels
    return (
        (2 * x + across * width) * TILE_UNITS // scale,
        (2 * y + down * height) * TILE_UNITS // scale,
    )


def whole(value: object) -> int | None:
    """Return a whole JSON number, however it is written; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def _alignment(entry: Json, tilesets: Tilesets) -> tuple[int, int]:
    """Return how a tile object lies around its position. Raises `OddObjectError`."""
    gid = whole(entry["gid"])
    if gid is None or not 1 <= gid <= GID_MAX:
        raise OddObjectError(f"has no tile number as its gid: {POINT}")
    if not entry.get("width") or not entry.get("height"):
        raise OddObjectError(f"is a tile of no size: set its Size, or {POINT}")
    tileset = tilesets.of(gid)
    if tileset is None:
        return ALIGNMENTS["unspecified"]
    if tileset.is_external:
        raise OddObjectError(
            f"is a tile of {tileset}, a file of its own that says how its tiles are aligned:"
            f" choose Embed Tileset below the Tilesets view, or {POINT}"
        )
    inherited = tileset.class_of(gid)
    if inherited and not any(entry.get(key) for key in NAMING_KEYS):
        raise OddObjectError(
            f"has the class {quoted(inherited)} from its tile only: write it into its own Class"
        )
    offset = tileset.entry.get("tileoffset", {})
    if not isinstance(offset, dict) or any(offset.get(axis, 0) != 0 for axis in "xy"):
        raise OddObjectError(
            f"is a tile of {tileset}, whose Drawing Offset moves it: set that to 0, 0 in"
            f" Tileset > Tileset Properties, or {POINT}"
        )
    said = tileset.entry.get("objectalignment", "unspecified")
    if not isinstance(said, str) or said not in ALIGNMENTS:
        raise OddObjectError(
            f"is a tile of {tileset}, whose Object Alignment {quoted(said)} is unknown: set it to"
            f" Bottom Left in Tileset > Tileset Properties, or {POINT}"
        )
    return ALIGNMENTS[said]


def _thousandths_of(entry: Json, key: str) -> int:
    """Return a number of an object in thousandths, rounded down. Raises `OddObjectError`."""
    value = entry.get(key, 0)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not abs(cast(float, value)) <= PIXELS_MAX:
        raise OddObjectError(f"must have a number of pixels near the map as its {key}")
    return value * 1_000 if isinstance(value, int) else _thousandths(cast(float, value))


def _thousandths(number: float) -> int:
    """Convert the shortest decimal of `number` to thousandths, rounded down, without float
    arithmetic.
    """
    mantissa, _, exponent = repr(number).partition("e")
    whole_part, _, fraction = mantissa.partition(".")
    digits = int(whole_part + fraction)
    shift = int(exponent or "0") - len(fraction) + 3
    return cast(int, digits * 10**shift if shift >= 0 else digits // 10**-shift)

"""Reads the parts of a Tiled document (JSON as Python values) that make a map, and notes faults.

Owns: where Tiled keeps each part, and its limits. Must not know: JSON text, geometry. Invariants:
no document, however odd, makes it raise; anything that Tiled shows differently than the game would
(moved layers, groups, packed tiles) becomes a fault and is never guessed.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar, cast

from attrs import define, field

from game.arena import TEAMS
from game.bounds import SIDE_TILES_MAX
from game.map_checks import Grid, MapObject
from game.map_faults import FaultList
from game.tiled_objects import (
    GID_MASK,
    GID_MAX,
    NAMING_KEYS,
    TILE_PIXELS_MAX,
    OddObjectError,
    Tilesets,
    find_centre,
    whole,
)
from game.tiled_text import SAVE_AS, Json, quoted
from game.tuning import PickupKind

SIDE_TILES_MIN = 5
OBJECTS_MAX = 1_000
PLAYERS_MIN = 2
PLAYERS_MAX = 128
KINDS = {kind.name.lower(): kind for kind in PickupKind}
WORD_LENGTH_MAX = 24  # as the wire's `WORD`
MODES_LENGTH_MAX = 400
MAP_PROPERTIES = "Map > Map Properties"
# Settings that move a layer in Tiled: their neutral value, and what to set them to.
MOVES = (
    (("offsetx", "offsety", "x", "y"), 0, "set its Offset to 0, 0"),
    (("parallaxx", "parallaxy"), 1, "set its Parallax Factor to 1, 1"),
)
Element = TypeVar("Element")


@define
class TiledReader:
    """Reads typed parts of a document.

    Each missing or wrong part becomes a fault and is replaced by a harmless value. Layers that
    could not be read completely are in `unread`.
    """

    document: Json
    faults: FaultList
    tilesets: Tilesets
    unread: set[str] = field(factory=set)

    def title(self) -> str:
        """Read the map's name for screens."""
        title = self._property("title", ("string",))
        if not isinstance(title, str) or not title.isprintable():
            title = ""
        if 0 < len(title.strip()) <= WORD_LENGTH_MAX:
            return title.strip()
        self.faults.add(f"the map property title must be a text of 1 to {WORD_LENGTH_MAX} letters")
        return ""

    def players(self) -> tuple[int, int]:
        """Read (players_min, players_max)."""
        limits = []
        for key in ("players_min", "players_max"):
            value = whole(self._property(key, ("int", "float")))
            if value is None or not PLAYERS_MIN <= value <= PLAYERS_MAX:
                self.faults.add(
                    f"the map property {key} must be an int of {PLAYERS_MIN} to {PLAYERS_MAX}"
                )
                value = PLAYERS_MIN
            limits.append(value)
        if limits[0] > limits[1]:
            self.faults.add(f"players_min {limits[0]} is more than players_max {limits[1]}")
        return limits[0], limits[1]

    def modes(self) -> tuple[str, ...]:
        """Read the modes that the map is made for, a comma-separated list; none if it is absent."""
        modes = self._property("modes", ("string",), missing="")
        if isinstance(modes, str) and len(modes) <= MODES_LENGTH_MAX:
            words = [word.strip()[:WORD_LENGTH_MAX] for word in modes.split(",")]
            return tuple(dict.fromkeys(word for word in words if word))
        self.faults.add(
            "the map property modes must be a text: names of modes, with commas between them"
        )
        return ()

    def grid(self) -> Grid | None:
        """Read the walls; None when their shape is unknown."""
        if self.document.get("orientation") != "orthogonal":
            self.faults.add(
                f"the map's orientation must be orthogonal: set Orientation in {MAP_PROPERTIES}"
            )
        if self.document.get("infinite"):
            self.faults.add(
                "the map must not be infinite, for it needs a size: take the tick off Infinite in"
                f" {MAP_PROPERTIES}"
            )
            return None
        width = self._integer("width", SIDE_TILES_MIN, SIDE_TILES_MAX)
        height = self._integer("height", SIDE_TILES_MIN, SIDE_TILES_MAX)
        if not width or not height:
            return None
        self._tiles("floor", width, height, needed=False)
        gids = self._tiles("walls", width, height, needed=True)
        if gids is None:
            return None
        return Grid(width, height, bytes(gid & GID_MASK != 0 for gid in gids))

    def places(self, layer_name: str) -> list[tuple[MapObject, Json]]:
        """Read the objects of a layer: the place and the JSON of each."""
        tile_pixels = self._tile_pixels()
        faults_before = self.faults.count
        layer = self._layer(layer_name, "objectgroup", needed=layer_name != "flags")
        entries = layer.get("objects") if layer is not None else []
        if not isinstance(entries, list) or len(entries) > OBJECTS_MAX:
            self.faults.add(f"layer {layer_name} must have a list of at most {OBJECTS_MAX} objects")
            entries = []
        places = []
        for number, entry in enumerate(entries, start=1):
            identity = whole(entry.get("id")) if isinstance(entry, dict) else None
            known_as = f" (object {identity})" if identity is not None else ""
            name = f"{layer_name.rstrip('s')} {number}{known_as}"
            try:
                centre = find_centre(entry, self.tilesets, tile_pixels)
            except OddObjectError as error:
                self.faults.add(f"{name} {error}")
            else:
                places.append((MapObject(name, *centre), entry))
        if self.faults.count > faults_before:
            self.unread.add(layer_name)
        return places

    def known(self, layer_name: str, elements: Sequence[Element]) -> Sequence[Element] | None:
        """Return a layer's elements; None when the layer is unread."""
        return None if layer_name in self.unread else elements

    def teams(self, places: list[tuple[MapObject, Json]], *, needed: bool) -> list[int]:
        """Return the team of each place, by its name or its class: 1, 2, or 0 for everybody."""
        teams = []
        for place, entry in places:
            said = next(filter(None, (entry.get(key) for key in NAMING_KEYS)), "")
            team = TEAMS.index(said) + 1 if said in TEAMS else 0
            if not team and (said or needed):
                self.faults.add(
                    f"{place.name} is {quoted(said)}, which is no side;"
                    f" there are {', '.join(TEAMS)}",
                    place.column,
                    place.row,
                )
            teams.append(team)
        return teams

    def kinds(self, pickups: list[tuple[MapObject, Json]]) -> list[PickupKind]:
        """Return the kind of each pickup, by its name or its class."""
        kinds = []
        for place, entry in pickups:
            names = [entry.get(key) for key in NAMING_KEYS]
            known = [name for name in names if isinstance(name, str) and name in KINDS]
            said = next((name for name in names if name), "")
            kind = KINDS[known[0]] if known else PickupKind.HEALTH
            tile = (place.column, place.row)
            if not known:
                self.faults.add(
                    f"{place.name} is {quoted(said)}, which is no pickup;"
                    f" there are {', '.join(KINDS)}",
                    *tile,
                )
            elif kind is PickupKind.DOUBLE and kind in kinds:
                self.faults.add(f"{place.name} is a second double: one power-up a map", *tile)
            kinds.append(kind)
        return kinds

    def _tile_pixels(self) -> int:
        pixels = whole(self.document.get("tilewidth"))
        square = whole(self.document.get("tileheight")) == pixels
        if square and pixels is not None and 1 <= pixels <= TILE_PIXELS_MAX:
            return pixels
        self.faults.add_once(
            f"tilewidth and tileheight must be one int of 1 to {TILE_PIXELS_MAX}: set Tile Width"
            f" and Tile Height in {MAP_PROPERTIES}"
        )
        return 1

    def _tiles(self, name: str, width: int, height: int, *, needed: bool) -> list[int] | None:
        layer = self._layer(name, "tilelayer", needed=needed)
        if layer is None:
            return None
        data = layer.get("data")
        gids = [whole(gid) for gid in data] if isinstance(data, list) else []
        if not isinstance(data, list):
            self.faults.add(
                f"layer {name} is {_packing(layer)}, not CSV: set Tile Layer Format (also called"
                f" Layer Data Format) in {MAP_PROPERTIES} to CSV"
            )
        elif (whole(layer.get("width")), whole(layer.get("height")), len(gids)) != (
            width,
            height,
            width * height,
        ):
            self.faults.add(
                f"layer {name} does not have the map's size, {width} × {height} tiles:"
                " save the map again from Tiled"
            )
        elif not all(gid is not None and 0 <= gid <= GID_MAX for gid in gids):
            self.faults.add(f"layer {name} holds something that is not a tile number")
        else:
            return cast(list[int], gids)
        return None

    def _layer(self, name: str, kind: str, *, needed: bool) -> Json | None:
        """Return the only layer of a name; None, with a fault, if it cannot be used."""
        layers = list(_walk(self.document.get("layers")))
        found = [(layer, group) for layer, group in layers if layer.get("name") == name]
        word = "tile" if kind == "tilelayer" else "object"
        if len(found) > 1:
            self.faults.add(f"there are {len(found)} layers {name}, one is needed")
        elif found:
            return self._at_its_place(found[0], kind, f"layer {name}")
        elif alike := [layer for layer, _ in layers if _is_alike(layer.get("name"), name)]:
            self.faults.add(
                f"layer {quoted(alike[0].get('name'))} is not read: rename it to {name}"
            )
        elif needed:
            self.faults.add(f"there is no {word} layer {name} at the top level of the layers")
        return None

    def _at_its_place(self, found: tuple[Json, str | None], kind: str, name: str) -> Json | None:
        layer, group = found
        faults_before = self.faults.count
        word = "a tile layer" if kind == "tilelayer" else "an object layer"
        if group is not None:
            self.faults.add(
                f"{name} is in the group {quoted(group)}: drag it out, to the top level"
            )
        if layer.get("type") != kind:
            self.faults.add(f"{name} must be {word}: add one (Layer > New), and move things there")
        for keys, still, advice in MOVES:
            if any(layer.get(key, still) != still for key in keys):
                self.faults.add(f"{name} is moved: {advice}")
        return layer if self.faults.count == faults_before else None

    def _integer(self, key: str, low: int, high: int) -> int:
        value = whole(self.document.get(key))
        if value is not None and low <= value <= high:
            return value
        self.faults.add(
            f"the map's {key} must be an int of {low} to {high}: choose Map > Resize Map"
        )
        return 0

    def _property(self, key: str, types: tuple[str, ...], missing: object = None) -> object:
        """Return the value of a map property: `missing` if it is absent, None for a wrong type.

        A property of type object, for instance, has an id as its value, not a quantity.
        """
        entries = self.document.get("properties")
        if isinstance(entries, dict):
            self.faults.add_once(f"the file is in the form that Tiled 1.1 wrote: {SAVE_AS}")
        found = [
            entry
            for entry in (entries if isinstance(entries, list) else [])
            if isinstance(entry, dict) and entry.get("name") == key
        ]
        if not found:
            return missing
        if len(found) > 1:
            self.faults.add(f"the map property {key} is there {len(found)} times")
        is_typed = found[0].get("type", types[0]) in types
        return found[0].get("value") if is_typed else None


def _walk(layers: object) -> Iterator[tuple[Json, str | None]]:
    """Yield every layer, with the name of the group that it is in."""
    left = [(layers, cast(str | None, None))]
    for inner, group in left:  # it grows during the loop
        for layer in inner if isinstance(inner, list) else []:
            if isinstance(layer, dict):
                yield layer, group
                left.append((layer.get("layers"), str(layer.get("name"))))


def _is_alike(written: object, name: str) -> bool:
    """Whether `written` is probably meant as the layer `name`."""
    return isinstance(written, str) and written.strip().casefold().rstrip("s") == name.rstrip("s")


def _packing(layer: Json) -> str:
    if "chunks" in layer:
        return "in chunks, as on an infinite map"
    packed = layer.get("compression")
    return f"Base64 ({packed} compressed)" if packed in ("gzip", "zlib", "zstd") else "Base64"

"""Takes the parts of a Tiled document (JSON as Python values) that make a map, and notes what is
wrong.

Owns: where Tiled keeps what, and the limits of each. Must not know: JSON text, geometry.
Invariant: no document, however odd, makes it raise.
"""

from typing import cast

from attrs import define, frozen

from game.arena import TEAMS
from game.map_checks import Grid, Place
from game.map_faults import FaultList
from game.tuning import TILE_UNITS, PickupKind

SIDE_TILES_MIN = 5
SIDE_TILES_MAX = 256
OBJECTS_MAX = 1_000
PLAYERS_MIN = 2
PLAYERS_MAX = 128
TILE_PIXELS_MAX = 1_024
PIXELS_MAX = SIDE_TILES_MAX * TILE_PIXELS_MAX
GID_MAX = (1 << 32) - 1
GID_MASK = (1 << 28) - 1  # the upper four bits say how the tile is flipped and turned
KINDS = {kind.name.lower(): kind for kind in PickupKind}
WORD_LENGTH_MAX = 24  # as the wire's `WORD`
MODES_LENGTH_MAX = 400
NAMING_KEYS = ("name", "class", "type")  # `type` is Tiled's class
Json = dict[str, object]


@frozen
class Thousandths:
    """A JSON number that was written with a fraction or an exponent."""

    value: int


NOTHING = Thousandths(0)
OFFSETS = ("offsetx", "offsety")


@define
class TiledReader:
    """Takes typed parts out of a document.

    What is missing or wrong becomes a fault, and a harmless value in its place.
    """

    document: Json
    faults: FaultList

    def title(self) -> str:
        """Read what the map is called on screens."""
        title = self._properties().get("title")
        if not isinstance(title, str) or not title.isprintable():
            title = ""
        if 0 < len(title.strip()) <= WORD_LENGTH_MAX:
            return title.strip()
        self.faults.add(f"the map property title must be a text of 1 to {WORD_LENGTH_MAX} letters")
        return ""

    def players(self) -> tuple[int, int]:
        """Read (players_min, players_max)."""
        properties = self._properties()
        limits = []
        for key in ("players_min", "players_max"):
            value = properties.get(key)
            if not _is_integer(value) or not PLAYERS_MIN <= cast(int, value) <= PLAYERS_MAX:
                self.faults.add(
                    f"the map property {key} must be an int of {PLAYERS_MIN} to {PLAYERS_MAX}"
                )
                value = PLAYERS_MIN
            limits.append(cast(int, value))
        if limits[0] > limits[1]:
            self.faults.add(f"players_min {limits[0]} is more than players_max {limits[1]}")
        return limits[0], limits[1]

    def modes(self) -> tuple[str, ...]:
        """Read for what the map was made, words with commas between them; none, if it is silent."""
        modes = self._properties().get("modes", "")
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
            self.faults.add("the map's orientation must be orthogonal")
        if self.document.get("infinite"):
            self.faults.add("the map must not be infinite: set its size in Map Properties")
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

    def places(self, layer_name: str) -> list[tuple[Place, Json]]:
        """Read the objects of a layer: where each is, and all that Tiled says of it."""
        layer = self._layer(layer_name, "objectgroup", needed=layer_name != "flags")
        entries = layer.get("objects") if layer is not None else []
        if not isinstance(entries, list) or len(entries) > OBJECTS_MAX:
            self.faults.add(f"layer {layer_name} must have a list of at most {OBJECTS_MAX} objects")
            return []
        tile_pixels = self._tile_pixels()
        places = []
        for number, entry in enumerate(entries, start=1):
            name = f"{layer_name.rstrip('s')} {number}"
            centre = _centre_units(entry, tile_pixels) if isinstance(entry, dict) else None
            if centre is None:
                self.faults.add(f"{name} must be a point or an unturned rectangle near the map")
            else:
                places.append((Place(name, *centre), entry))
        return places

    def teams(self, places: list[tuple[Place, Json]], *, needed: bool) -> list[int]:
        """Tell whose each place is, by its name or its class: 1, 2, or 0 for everybody's."""
        teams = []
        for place, entry in places:
            said = next(filter(None, (entry.get(key) for key in NAMING_KEYS)), "")
            team = TEAMS.index(said) + 1 if said in TEAMS else 0
            if not team and (said or needed):
                self.faults.add(
                    f"{place.name} is {str(said)[:WORD_LENGTH_MAX]!r}, which is no side;"
                    f" there are {', '.join(TEAMS)}",
                    place.column,
                    place.row,
                )
            teams.append(team)
        return teams

    def kinds(self, pickups: list[tuple[Place, Json]]) -> list[PickupKind]:
        """Tell what each pickup is, by its name or its class."""
        kinds = []
        for place, entry in pickups:
            names = [entry.get(key) for key in NAMING_KEYS]
            known = [name for name in names if isinstance(name, str) and name in KINDS]
            said = next((name for name in names if name), "")
            kind = KINDS[known[0]] if known else PickupKind.HEALTH
            tile = (place.column, place.row)
            if not known:
                self.faults.add(
                    f"{place.name} is {str(said)[:WORD_LENGTH_MAX]!r}, which is no pickup;"
                    f" there are {', '.join(KINDS)}",
                    *tile,
                )
            elif kind is PickupKind.DOUBLE and kind in kinds:
                self.faults.add(f"{place.name} is a second double: one power-up a map", *tile)
            kinds.append(kind)
        return kinds

    def _tile_pixels(self) -> int:
        pixels = self.document.get("tilewidth")
        square = self.document.get("tileheight") == pixels
        if square and _is_integer(pixels) and 1 <= cast(int, pixels) <= TILE_PIXELS_MAX:
            return cast(int, pixels)
        what = f"tilewidth and tileheight must be one int of 1 to {TILE_PIXELS_MAX}"
        if all(fault.what != what for fault in self.faults.kept):
            self.faults.add(what)
        return 1

    def _tiles(self, name: str, width: int, height: int, *, needed: bool) -> list[int] | None:
        layer = self._layer(name, "tilelayer", needed=needed)
        if layer is None:
            return None
        gids = layer.get("data")
        if not isinstance(gids, list):
            self.faults.add(
                f"layer {name} is not CSV: set Tile Layer Format in Map Properties to CSV"
            )
        elif (layer.get("width"), layer.get("height"), len(gids)) != (
            width,
            height,
            width * height,
        ):
            self.faults.add(f"layer {name} does not have the map's size, {width} × {height} tiles")
        elif not all(_is_integer(gid) and 0 <= gid <= GID_MAX for gid in gids):
            self.faults.add(f"layer {name} holds something that is not a tile number")
        else:
            return gids
        return None

    def _layer(self, name: str, kind: str, *, needed: bool) -> Json | None:
        layers = self.document.get("layers")
        found = [
            layer
            for layer in (layers if isinstance(layers, list) else [])
            if isinstance(layer, dict) and layer.get("name") == name
        ]
        word = "tile" if kind == "tilelayer" else "object"
        if len(found) > 1:
            self.faults.add(f"there are {len(found)} layers {name}, one is needed")
        elif found and found[0].get("type") != kind:
            self.faults.add(f"layer {name} must be of the type {word} layer")
        elif found and any(found[0].get(key, 0) not in (0, NOTHING) for key in OFFSETS):
            self.faults.add(f"layer {name} is moved: set its offset to 0, 0")
        elif found:
            return found[0]
        elif needed:
            self.faults.add(f"there is no {word} layer {name} at the top level of the layers")
        return None

    def _integer(self, key: str, low: int, high: int) -> int:
        value = self.document.get(key)
        if _is_integer(value) and low <= cast(int, value) <= high:
            return cast(int, value)
        self.faults.add(f"the map's {key} must be an int of {low} to {high}")
        return 0

    def _properties(self) -> Json:
        entries = self.document.get("properties")
        return {
            str(entry.get("name")): entry.get("value")
            for entry in (entries if isinstance(entries, list) else [])
            if isinstance(entry, dict)
        }


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _centre_units(entry: Json, tile_pixels: int) -> tuple[int, int] | None:
    """Return the centre of a point or a rectangle in units, or None when it is something else."""
    numbers = []
    for key in ("x", "y", "width", "height", "rotation"):
        value = entry.get(key, 0)
        thousandths = value.value if isinstance(value, Thousandths) else value
        if not _is_integer(thousandths):
            return None
        number = cast(int, thousandths) * (1 if isinstance(value, Thousandths) else 1_000)
        if abs(number) > PIXELS_MAX * 1_000:
            return None
        numbers.append(number)
    x, y, width, height, rotation = numbers
    if rotation or "polygon" in entry or "polyline" in entry:
        return None
    down = -height if "gid" in entry else height  # a tile object hangs from its lower left corner
    scale = 2 * 1_000 * tile_pixels
    return (2 * x + width) * TILE_UNITS // scale, (2 * y + down) * TILE_UNITS // scale

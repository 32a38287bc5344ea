"""Reads a Tiled map (.tmj, JSON) into an `Arena`: text in, arena or every fault out.

Owns: the file format (doc.mapeditor.org, "JSON Map Format") and its limits. Must not know: files,
pictures. Invariant: whatever the text, `parse` returns a playable arena or raises `MapFaults`,
and nothing else.

Pixels become units here and nowhere else. A number with a fraction is read as thousandths of a
pixel, rounded down; a centre in units is then its pixels × 1,024 ÷ tile size, rounded down.
"""

import hashlib
import json
from typing import cast

from game import map_checks
from game.arena import Arena, FlagBase, Pad, Spawn
from game.map_checks import Grid, Place
from game.map_faults import FaultList
from game.map_modes import Furniture, check_modes
from game.tiled_reader import GID_MASK, WORD_LENGTH_MAX, Json, Thousandths, TiledReader
from game.trig import angle
from game.tuning import TILE_UNITS

FILE_BYTES_MAX = 1 << 20
NUMBER_LENGTH_MAX = 40
NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_"


def parse(text: str, name: str) -> Arena:
    """Read the map called `name` from `text`. Raises `MapFaults` with everything that is wrong."""
    faults = FaultList()
    document = _load(text, faults)
    faults.raise_any()
    reader = TiledReader(document, faults)
    if not (0 < len(name) <= WORD_LENGTH_MAX) or name.strip(NAME_CHARACTERS):
        faults.add(
            f"a map's file name is 1 to {WORD_LENGTH_MAX} of the characters a-z, 0-9, - and _"
        )
    title = reader.title()
    players_min, players_max = reader.players()
    grid = reader.grid()
    spawns = reader.places("spawns")
    pickups = reader.places("pickups")
    kinds = reader.kinds(pickups)
    spawn_teams = reader.teams(spawns, needed=False)
    flags = reader.places("flags")
    flag_teams = reader.teams(flags, needed=True)
    own_flags = [(place, team) for (place, _), team in zip(flags, flag_teams, strict=True)]
    modes = reader.modes()
    check_modes(Furniture(modes, players_min, players_max, spawn_teams, own_flags), faults)
    places = [place for place, _ in (*spawns, *pickups, *flags)]
    if len(spawns) < players_max:
        faults.add(f"{players_max} players need {players_max} spawns, there are {len(spawns)}")
    if grid is not None:
        map_checks.check_border(grid, faults)
        map_checks.check_places(grid, places, faults)
        map_checks.check_reach(grid, places, faults)
    faults.raise_any()
    assert grid is not None
    return Arena(
        name=name,
        title=title,
        width=grid.width,
        height=grid.height,
        walls=grid.walls,
        open_cells=map_checks.open_cells(grid),
        spawns=tuple(
            Spawn(spot.x, spot.y, _aim_to_centre(grid, spot), team)
            for (spot, _), team in zip(spawns, spawn_teams, strict=True)
        ),
        pads=tuple(
            Pad(kind, spot.x, spot.y) for (spot, _), kind in zip(pickups, kinds, strict=True)
        ),
        players_min=players_min,
        players_max=players_max,
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
        flags=_bases(own_flags),
        modes=modes,
    )


def _bases(flags: list[tuple[Place, int]]) -> tuple[FlagBase, ...]:
    return tuple(
        FlagBase(team, *at)
        for team, at in sorted((team, (place.x, place.y)) for place, team in flags)
    )


def floor_tiles(text: str) -> bytes:
    """Return the tile numbers of a good map's `floor` layer, row by row. They are looks only."""
    document = cast(Json, json.loads(text))
    for layer in cast(list[Json], document["layers"]):
        if layer.get("name") == "floor":
            return bytes(min(gid & GID_MASK, 255) for gid in cast(list[int], layer["data"]))
    return bytes(cast(int, document["width"]) * cast(int, document["height"]))


def _load(text: str, faults: FaultList) -> Json:
    try:
        size = len(text.encode())
        if size > FILE_BYTES_MAX:
            faults.add(f"the file has {size} bytes, {FILE_BYTES_MAX} are allowed")
            return {}
        document = json.loads(text, parse_float=_thousandths, parse_constant=_refuse_constant)
    except UnicodeEncodeError:
        faults.add("the file is not Unicode text")
    except RecursionError:
        faults.add("the file is nested too deeply for a Tiled map")
    except ValueError as error:
        faults.add(f"the file is not JSON: {error}")
    else:
        if isinstance(document, dict):
            return document
        faults.add("the file is JSON, but not a Tiled map")
    return {}


def _thousandths(text: str) -> Thousandths:
    """Read a decimal number, rounded down to thousandths, without ever making it a float."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    shift = int(exponent or "0") - len(fraction) + 3
    if len(text) > NUMBER_LENGTH_MAX or abs(shift) > NUMBER_LENGTH_MAX:
        raise ValueError(f"the number {text[:NUMBER_LENGTH_MAX]} is out of reach")
    digits = int(whole + fraction)
    return Thousandths(digits * 10**shift if shift >= 0 else digits // 10**-shift)


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not a number")


def _aim_to_centre(grid: Grid, place: Place) -> int:
    across = grid.width * TILE_UNITS // 2 - place.x
    down = grid.height * TILE_UNITS // 2 - place.y
    return angle(across, down) if across or down else 0

"""Reads a Tiled map (.tmj, JSON) into an `Arena`: text in, arena or every fault out.

Owns: which parts of the file format (doc.mapeditor.org, "JSON Map Format") become an arena;
maps/README.md lists what is read and what is refused. Must not know: files, pictures. Invariant:
whatever the text, `parse` returns a playable arena or raises `MapFaults`, and nothing else.
"""

import hashlib
from typing import cast

from game import map_checks
from game.arena import Arena, FlagBase, Pad, Spawn
from game.map_checks import Grid, MapObject
from game.map_faults import FaultList
from game.map_modes import Furniture, check_modes
from game.tiled_objects import read_tilesets
from game.tiled_reader import WORD_LENGTH_MAX, TiledReader
from game.tiled_text import BYTE_ORDER_MARK, load
from game.trig import angle
from game.tuning import TILE_UNITS

NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-_"


def parse(text: str, name: str) -> Arena:
    """Read the map called `name` from `text`. Raises `MapFaults` with everything that is wrong."""
    faults = FaultList()
    text = text.removeprefix(BYTE_ORDER_MARK)
    document = load(text, faults)
    faults.raise_any()
    reader = TiledReader(document, faults, read_tilesets(document, faults))
    if not (0 < len(name) <= WORD_LENGTH_MAX) or name.strip(NAME_CHARACTERS):
        faults.add(
            f"a map's file name is 1 to {WORD_LENGTH_MAX} of the characters a-z, 0-9, - and _:"
            " rename it"
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
    known_teams, known_flags = reader.known("spawns", spawn_teams), reader.known("flags", own_flags)
    check_modes(Furniture(modes, players_min, players_max, known_teams, known_flags), faults)
    places = [place for place, _ in (*spawns, *pickups, *flags)]
    if known_teams is not None and len(spawns) < players_max:
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


def _bases(flags: list[tuple[MapObject, int]]) -> tuple[FlagBase, ...]:
    return tuple(
        FlagBase(team, *at)
        for team, at in sorted((team, (place.x, place.y)) for place, team in flags)
    )


def floor_tiles(text: str) -> bytes:
    """Return the tile numbers of a valid map's `floor` layer, row by row: decoration only."""
    faults = FaultList()
    document = load(text.removeprefix(BYTE_ORDER_MARK), faults)
    tilesets = read_tilesets(document, faults)
    faults.raise_any()
    for layer in cast(list[object], document["layers"]):
        if isinstance(layer, dict) and layer.get("name") == "floor":
            gids = cast(list[int], layer["data"])
            return bytes(min(tilesets.place_of(int(gid)), 255) for gid in gids)
    return bytes(cast(int, document["width"]) * cast(int, document["height"]))


def _aim_to_centre(grid: Grid, place: MapObject) -> int:
    across = grid.width * TILE_UNITS // 2 - place.x
    down = grid.height * TILE_UNITS // 2 - place.y
    return angle(across, down) if across or down else 0

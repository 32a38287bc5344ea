"""Checks that a map has what its modes need: flags, sides, room.

Owns: the needs. Must not know: file formats, geometry. Invariant: a map without a fault can be
played in each of the modes that it names.
"""

from collections.abc import Sequence

from attrs import frozen

from game.arena import TEAMS
from game.map_checks import MapObject
from game.map_faults import FaultList
from game.modes import MODES, Mode


@frozen
class Furniture:
    """A map's properties and objects; teams are 1 and 2, and 0 means no team.

    None: it could not be read. That is a fault already, and causes no further ones.
    """

    modes: Sequence[str]
    players_min: int
    players_max: int
    spawn_teams: Sequence[int] | None
    flags: Sequence[tuple[MapObject, int]] | None


def check_modes(furniture: Furniture, faults: FaultList) -> None:
    """Check that each mode that the map names exists and finds all that it needs."""
    for name in furniture.modes:
        mode = MODES.get(name)
        if mode is None:
            faults.add(f"there is no mode {name!r}; there are {', '.join(MODES)}")
        else:
            _check_size(mode, furniture, faults)
            if mode.teams:
                _check_sides(mode, furniture, faults)
    _check_flags(furniture, faults)


def _check_size(mode: Mode, furniture: Furniture, faults: FaultList) -> None:
    least, most = furniture.players_min, furniture.players_max
    if most < mode.players_min or least > mode.players_max:
        faults.add(
            f"{mode.name} is for {mode.players_min} to {mode.players_max} players, "
            f"the map for {least} to {most}"
        )


def _check_sides(mode: Mode, furniture: Furniture, faults: FaultList) -> None:
    """Check that all spawns are shared, or that each side has enough of its own."""
    if furniture.spawn_teams is None or not any(furniture.spawn_teams):
        return
    wanted = -(-min(mode.players_max, furniture.players_max) // mode.teams)
    for team, name in enumerate(TEAMS, start=1):
        count = sum(of_team == team for of_team in furniture.spawn_teams)
        if count < wanted:
            faults.add(f"{mode.name} needs {wanted} spawns of {name}, there are {count}")


def _check_flags(furniture: Furniture, faults: FaultList) -> None:
    """Check that each side has a flag if a mode needs flags, and that no side has two."""
    if furniture.flags is None:
        return
    needed = any(name in MODES and MODES[name].wants_flags for name in furniture.modes)
    if not needed and furniture.flags:
        place = furniture.flags[0][0]
        faults.add("there are flags, but no mode of the map has any", place.column, place.row)
    for team, name in enumerate(TEAMS, start=1):
        places = [place for place, of_team in furniture.flags if of_team == team]
        if needed and not places:
            faults.add(f"there is no flag {name} in layer flags")
        for place in places[1:]:
            faults.add(f"{place.name} is a second flag {name}", place.column, place.row)

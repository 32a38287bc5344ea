"""The catalog of what this server offers: the modes of the rules on its maps.

Owns: turning modes and arenas into cards. Must not know: files, people.
"""

from collections.abc import Mapping

from game.arena import Arena
from game.modes import MODES
from server.lobby.catalog import Card, Catalog, MapCard, make_catalog


def catalog_of(arenas: Mapping[str, Arena]) -> Catalog:
    """Return the catalog of all modes and the maps that each can be played on."""
    modes = [
        Card(it.name, it.title, it.players_min, it.players_max, it.population)
        for it in MODES.values()
    ]
    maps = [
        MapCard(it.name, it.title, it.players_min, it.players_max, modes=_modes_on(it))
        for it in arenas.values()
    ]
    return make_catalog(modes, maps)


def _modes_on(arena: Arena) -> tuple[str, ...]:
    return tuple(name for name, mode in MODES.items() if mode.suits(arena))

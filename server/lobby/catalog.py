"""The lobby's catalog: modes and maps as cards, and which map suits a mode and a player count.

Owns: the fit of maps to modes. Must not know: map files, people. Invariant: every mode of a catalog
has a map.
"""

import random
from collections.abc import Mapping

from attrs import field, frozen

from game.arena import Arena
from game.modes import MODES
from game.wire.lobby_messages import MapRow, ModeRow
from server.lobby.matchmaker import ModeSize

PREFERRED_PEOPLE = 4  # four make a fight; fewer is a duel by another name
LEAST_PEOPLE = 2


@frozen
class Card:
    """A mode or a map, as the start page shows it."""

    name: str
    title: str
    players_min: int
    players_max: int
    population: int = 0  # of a mode: bots fill a quick match to at least this many players


@frozen
class MapCard(Card):
    """A map, with the names of all modes that can be played on it."""

    modes: tuple[str, ...] = ()


@frozen
class Catalog:
    """All cards by name. Make it with `make_catalog`, which drops modes that no map suits."""

    modes: Mapping[str, Card]
    maps: Mapping[str, MapCard]
    sizes: dict[str, ModeSize] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Work out once how large a match of each mode is."""
        object.__setattr__(self, "sizes", {name: self._size(name) for name in self.modes})

    def maps_for(self, mode_name: str) -> list[MapCard]:
        """Return the maps that can hold this mode, smallest first."""
        fitting = [card for card in self.maps.values() if mode_name in card.modes]
        return sorted(fitting, key=lambda card: (card.players_max, card.name))

    def pick_map(self, mode_name: str, population: int, rng: random.Random) -> str:
        """Return a map for `population` players, at random among those made for that many."""
        cards = self.maps_for(mode_name)
        roomy = [card for card in cards if card.players_max >= population] or cards[-1:]
        made_for = [card for card in roomy if card.players_min <= population] or roomy[:1]
        return rng.choice(made_for).name

    def mode_rows(self) -> tuple[ModeRow, ...]:
        """Return the modes as the wire's `Welcome` has them."""
        return tuple(
            [
                ModeRow(card.name, card.title, card.players_min, card.players_max)
                for card in self.modes.values()
            ]
        )

    def map_rows(self) -> tuple[MapRow, ...]:
        """Return the maps as the wire's `Welcome` has them, with a bit for each mode that suits."""
        return tuple(
            [
                MapRow(card.name, card.title, card.players_min, card.players_max, self._bits(card))
                for card in self.maps.values()
            ]
        )

    def seats(self, mode_name: str, map_name: str) -> int:
        """Return how many can play this mode on this map."""
        return min(self.modes[mode_name].players_max, self.maps[map_name].players_max)

    def _bits(self, card: MapCard) -> int:
        return sum((name in card.modes) << bit for bit, name in enumerate(self.modes))

    def _size(self, mode_name: str) -> ModeSize:
        most = max(self.seats(mode_name, card.name) for card in self.maps_for(mode_name))
        return ModeSize(min(PREFERRED_PEOPLE, most), min(LEAST_PEOPLE, most), most)


def make_catalog(modes: list[Card], maps: list[MapCard]) -> Catalog:
    """Return the catalog of all maps, and of every mode that some map suits."""
    playable = [mode for mode in modes if any(mode.name in arena.modes for arena in maps)]
    return Catalog({card.name: card for card in playable}, {card.name: card for card in maps})


def catalog_of(arenas: Mapping[str, Arena]) -> Catalog:
    """Return the catalog of what this server offers: the modes of the rules on its maps."""
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

"""What the lobby offers: modes and maps as cards, and which map suits a mode and a number of
people.

Owns: the fit of maps to modes. Must not know: rules, map files. Invariant: every mode of a catalog
has a map.
"""

import random
from collections.abc import Mapping

from attrs import field, frozen

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

    def row(self) -> list[str | int]:
        """Return the fields of a row of the wire's `welcome`."""
        return [self.name, self.title, self.players_min, self.players_max]


@frozen
class Catalog:
    """All cards by name. Make it with `make_catalog`, which leaves out modes that no map suits."""

    modes: Mapping[str, Card]
    maps: Mapping[str, Card]
    sizes: dict[str, ModeSize] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Work out once how large a match of each mode is."""
        object.__setattr__(self, "sizes", {name: self._size(name) for name in self.modes})

    def maps_for(self, mode_name: str) -> list[Card]:
        """Return the maps that can hold this mode, smallest first."""
        mode = self.modes[mode_name]
        fitting = [card for card in self.maps.values() if fits(mode, card)]
        return sorted(fitting, key=lambda card: (card.players_max, card.name))

    def pick_map(self, mode_name: str, population: int, rng: random.Random) -> str:
        """Return a map for `population` players, by lot among those made for so many."""
        cards = self.maps_for(mode_name)
        roomy = [card for card in cards if card.players_max >= population] or cards[-1:]
        made_for = [card for card in roomy if card.players_min <= population] or roomy[:1]
        return rng.choice(made_for).name

    def seats(self, mode_name: str, map_name: str) -> int:
        """Return how many can play this mode on this map."""
        return min(self.modes[mode_name].players_max, self.maps[map_name].players_max)

    def _size(self, mode_name: str) -> ModeSize:
        most = max(self.seats(mode_name, card.name) for card in self.maps_for(mode_name))
        return ModeSize(min(PREFERRED_PEOPLE, most), min(LEAST_PEOPLE, most), most)


def fits(mode: Card, arena: Card) -> bool:
    """Whether some number of players suits both."""
    return arena.players_max >= mode.players_min and arena.players_min <= mode.players_max


def make_catalog(modes: list[Card], maps: list[Card]) -> Catalog:
    """Return the catalog of every mode that some map suits."""
    playable = [mode for mode in modes if any(fits(mode, arena) for arena in maps)]
    return Catalog({card.name: card for card in playable}, {card.name: card for card in maps})

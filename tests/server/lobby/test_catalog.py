"""The catalog: each mode's maps, the size of its matches, and what the page is sent."""

from random import Random

from game.modes import MODES
from server.lobby.catalog import Card, MapCard, catalog_of, make_catalog
from tests.journals import house_maps

CATALOG = catalog_of(house_maps())


def test_every_mode_is_offered_with_the_maps_that_suit_it() -> None:
    offered = {name: [card.name for card in CATALOG.maps_for(name)] for name in CATALOG.modes}
    assert offered == {
        "deathmatch": ["crossfire", "foundry", "bastion"],
        "duel": ["crossfire"],
        "team-deathmatch": ["foundry", "bastion", "ravine"],
        "capture-the-flag": ["ravine"],
        "last-standing": ["expanse"],
    }


def test_matches_are_as_large_as_mode_and_map_allow() -> None:
    assert {name: size.most for name, size in CATALOG.sizes.items()} == {
        "deathmatch": 16,
        "duel": 2,
        "team-deathmatch": 16,
        "capture-the-flag": 16,
        "last-standing": 128,
    }


def test_a_map_is_picked_from_those_of_the_mode_alone() -> None:
    for name, mode in MODES.items():
        for population in (1, 6, 12, 40):
            picked = CATALOG.pick_map(name, population, Random(population))
            assert picked in [card.name for card in CATALOG.maps_for(name)]
            assert CATALOG.seats(name, picked) >= min(mode.players_min, mode.players_max)


def test_the_page_gets_a_maps_modes_as_bits() -> None:
    rows = {row.name: row.modes for row in CATALOG.map_rows()}
    names = list(CATALOG.modes)
    told = {
        name: [mode for bit, mode in enumerate(names) if rows[name] >> bit & 1] for name in rows
    }
    assert told["ravine"] == ["team-deathmatch", "capture-the-flag"]
    assert told["expanse"] == ["last-standing"]


def test_bots_bring_a_match_to_what_its_mode_needs() -> None:
    for name, mode in MODES.items():
        population = CATALOG.modes[name].population
        assert population <= mode.players_max
        assert population == 0 or population >= mode.players_min


def test_a_mode_without_a_map_is_not_offered() -> None:
    modes = [Card("golf", "Golf", 2, 4), Card("duel", "Duel", 2, 2)]
    catalog = make_catalog(modes, [MapCard("small", "Small", 2, 4, modes=("duel",))])
    assert list(catalog.modes) == ["duel"]

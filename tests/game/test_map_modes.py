"""A map needs things for the modes it names: every fault is reported, with its place."""

from typing import Any

import pytest

from game.arena import FlagBase
from game.modes import MODES
from game.tiled import parse
from game.tuning import TILE_UNITS
from tests.game.tiled_maps import TILE_PIXELS, document_from, faults_of, layer, text_of

FIELD = """
################
#s.s.h.....s.s.#
#..............#
#s.s.........s.#
################
"""
CTF = "capture-the-flag"


def field(modes: str, flags: list[tuple[str, int, int]], **said: object) -> dict[str, Any]:
    """A field for six players, with flags at the given tiles."""
    document = document_from(FIELD, players_min=6, players_max=6, modes=modes, **said)
    spawns = layer(document, "spawns")["objects"]
    objects = [
        {**spawns[0], "name": name, "x": (x + 0.5) * TILE_PIXELS, "y": (y + 0.5) * TILE_PIXELS}
        for name, x, y in flags
    ]
    document["layers"].append({"name": "flags", "type": "objectgroup", "objects": objects})
    return document


BOTH = [("blue", 14, 2), ("red", 1, 2)]


def test_flags_are_in_the_order_of_their_sides() -> None:
    arena = parse(text_of(field(CTF, BOTH)), "drawn")
    middle = TILE_UNITS // 2
    assert arena.flags == (
        FlagBase(1, TILE_UNITS + middle, 2 * TILE_UNITS + middle),
        FlagBase(2, 14 * TILE_UNITS + middle, 2 * TILE_UNITS + middle),
    )
    assert arena.modes == (CTF,)
    assert MODES[CTF].suits(arena)
    assert not MODES["deathmatch"].suits(arena)


def test_a_map_that_names_no_mode_is_for_those_that_want_nothing_special() -> None:
    arena = parse(text_of(document_from(FIELD, players_min=6, players_max=6)), "drawn")
    suiting = [name for name, mode in MODES.items() if mode.suits(arena)]
    assert suiting == ["deathmatch", "team-deathmatch"]


@pytest.mark.parametrize(
    ("flags", "modes", "faults"),
    [
        ([], CTF, ["there is no flag red", "there is no flag blue"]),
        (BOTH[:1], CTF, ["there is no flag red"]),
        ([*BOTH, ("red", 3, 2)], CTF, ["3,2: flag 3 is a second flag red"]),
        ([("green", 3, 2), *BOTH], CTF, ["3,2: flag 1 is 'green', which is no side"]),
        ([("blue", 15, 2), BOTH[1]], CTF, ["15,2: flag 1 is in a wall"]),
        (BOTH, "deathmatch", ["14,2: there are flags, but no mode"]),
        (BOTH, CTF + ", golf", ["there is no mode 'golf'"]),
        (BOTH, CTF + ",duel", ["duel is for 2 to 2 players, the map for 6 to 6"]),
        ([("red", 1, 2)], "golf,duel", ["no mode 'golf'", "duel is for", "there are flags"]),
    ],
)
def test_all_faults_are_reported_together(
    flags: list[tuple[str, int, int]], modes: str, faults: list[str]
) -> None:
    told = faults_of(text_of(field(modes, flags)))
    assert len(told) == len(faults), told
    for words, fault in zip(faults, told, strict=True):
        assert words in fault


def test_an_unreachable_base_is_a_fault() -> None:
    document = field(CTF, BOTH)
    walls = layer(document, "walls")
    for column, row in ((13, 1), (13, 2), (13, 3)):
        walls["data"][row * 16 + column] = 8
    told = faults_of(text_of(document))
    assert any("flag 1 cannot be reached" in fault for fault in told)


def test_each_side_needs_spawns_for_all_its_players() -> None:
    document = field(CTF, BOTH)
    for number, entry in enumerate(layer(document, "spawns")["objects"]):
        entry["name"] = "red" if number < 4 else "blue"
    assert parse(text_of(document), "drawn").spawns[0].team == 1
    layer(document, "spawns")["objects"][-1]["name"] = ""
    layer(document, "spawns")["objects"][-2]["name"] = "red"
    told = faults_of(text_of(document))
    assert told == [f"{CTF} needs 3 spawns of blue, there are 1"]


@pytest.mark.parametrize("modes", [3, ["duel"], "x" * 500])
def test_modes_are_a_text(modes: object) -> None:
    document = field(CTF, BOTH)
    document["properties"] = [
        {"name": one["name"], "value": modes if one["name"] == "modes" else one["value"]}
        for one in document["properties"]
    ]
    assert any(
        "the map property modes must be a text" in one for one in faults_of(text_of(document))
    )

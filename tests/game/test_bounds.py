"""Numbers out of their ranges are refused before a match begins, by name."""

from dataclasses import fields, replace
from typing import Any

import pytest

from game import bounds, new
from game.arena import Pad, Spawn
from game.bounds import RANGES, out_of_range
from game.inputs import SELECT_MAX
from game.modes import MODES
from game.records import OWN_FIELDS
from game.tuning import CIRCLE_STAGES, PICKUPS, TUNING, WEAPONS, PickupKind, Tuning, Weapon
from game.world import Circle, Flag, Player, Shot
from tests.strategies import ARENA, world_of


def with_weapon(number: int, **changes: int) -> Tuning:
    weapons = [replace(it, **changes) if i == number else it for i, it in enumerate(WEAPONS)]
    return Tuning(weapons=tuple(weapons))


def with_stage(**changes: int) -> Tuning:
    return Tuning(circle_stages=(replace(CIRCLE_STAGES[0], **changes),))


@pytest.mark.parametrize(
    ("words", "tuning"),
    [
        ("run_speed of -1", Tuning(run_speed=-1)),
        ("respawn_ticks", Tuning(respawn_ticks=1 << 40)),
        ("speed_max of 1024", Tuning(speed_max=1024)),
        ("pickup_reach_units of 1024", Tuning(pickup_reach_units=1024)),
        ("player_radius_units of 512", Tuning(player_radius_units=512)),
        ("player_radius_units of 149", Tuning(player_radius_units=149)),
        ("dash_speed of 0", Tuning(dash_speed=0)),
        ("health_decay_ticks of 0", Tuning(health_decay_ticks=0)),
        ("own_blast_divisor of 0", Tuning(own_blast_divisor=0)),
        ("countdown_ticks of 0", Tuning(countdown_ticks=0)),
        ("circle_hurt_ticks of 0", Tuning(circle_hurt_ticks=0)),
        ("rewind_ticks_max of 31", Tuning(rewind_ticks_max=31)),
        ("4 weapons", Tuning(weapons=WEAPONS[1:])),
        ("6 weapons", Tuning(weapons=(*WEAPONS, WEAPONS[0]))),
        ("speed of 1024", with_weapon(Weapon.BLASTER, speed=1024)),
        ("pellets of 10000", with_weapon(Weapon.BLASTER, pellets=10_000)),
        ("interval_ticks of -1", with_weapon(Weapon.RAIL, interval_ticks=-1)),
        ("interval_ticks of 0", with_weapon(Weapon.RAIL, interval_ticks=0)),
        ("no fan of pellets", with_weapon(Weapon.SCATTER, pellets=1)),
        ("no fan of pellets", with_weapon(Weapon.SCATTER, range_units=0)),
        ("rail must arrive at once", with_weapon(Weapon.RAIL, speed=1)),
        ("launcher must fly", with_weapon(Weapon.LAUNCHER, speed=0)),
        ("shots of one player fly", with_weapon(Weapon.DISC, interval_ticks=4)),
        ("0 stages", Tuning(circle_stages=())),
        ("65 stages", Tuning(circle_stages=CIRCLE_STAGES[:1] * 65)),
        ("circle that grows", Tuning(circle_stages=CIRCLE_STAGES[::-1])),
        ("shrink_ticks of 0", with_stage(shrink_ticks=0)),
        ("radius_percent of 101", with_stage(radius_percent=101)),
    ],
)
def test_a_tuning_that_nobody_could_play_is_refused_before_the_match(
    words: str, tuning: Tuning
) -> None:
    with pytest.raises(ValueError, match=f"this tuning cannot be played: .*{words}"):
        world_of(tuning=tuning)


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("257 × 12 tiles", {"width": 257}),
        ("another number of tiles", {"walls": ARENA.walls[1:]}),
        ("another number of tiles", {"open_cells": b""}),
        ("beside it, at 20480, 1", {"pads": (Pad(PickupKind.MEGA, 20 * 1024, 1),)}),
        ("beside it, at 1, -1", {"spawns": (Spawn(1, -1),)}),
        ("looks nowhere", {"spawns": (Spawn(1, 1, aim=65_536),)}),
    ],
)
def test_a_map_that_the_rules_cannot_hold_is_refused(words: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"this map cannot be played: .*{words}"):
        world_of(arena=replace(ARENA, **changes))


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("no mode 'chess'", {"mode": "chess"}),
        ("seed of -1", {"seed": -1}),
        ("players_max of 129", {"players_max": 129}),
        ("score_limit of 65536", {"score_limit": 65_536}),
        ("5 maps to vote for", {"vote_maps": ("x",) * 5}),
    ],
)
def test_a_match_that_is_none_is_refused(words: str, changes: dict[str, Any]) -> None:
    config = replace(MODES["duel"].configure(ARENA, 1), **changes)
    with pytest.raises(ValueError, match=f"this match cannot be played: .*{words}"):
        new(config, ARENA)


def test_pickups_on_pads_are_checked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = {kind: it for kind, it in PICKUPS.items() if kind is not PickupKind.MEGA}
    monkeypatch.setattr(bounds, "PICKUPS", rest)
    with pytest.raises(ValueError, match="not every kind of pickup"):
        world_of()


def test_every_field_of_what_moves_has_a_range() -> None:
    for kind in (Player, Shot, Flag, Circle):
        assert RANGES[kind].keys() == {field.name for field in fields(kind)}


def test_only_fields_that_are_there_have_ranges() -> None:
    for kind, ranges in RANGES.items():
        assert ranges.keys() <= {field.name for field in fields(kind)}


@pytest.mark.parametrize("record", [TUNING, Player(3), Flag(1, 1), Circle(), *WEAPONS])
def test_both_ends_of_a_range_are_in_it_and_what_is_beyond_is_not(record: Any) -> None:
    for name, (low, high) in RANGES[type(record)].items():
        is_list = isinstance(getattr(record, name), list)
        for value, is_out in ((low, False), (high, False), (low - 1, True), (high + 1, True)):
            values = {field.name: getattr(record, field.name) for field in fields(record)}
            values[name] = [0, value] if is_list else value
            told = dict(out_of_range(type(record)(**values)))
            assert (name in told) == is_out, (name, value)


def test_the_tables_that_count_weapons_agree() -> None:
    """A sixth weapon requires a change to each of them."""
    assert len(WEAPONS) == len(Weapon) == SELECT_MAX == len(Player(0).ammo)
    ammunition = [name.removeprefix("ammo_") for name in OWN_FIELDS if name.startswith("ammo_")]
    assert ammunition == [weapon.name for weapon in WEAPONS if weapon.ammo_max]

"""The bench's crowds do what their descriptions say."""

from random import Random

import pytest
from attrs import asdict

import game
from bench import brains
from bench.battle import FIGHTING, LOADS, WALKING, Load, arena_for, match_of
from bench.report import RULES
from bench.step import beside, measure
from bench.targets import judge
from game.collision import is_free
from game.events import Event, EventKind
from game.tuning import TUNING, Weapon
from game.world import World


def play(load: Load, players: int, ticks: int) -> tuple[World, list[Event]]:
    dice = Random(players)
    world = match_of(players, arena_for(players), load.tuning)
    events = [e for _ in range(ticks) for e in game.step(world, (), load.press(world, dice))]
    return world, events


@pytest.mark.parametrize("load", LOADS, ids=lambda load: load.name)
def test_the_same_crowd_does_the_same(load: Load) -> None:
    first, second = (game.digest(play(load, 8, 60)[0]) for _ in range(2))
    assert first == second


def test_fighters_use_all_weapons_and_hit() -> None:
    world, events = play(FIGHTING, 32, 600)
    assert {event[3] for event in events if event[0] == EventKind.HIT} == set(Weapon)
    assert {EventKind.RAIL, EventKind.EXPLODE, EventKind.BOUNCE} <= {event[0] for event in events}
    assert sum(player.kills for player in world.players.values()) > 16


def test_rails_of_fighters_are_rewound() -> None:
    world, _ = play(FIGHTING, 8, 4)
    assert all(player.view_lag > 0 for player in world.players.values())


@pytest.mark.parametrize("players", [8, 128])
def test_every_size_has_an_arena_with_room_to_stand(players: int) -> None:
    arena = arena_for(players)
    assert len(arena.walls) == pytest.approx(players * 150, rel=0.05)
    for spawn in arena.spawns:
        assert is_free(arena, spawn.x, spawn.y, TUNING.player_radius_units)


def test_measurements_have_all_columns_of_the_table() -> None:
    cost = measure(2, WALKING, ticks=3, repeats=2)
    row = beside(asdict(cost), asdict(cost))
    judge({"servers": [], "rules": [row]})
    assert {key for _, key, _ in RULES} <= set(row)
    assert 0 < cost.us <= cost.us_worst


def test_minds_are_measured_while_they_play() -> None:
    cost = brains.measure(4, settle_ticks=2, ticks=20)
    assert 0 < cost.us_per_bot < cost.us_p99 <= cost.us_worst

"""Worlds that are refused because the rules might never finish with them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from game import step
from game.bounds import WORLD_TICK_MAX
from game.inputs import FIRE, Command, CommandKind, Input
from game.journal.soundness import fault_of
from game.tuning import Tuning
from game.world import Circle, World
from tests.strategies import world_of


def fighting() -> World:
    """Two players, and a bolt in the air."""
    world = world_of()
    step(world, [Command(CommandKind.JOIN, slot) for slot in (0, 3)])
    for _ in range(300):
        step(world, (), [(3, Input(FIRE))])
    assert world.shots
    return world


def test_a_match_that_is_played_has_no_fault() -> None:
    assert fault_of(fighting()) == ""
    assert fault_of(world_of("duel")) == ""


def first_shot(world: World, **fields: int) -> None:
    shot = next(iter(world.shots.values()))
    for name, value in fields.items():
        setattr(shot, name, value)


def configure(world: World, **fields: Any) -> None:
    world.config = replace(world.config, **fields)


GROWING = Circle(next_radius=1, first_radius=10, end_tick=1)  # it should close to six tenths of ten


FAULTS: list[tuple[str, Callable[[World], object]]] = [
    ("no mode 'x'", lambda world: configure(world, mode="x")),
    ("random_state", lambda world: setattr(world, "random_state", 1 << 64)),
    ("tick of -1", lambda world: setattr(world, "tick", -1)),
    ("tick of", lambda world: setattr(world, "tick", WORLD_TICK_MAX + 1)),
    ("time_limit_ticks", lambda world: configure(world, time_limit_ticks=-1)),
    ("5 maps", lambda world: configure(world, vote_maps=("x",) * 5)),
    ("team_scores", lambda world: world.team_scores.append(1 << 31)),
    ("circle whose next_x", lambda world: setattr(world, "circle", Circle(next_x=1 << 40))),
    ("closes at no time", lambda world: setattr(world, "circle", Circle(x=1))),
    (
        "closes to 1, and not from 0",
        lambda world: setattr(world, "circle", Circle(next_radius=1, end_tick=1)),
    ),
    ("pads", lambda world: world.pad_ready_ticks.pop()),
    ("remembers 18 ticks", lambda world: world.history.append(b"")),
    ("list of places", lambda world: world.history.insert(0, world.history.pop()[:-1])),
    ("order", lambda world: world.players.update({0: world.players.pop(0)})),
    ("in slot 5 says", lambda world: world.players.update({5: world.players[3]})),
    ("player 3 stands in a wall", lambda world: setattr(world.players[3], "x", 0)),
    ("player whose x", lambda world: setattr(world.players[3], "x", -1 << 28)),
    ("player whose vy", lambda world: setattr(world.players[3], "vy", 1024)),
    ("votes for map 2 of 2", lambda world: setattr(world.players[3], "vote", 2)),
    ("player whose weapon", lambda world: setattr(world.players[3], "weapon", 9)),
    ("ammunition for 4", lambda world: world.players[0].ammo.pop()),
    ("player whose score", lambda world: setattr(world.players[0], "score", 1 << 31)),
    ("player whose ammo", lambda world: world.players[0].ammo.__setitem__(0, -1 << 31)),
    ("next_shot", lambda world: setattr(world, "next_shot", -1)),
    ("never given out", lambda world: setattr(world, "next_shot", 0)),
    ("is in a wall", lambda world: first_shot(world, x=0)),
    ("shot whose vx", lambda world: first_shot(world, vx=1024)),
    ("shot whose vy", lambda world: first_shot(world, vy=-1024)),
    ("is nobody's", lambda world: first_shot(world, owner=77)),
    ("shot whose weapon", lambda world: first_shot(world, weapon=-1)),
]


@pytest.mark.parametrize(("words", "spoil"), FAULTS)
def test_a_world_that_no_match_ever_was_is_named(
    words: str, spoil: Callable[[World], object]
) -> None:
    world = fighting()
    spoil(world)
    assert words in fault_of(world)


def test_a_tuning_that_nobody_could_play_is_named() -> None:
    world = fighting()
    world.tuning = Tuning(run_speed=-1)
    assert "run_speed of -1" in fault_of(world)

"""What a world must not be, lest the rules never end with it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from game import step
from game.inputs import FIRE, Command, CommandKind, Input
from game.journal.soundness import fault_of
from game.tuning import TUNING, WEAPONS, Tuning
from game.world import World
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


FAULTS: list[tuple[str, Callable[[World], object]]] = [
    ("no mode 'x'", lambda world: setattr(world, "config", replace(world.config, mode="x"))),
    ("dice", lambda world: setattr(world, "random_state", 1 << 64)),
    ("pads", lambda world: world.pad_ready_ticks.pop()),
    ("remembers 18 ticks", lambda world: world.history.append(b"")),
    ("list of places", lambda world: world.history.insert(0, world.history.pop()[:-1])),
    ("order", lambda world: world.players.update({0: world.players.pop(0)})),
    ("in slot 5 says", lambda world: world.players.update({5: world.players[3]})),
    ("player 3 stands in a wall", lambda world: setattr(world.players[3], "x", 0)),
    ("player 3 stands in a wall", lambda world: setattr(world.players[3], "x", -1 << 28)),
    ("weapon that is none", lambda world: setattr(world.players[3], "weapon", 9)),
    ("weapon that is none", lambda world: world.players[0].ammo.pop()),
    ("player whose score", lambda world: setattr(world.players[0], "score", 1 << 31)),
    ("player whose ammo", lambda world: world.players[0].ammo.__setitem__(0, -1 << 31)),
    ("next shot", lambda world: setattr(world, "next_shot", -1)),
    ("never given out", lambda world: setattr(world, "next_shot", 0)),
    ("is in a wall", lambda world: first_shot(world, x=0)),
    ("further than a tile", lambda world: first_shot(world, vx=1024)),
    ("further than a tile", lambda world: first_shot(world, vy=-1024)),
    ("is nobody's", lambda world: first_shot(world, owner=77)),
    ("is nobody's", lambda world: first_shot(world, weapon=-1)),
]


@pytest.mark.parametrize(("words", "spoil"), FAULTS)
def test_a_world_that_no_match_ever_was_is_named(
    words: str, spoil: Callable[[World], object]
) -> None:
    world = fighting()
    spoil(world)
    assert words in fault_of(world)


@pytest.mark.parametrize(
    ("words", "tuning"),
    [
        ("run_speed of -1", Tuning(run_speed=-1)),
        ("respawn_ticks", Tuning(respawn_ticks=1 << 40)),
        ("further than a tile", Tuning(speed_max=1024)),
        ("further than a tile", Tuning(pickup_reach_units=1024)),
        ("further than a tile", Tuning(player_radius_units=512)),
        ("further than a tile", Tuning(weapons=(replace(WEAPONS[0], speed=1024), *WEAPONS[1:]))),
        ("without a body", Tuning(player_radius_units=0)),
        ("4 weapons", Tuning(weapons=WEAPONS[1:])),
        ("pellets", Tuning(weapons=(replace(WEAPONS[0], pellets=10_000), *WEAPONS[1:]))),
        (
            "interval_ticks of -1",
            Tuning(weapons=(*WEAPONS[1:], replace(WEAPONS[0], interval_ticks=-1))),
        ),
    ],
)
def test_a_tuning_that_nobody_could_play_is_named(words: str, tuning: Tuning) -> None:
    world = world_of(tuning=tuning)
    assert words in fault_of(world)
    assert fault_of(replace(world, tuning=TUNING)) == ""

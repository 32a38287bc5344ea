"""The past of a few ticks."""

from game import step
from game.inputs import RIGHT, Input
from game.rewind import recall
from game.tuning import TUNING
from tests.game.fights import fight, wait


def test_the_past_is_remembered_tick_by_tick_and_no_longer_than_needed() -> None:
    world = fight(2, 8)
    stood = []
    for _ in range(40):
        step(world, (), [(0, Input(RIGHT))])
        stood.append(world.players[0].x)
    assert len(world.history) == TUNING.rewind_ticks_max + 1
    for lag in range(TUNING.rewind_ticks_max + 1):
        assert recall(world, lag)[:2] == (0, stood[-1 - lag])
    assert recall(world, 1_000) == recall(world, TUNING.rewind_ticks_max)


def test_the_dead_stand_nowhere() -> None:
    world = fight(2, 8)
    world.players[0].alive, world.players[0].respawn_tick = 0, 10**6
    wait(world, 1)
    assert recall(world, 0)[0] == 1

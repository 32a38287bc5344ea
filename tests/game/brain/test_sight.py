"""A bot sees the same inside the server and behind a socket."""

from hypothesis import given, settings
from hypothesis import strategies as st

import game
from game.brain import sight_of, sight_of_view
from game.inputs import Command, CommandKind, Input
from tests.strategies import inputs, seeds, world_of


@settings(max_examples=40)
@given(seeds, st.integers(2, 6), st.lists(st.lists(inputs, min_size=6, max_size=6), max_size=30))
def test_a_sight_is_the_same_from_a_world_and_from_a_view_of_it(
    seed: int, players: int, given_inputs: list[list[Input]]
) -> None:
    world = world_of(seed=seed)
    game.step(world, [Command(CommandKind.JOIN, slot, slot & 1) for slot in range(players)])
    for row in given_inputs:
        for _ in range(8):
            game.step(world, (), [(slot, row[slot]) for slot in range(players)])
        view = game.view(world, [])
        for slot in world.players:
            assert sight_of(world, slot) == sight_of_view(view, slot)


def test_a_sight_shows_everybody_but_oneself() -> None:
    world = world_of()
    game.step(world, [Command(CommandKind.JOIN, slot) for slot in (0, 3, 7)])
    sight = sight_of(world, 3)
    assert (sight.slot, [body.slot for body in sight.others]) == (3, [0, 7])
    assert (sight.x, sight.y) == (world.players[3].x, world.players[3].y)
    assert len(sight.pads_ready) == len(world.arena.pads)

"""A bot sees the same inside the server and behind a socket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import game
from game.brain import perception_of, perception_of_view, perceptions_of
from game.fog import Fog
from game.inputs import Command, CommandKind, Input
from game.modes import MODES
from tests.examples import examples
from tests.strategies import HALL, arena_from, inputs, seeds, world_of


@pytest.mark.parametrize("mode", MODES)
def test_a_perception_of_any_mode_is_the_same_behind_a_socket(mode: str) -> None:
    world = world_of(mode)
    game.step(
        world, [Command(CommandKind.JOIN, slot) for slot in range(8 if mode != "duel" else 2)]
    )
    for _ in range(world.tuning.countdown_ticks + 1):
        game.step(world)
    fog = Fog(game.view(world, []))
    for slot, perception in perceptions_of(world, world.players):
        assert perception == perception_of_view(fog.seen_by(slot), slot)
    assert bool(perception.flags) == MODES[mode].wants_flags
    assert bool(perception.circle.end_tick) == (mode == "last-standing")


@examples(40)
@given(
    st.tuples(st.sampled_from(sorted(MODES)), seeds),
    st.integers(2, 6),
    st.lists(st.lists(inputs, min_size=6, max_size=6), max_size=30),
)
def test_a_perception_is_the_same_from_a_world_and_from_a_view_of_it(
    match: tuple[str, int], players: int, given_inputs: list[list[Input]]
) -> None:
    world = world_of(match[0], seed=match[1])
    players = min(players, world.config.players_max)
    game.step(world, [Command(CommandKind.JOIN, slot, slot & 1) for slot in range(players)])
    for row in given_inputs:
        for _ in range(8):
            game.step(world, (), [(slot, row[slot]) for slot in range(players)])
        fog = Fog(game.view(world, []))
        for slot in world.players:
            assert perception_of(world, slot) == perception_of_view(fog.seen_by(slot), slot)


def test_a_perception_shows_everybody_who_is_not_hidden() -> None:
    world = world_of(arena=arena_from(HALL))
    game.step(world, [Command(CommandKind.JOIN, slot) for slot in (0, 3, 7)])
    perception = perception_of(world, 3)
    assert (perception.slot, list(perception.bodies)) == (3, [0, 3, 7])
    assert (perception.x, perception.y) == (world.players[3].x, world.players[3].y)
    assert list(perception.pads) == list(range(len(world.arena.pads)))

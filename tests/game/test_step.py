"""The order of a tick, and that nothing but the journal decides a match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import digest, step
from game.events import EventKind
from game.inputs import DASH, FIRE, RIGHT, SELECT_SHIFT, Command, CommandKind, Input
from game.tuning import Weapon
from tests.game.fights import fight, of_kind, place, wait
from tests.strategies import ARENA, centre, inputs, seeds, world_of


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(KeyError, match="hopscotch"):
        world_of("hopscotch")


def test_a_dash_is_reported_once() -> None:
    world = fight(2, 8)
    step(world, (), [(0, Input(DASH | RIGHT))])
    events = step(world, (), [(0, Input(DASH | RIGHT))]) + wait(world, 20)
    assert not of_kind(events, EventKind.DASH)
    assert of_kind(wait(world, 90), EventKind.DASH) == [(0,)]


def test_moving_out_of_the_line_within_a_tick_avoids_the_shot() -> None:
    world = fight(2, 8)
    target = world.players[1]
    place(target, centre(8), centre(5) + 425)
    target.vy = 50
    rail = Input(FIRE | (Weapon.RAIL + 1) << SELECT_SHIFT)
    assert not of_kind(step(world, (), [(0, rail)]), EventKind.HIT)


@given(seeds, st.lists(st.tuples(st.integers(0, 3), inputs), max_size=60))
def test_the_same_seed_and_inputs_make_the_same_match(
    seed: int, played: list[tuple[int, Input]]
) -> None:
    digests = []
    for _ in range(2):
        world = world_of(seed=seed)
        step(world, [Command(CommandKind.JOIN, slot) for slot in range(4)])
        for pressed in played:
            step(world, (), [pressed])
        digests.append(digest(world))
    assert digests[0] == digests[1]


def test_another_seed_makes_another_match() -> None:
    digests = set()
    for seed in range(8):
        world = world_of(seed=seed)
        step(world, [Command(CommandKind.JOIN, slot) for slot in range(2)])
        digests.add(digest(world))
    assert len(digests) == 8


def test_the_digest_of_a_known_match_is_what_it_was() -> None:
    """It is equal on every run and every Python. Only a change of the rules changes it."""
    world = world_of(arena=ARENA, seed=7)
    step(world, [Command(CommandKind.JOIN, slot) for slot in range(4)])
    for tick in range(900):
        wish = Input((tick * 7919 // 13) % 384, tick * 401 % 65_536, tick % 16)
        step(world, (), [(tick % 4, wish)])
    assert world.tick == 901
    assert digest(world).hex() == "6d51517965c38dd67a7e370c12790bec"

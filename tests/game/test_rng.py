"""The random numbers of a world."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.rng import draw_below
from tests.strategies import seeds, world_of


@given(seeds, st.integers(1, 10**6))
def test_a_draw_is_within_its_bound_and_the_same_for_the_same_seed(seed: int, bound: int) -> None:
    one, other = world_of(seed=seed), world_of(seed=seed)
    drawn = [draw_below(one, bound) for _ in range(5)]
    assert drawn == [draw_below(other, bound) for _ in range(5)]
    assert all(0 <= number < bound for number in drawn)


def test_the_generator_is_splitmix64() -> None:
    world = world_of(seed=1234567)
    numbers = [draw_below(world, 1 << 64) for _ in range(3)]
    # The reference sequence of this seed.
    assert numbers == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_every_side_of_a_die_comes_up_about_as_often() -> None:
    world = world_of(seed=5)
    counts = [0] * 6
    for _ in range(6_000):
        counts[draw_below(world, 6)] += 1
    assert min(counts) > 900
    assert max(counts) < 1_100


def test_a_die_without_sides_is_refused() -> None:
    with pytest.raises(AssertionError):
        draw_below(world_of(), 0)

"""Waits grow, stay below the cap, and differ between clients."""

import random

from hypothesis import given
from hypothesis import strategies as st

from clients.net.backoff import BASE_S, CAP_S, FIRST_S, ceiling_s, delay_s


@given(st.integers(0, 10_000), st.integers())
def test_a_wait_is_between_nothing_and_its_ceiling(attempt: int, seed: int) -> None:
    assert 0 <= delay_s(attempt, random.Random(seed)) < ceiling_s(attempt) <= CAP_S


def test_the_first_try_comes_at_once() -> None:
    assert ceiling_s(0) == FIRST_S < 0.05


def test_ceilings_double_up_to_the_cap() -> None:
    assert [ceiling_s(attempt) / BASE_S for attempt in range(1, 6)] == [2, 4, 8, 16, 32]
    assert ceiling_s(6) == CAP_S
    assert ceiling_s(10**9) == CAP_S


def test_equal_dice_wait_equally_and_others_do_not() -> None:
    def waits(seed: int) -> list[float]:
        dice = random.Random(seed)
        return [delay_s(attempt, dice) for attempt in range(8)]

    assert waits(1) == waits(1)
    assert waits(1) != waits(2)

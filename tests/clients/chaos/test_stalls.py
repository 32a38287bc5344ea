"""Stalls come by their dice, and answer alike whoever asks."""

import random

from hypothesis import given
from hypothesis import strategies as st

from clients.chaos.profiles import NetworkProfile
from clients.chaos.stalls import Stalls

PROFILE = NetworkProfile(stall_every_s=4.0, stall_for_s=1.0)


def stalls(seed: int) -> Stalls:
    return Stalls(PROFILE, random.Random(seed), 10.0)


@given(st.lists(st.floats(0, 500), max_size=30), st.integers(0, 100))
def test_it_does_not_matter_in_which_order_one_asks(times, seed) -> None:
    asked = stalls(seed)
    answers = [asked.past(time_s) for time_s in times]
    other = stalls(seed)
    assert [other.past(time_s) for time_s in reversed(times)] == answers[::-1]
    pairs = zip(times, answers, strict=True)
    assert all(time_s <= past_s <= time_s + 1.0 for time_s, past_s in pairs)


def test_they_come_about_as_often_and_last_as_long_as_was_asked() -> None:
    asked = stalls(1)
    held = sum(asked.past(10 + tenth / 10) > 10 + tenth / 10 for tenth in range(50_000))
    assert 0.19 < held / 50_000 < 0.21  # one second in five
    assert 950 < asked.count_until(5_010) < 1_050
    assert asked.count_until(10.0) == 0


def test_without_them_all_gets_through() -> None:
    assert Stalls(NetworkProfile(), random.Random(1), 0.0).past(123.0) == 123.0

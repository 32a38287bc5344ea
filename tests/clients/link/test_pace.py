"""Inputs arrive just before their tick, whatever the way there takes."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.link.pace import LEAD_TICKS_MAX, MARGIN_HIGH, Pace


@given(st.lists(st.integers(-128, 127), max_size=400))
def test_the_lead_stays_within_its_bounds(margins: list[int]) -> None:
    pace = Pace()
    for margin in margins:
        pace.heed(margin)
        assert 1 <= pace.lead_ticks <= LEAD_TICKS_MAX
        assert pace.first_tick(100) == 100 + pace.lead_ticks


@pytest.mark.parametrize("before_ticks", [0, 18])
@pytest.mark.parametrize("trip_ticks", [0, 1, 3, 6, 12, 18])
def test_margins_settle_between_late_and_lazy_again(before_ticks: int, trip_ticks: int) -> None:
    """A message leaves at a snapshot, and arrives a round trip after the server was there."""
    pace = Pace()
    settle(pace, before_ticks)
    assert 1 <= settle(pace, trip_ticks) <= MARGIN_HIGH


def settle(pace: Pace, trip_ticks: int) -> int:
    """The margin after half a minute with such round trips."""
    reports = deque([2] * (trip_ticks // 2 + 1))
    margin = 0
    for tick in range(0, 2_000, 2):
        pace.heed(reports.popleft())
        margin = pace.first_tick(tick) - (tick + trip_ticks) - 1
        reports.append(margin)
    return margin

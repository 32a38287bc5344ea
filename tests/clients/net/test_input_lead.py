"""Inputs arrive just before their tick, however long they travel."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.net.input_lead import LEAD_TICKS_MAX, MARGIN_HIGH, InputLead


@given(st.lists(st.integers(-128, 127), max_size=400))
def test_the_lead_stays_within_its_bounds(margins: list[int]) -> None:
    input_lead = InputLead()
    for margin in margins:
        input_lead.heed(margin)
        assert 1 <= input_lead.lead_ticks <= LEAD_TICKS_MAX
        assert input_lead.first_tick(100) == 100 + input_lead.lead_ticks


@pytest.mark.parametrize("before_ticks", [0, 18])
@pytest.mark.parametrize("trip_ticks", [0, 1, 3, 6, 12, 18])
def test_margins_settle_between_late_and_lazy_again(before_ticks: int, trip_ticks: int) -> None:
    """A message leaves at a snapshot, and arrives a round trip after the server was there."""
    input_lead = InputLead()
    settle(input_lead, before_ticks)
    assert 1 <= settle(input_lead, trip_ticks) <= MARGIN_HIGH


def settle(input_lead: InputLead, trip_ticks: int) -> int:
    """The margin after half a minute with such round trips."""
    reports = deque([2] * (trip_ticks // 2 + 1))
    margin = 0
    for tick in range(0, 2_000, 2):
        input_lead.heed(reports.popleft())
        margin = input_lead.first_tick(tick) - (tick + trip_ticks) - 1
        reports.append(margin)
    return margin

"""A connection's round trip as the server measured it, and the view lag it accounts for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.inputs import VIEW_LAG_MAX, VIEW_LAG_PER_TICK
from game.tuning import TICKS_PER_SECOND
from server.match.round_trip import INTERPOLATION_TICKS, RoundTrip

ROADS_MS = st.floats(0, 400)


def measured(*measured_ms: float) -> RoundTrip:
    trip = RoundTrip()
    for each in measured_ms:
        trip.note(each)
    return trip


def ticks(trip: RoundTrip, tcp_ms: float = 0) -> float:
    return trip.lag_max(tcp_ms) / VIEW_LAG_PER_TICK


@given(ROADS_MS, ROADS_MS)
def test_the_longer_measure_counts_and_a_claim_is_none(ping_ms: float, tcp_ms: float) -> None:
    trip = measured(*[ping_ms] * 60)
    expected = max(ping_ms, tcp_ms) * TICKS_PER_SECOND / 1_000 + INTERPOLATION_TICKS
    assert ticks(trip, tcp_ms) == pytest.approx(min(expected, 30), abs=0.1)


@given(st.lists(ROADS_MS, min_size=1, max_size=50))
def test_no_measure_makes_it_shorter_than_interpolation_or_longer_than_all(
    measured_ms: list[float],
) -> None:
    lag = measured(*measured_ms).lag_max(0)
    assert INTERPOLATION_TICKS * VIEW_LAG_PER_TICK <= lag <= VIEW_LAG_MAX


def test_without_any_measure_there_is_interpolation_alone() -> None:
    assert ticks(measured()) == INTERPOLATION_TICKS


def test_one_pong_that_was_held_up_is_forgotten_soon() -> None:
    trip = measured(*[40.0] * 20)
    steady = ticks(trip)
    trip.note(60_000.0)
    for _ in range(30):
        trip.note(40.0)
    assert ticks(trip) == pytest.approx(steady, abs=1.5)


@given(st.lists(st.floats(85, 165), min_size=20, max_size=40))
def test_a_road_that_wavers_accounts_for_nearly_all_of_its_ways(measured_ms: list[float]) -> None:
    reach_ms = (ticks(measured(*measured_ms)) - INTERPOLATION_TICKS) * 1_000 / TICKS_PER_SECOND
    assert reach_ms >= sum(measured_ms) / len(measured_ms) - 20

"""Token buckets: never more than the burst at once, never more than the rate over time."""

from hypothesis import given
from hypothesis import strategies as st

from server.budget.bucket import Bucket

moments = st.lists(st.floats(0, 100, allow_nan=False), max_size=60)


@given(moments, st.integers(0, 20), st.floats(0, 10))
def test_no_more_is_given_than_burst_plus_rate_times_time(
    times_s: list[float], burst: int, per_s: float
):
    bucket = Bucket(per_s, burst, 0.0)
    given_count = 0
    for now_s in sorted(times_s):
        given_count += bucket.take(now_s)
        assert given_count <= burst + per_s * now_s + 1e-6


@given(moments, st.integers(0, 20), st.floats(0, 10))
def test_the_level_stays_in_its_bounds_even_when_the_clock_jumps(
    times_s: list[float], burst: int, per_s: float
):
    bucket = Bucket(per_s, burst, 50.0)
    for now_s in times_s:
        bucket.take(now_s)
        assert 0 <= bucket.level(now_s) <= burst


def test_used_budget_is_refilled():
    bucket = Bucket(0.5, 1, 0.0)
    assert bucket.take(0.0)
    assert not bucket.take(1.9)
    assert bucket.take(2.0)


@given(st.lists(st.integers(0, 100)), st.integers(1, 20), st.integers(1, 10), st.integers(0, 100))
def test_a_debt_is_paid_by_time_alone(times_s: list[int], burst: int, per_s: int, debt: int):
    bucket = Bucket(per_s, burst, 0)
    bucket.charge(0, burst + debt)
    for now_s in sorted(times_s):
        assert bucket.level(now_s) == min(burst, now_s * per_s - debt)
        assert bucket.is_full(now_s) == (bucket.level(now_s) == burst)


@given(moments, st.integers(0, 20), st.integers(0, 20))
def test_a_change_gives_nothing_away_and_takes_only_what_is_above_the_new_burst(
    times_s: list[float], burst: int, changed: int
):
    bucket = Bucket(1.0, burst, 0.0)
    now_s = 0.0
    for now_s in sorted(times_s):
        bucket.take(now_s)
    level = bucket.level(now_s)
    bucket.change(2.0, changed, now_s)
    assert bucket.level(now_s) == min(level, changed)
    assert bucket.level(now_s + 100) == changed

"""Buckets: every value is counted once, where it belongs."""

from hypothesis import given
from hypothesis import strategies as st

from server.ops.histogram import Histogram

BOUNDS = (0.1, 1.0, 10.0)


@given(st.lists(st.floats(0, 100)))
def test_each_value_is_in_the_first_bucket_that_holds_it(values: list[float]):
    histogram = Histogram(BOUNDS)
    for value in values:
        histogram.observe(value)
    for index, bound in enumerate(BOUNDS):
        assert sum(histogram.counts[: index + 1]) == sum(value <= bound for value in values)
    assert sum(histogram.counts) == len(values)

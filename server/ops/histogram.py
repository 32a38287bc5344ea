"""Counts by upper bound, from which the metrics make a histogram.

Owns: the counts. Must not know: who counts, how they are exported. Invariant: a fixed number of
counters.
"""

from bisect import bisect_left

from attrs import define, field


@define
class Histogram:
    """`counts[i]` values are above `bounds[i - 1]` and up to `bounds[i]`; the last is open."""

    bounds: tuple[float, ...]
    counts: list[int] = field(init=False)
    total: float = 0.0

    def __attrs_post_init__(self) -> None:
        """Begin with nothing counted."""
        self.counts = [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        """Count one value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

"""A running quantile: the value that a varying number seldom exceeds, learned sample by sample.

Owns: one estimate. Must not know: of what. Invariant: 0 ≤ `value` ≤ `limit`, and one sample moves
it by at most `QUANTILE_STEP`: a single hiccup, however long, is soon forgotten.
"""

from attrs import define

from clients.netcode.tuning import QUANTILE_STEP


@define
class Quantile:
    """A share `share` of all samples is not above `value`."""

    share: float
    limit: float
    value: float = 0.0

    def add(self, sample: float) -> None:
        """Add a sample."""
        moved = self.value + QUANTILE_STEP * (self.share if sample > self.value else self.share - 1)
        self.value = max(0.0, min(self.limit, moved))

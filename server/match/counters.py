"""What the matches of this process have counted since its start; read by the metrics, written by
the tick.
"""

from collections import Counter

from attrs import define, field

# Upper bounds in seconds; the last bucket is open. A tick lasts 0.0167 s.
LATENESS_BOUNDS_S = (0.0005, 0.001, 0.002, 0.004, 0.008, 0.0167, 0.033, 0.1, 0.5)


@define
class Histogram:
    """Counts by upper bound, plus the sum and the largest value: enough for Prometheus, cheap
    enough for a tick.
    """

    bounds: tuple[float, ...] = LATENESS_BOUNDS_S
    counts: list[int] = field(factory=lambda: [0] * (len(LATENESS_BOUNDS_S) + 1))
    total: float = 0.0
    largest: float = 0.0

    def observe(self, value: float) -> None:
        """Count one value."""
        index = 0
        for bound in self.bounds:
            if value <= bound:
                break
            index += 1
        self.counts[index] += 1
        self.total += value
        self.largest = max(self.largest, value)


@define
class MatchCounters:
    """One per process, shared by all its matches."""

    ticks: int = 0
    last_tick_s: float = 0.0  # when the newest began, on the loop's clock
    ticks_late: int = 0  # began more than one tick length after their deadline
    ticks_abandoned: int = 0  # time given up because the process was too far behind
    lateness_s: Histogram = field(factory=Histogram)
    duration_s: Histogram = field(factory=Histogram)
    snapshots_sent: int = 0
    snapshots_skipped: int = 0
    snapshot_bytes: int = 0
    inputs_late: int = 0
    inputs_early: int = 0
    refused: Counter[str] = field(factory=Counter)  # messages, by reason: malformed, flood, state
    ended: Counter[str] = field(factory=Counter)  # matches, by reason
    resumed: int = 0

"""Counters of this process's matches since its start; read by the metrics, written by
the tick.
"""

from collections import Counter

from attrs import define, field

from server.ops.histogram import Histogram

# Upper bounds in seconds; the last bucket is open. A tick lasts 0.0167 s.
TICK_BOUNDS_S = (0.0005, 0.001, 0.002, 0.004, 0.008, 0.0167, 0.033, 0.1, 0.5)


@define
class MatchCounters:
    """One per process, shared by all its matches."""

    ticks: int = 0
    last_tick_s: float = 0.0  # when the newest began, on the loop's clock
    ticks_late: int = 0  # began more than one tick length after their deadline
    ticks_abandoned: int = 0  # time given up because the process was too far behind
    lateness_s: Histogram = field(factory=lambda: Histogram(TICK_BOUNDS_S))
    duration_s: Histogram = field(factory=lambda: Histogram(TICK_BOUNDS_S))
    snapshots_sent: int = 0
    snapshots_skipped: int = 0
    snapshot_bytes: int = 0
    inputs_late: int = 0
    inputs_early: int = 0
    refused: Counter[str] = field(factory=Counter)  # messages, by reason: malformed, flood, state
    over_budget: Counter[str] = field(factory=Counter)  # work refused on connections to matches
    ended: Counter[str] = field(factory=Counter)  # matches, by reason
    resumed: int = 0
    journal_bytes: int = 0
    journal_failures: int = 0  # writes that the disk refused; they are tried again
    journals_given_up: int = 0  # matches that continue without a journal
    recovered: int = 0  # matches that were resumed from their journals

"""The values of the net graph, gathered snapshot by snapshot. Invariant: the history is bounded."""

from collections import deque
from typing import Final, NamedTuple

from attrs import define, field

HISTORY_MAX: Final = 120
RATE_WINDOW_S: Final = 2.0


class NetSample(NamedTuple):
    """One snapshot."""

    at_s: float
    size_bytes: int
    margin_ticks: int
    round_trip_ms: int
    is_corrected: bool


class NetStats(NamedTuple):
    """The network as it is now."""

    round_trip_ms: int = 0
    jitter_ms: float = 0.0
    margin_ticks: float = 0.0
    delay_ms: float = 0.0
    snapshots_per_s: float = 0.0
    bytes_per_s: float = 0.0
    corrections: int = 0
    unforced: int = 0  # of these: nothing else acted on the player
    correction_units: int = 0
    frames_per_s: float = 0.0
    history: tuple[NetSample, ...] = ()


@define
class NetMeter:
    """The last snapshots."""

    _history: deque[NetSample] = field(factory=lambda: deque(maxlen=HISTORY_MAX))

    def add(self, sample: NetSample) -> None:
        """Add a snapshot."""
        self._history.append(sample)

    @property
    def history(self) -> tuple[NetSample, ...]:
        """The last samples, newest last."""
        return tuple(self._history)

    def rates(self, now_s: float) -> tuple[float, float]:
        """Snapshots and bytes per second, over the last `RATE_WINDOW_S`."""
        recent = [it for it in self._history if it.at_s >= now_s - RATE_WINDOW_S]
        total = sum(it.size_bytes for it in recent)
        return len(recent) / RATE_WINDOW_S, total / RATE_WINDOW_S

"""The server's clock, estimated from snapshots, and the delay behind it that draws others smoothly.

Owns: the estimate of which tick's snapshot arrives now, and the interpolation delay. Must not know:
inputs, the world, any real clock. Invariants: displayed time never goes back, and is never off real
speed by more than `GLIDE`, except in a jump; after a stall of any length, time is where it would
have been without it.
"""

from attrs import define, field

from clients.netcode.quantile import Quantile
from clients.netcode.tuning import (
    BURST_S,
    DELAY_IN_TIME_SHARE,
    DELAY_TICKS_MAX,
    DELAY_TICKS_MIN,
    EARLIER_SHARE,
    FAR_FOR_S,
    FAR_TICKS,
    GLIDE,
    JITTER_SHARE,
    JUMP_TICKS,
    LATE_TICKS_MAX,
    LATER_SHARE,
    SPACING_SHARE,
    SPACING_TICKS_MAX,
)
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND


@define
class Arrival:
    """Snapshot arrivals of one connection. All `now_s` are of one monotonic clock."""

    is_synced: bool = False
    jitter_ticks: float = 0.0  # how much snapshot arrival times vary
    _offset_ticks: float = 0.0  # arrival tick - local time in ticks
    _shown_ticks: float = 0.0  # the tick on the screen - local time in ticks
    _heard_at_s: float = 0.0
    _heard_tick: int = 0
    _far_since_s: float | None = None
    _spacing_ticks: float = float(SNAPSHOT_EVERY_TICKS)
    _lateness: Quantile = field(factory=lambda: Quantile(DELAY_IN_TIME_SHARE, DELAY_TICKS_MAX))

    def snapshot(self, tick: int, now_s: float) -> bool:
        """Take in a snapshot's arrival. Returns whether time had to jump for it."""
        error = tick - now_s * TICKS_PER_SECOND - self._offset_ticks
        is_burst = now_s - self._heard_at_s < BURST_S
        spacing = min(SPACING_TICKS_MAX, max(1, tick - self._heard_tick))
        self._heard_at_s, self._heard_tick = now_s, tick
        if not self.is_synced or error > FAR_TICKS or self._is_far_late(error, now_s):
            self._start(tick, now_s)
            return True
        self._spacing_ticks += (spacing - self._spacing_ticks) * SPACING_SHARE
        if is_burst and error < 0:
            return False
        late = max(error, -LATE_TICKS_MAX)
        self._offset_ticks += late * (EARLIER_SHARE if late > 0 else LATER_SHARE)
        self.jitter_ticks += (abs(late) - self.jitter_ticks) * JITTER_SHARE
        self._lateness.add(-error)
        return False

    def advance(self, passed_ticks: float) -> None:
        """Advance time: displayed time glides to where it should be."""
        wrong = self._offset_ticks - self._delay_ticks - self._shown_ticks
        most = passed_ticks * GLIDE
        is_far = abs(wrong) > JUMP_TICKS
        self._shown_ticks += wrong if is_far else max(-most, min(most, wrong))

    def arrival_tick(self, now_s: float) -> float:
        """The tick of the newest snapshot that should have arrived by now."""
        return now_s * TICKS_PER_SECOND + self._offset_ticks

    def interpolation_tick(self, now_s: float) -> float:
        """The tick the others are drawn at."""
        return now_s * TICKS_PER_SECOND + self._shown_ticks

    @property
    def shown_delay_ticks(self) -> float:
        """How far behind the newest snapshot the others are drawn now."""
        return self._offset_ticks - self._shown_ticks

    @property
    def _delay_ticks(self) -> float:
        """One snapshot interval to interpolate in, plus the time the next one may take."""
        wanted = self._spacing_ticks + max(self._spacing_ticks, self._lateness.value + 0.5)
        return max(DELAY_TICKS_MIN, min(DELAY_TICKS_MAX, wanted))

    def _is_far_late(self, error: float, now_s: float) -> bool:
        """Whether snapshots are permanently late, and not just delayed together."""
        if error > -FAR_TICKS:
            self._far_since_s = None
            return False
        if self._far_since_s is None:
            self._far_since_s = now_s
        return now_s - self._far_since_s > FAR_FOR_S

    def _start(self, tick: int, now_s: float) -> None:
        self.is_synced = True
        self._far_since_s = None
        self._offset_ticks = tick - now_s * TICKS_PER_SECOND
        self._shown_ticks = self._offset_ticks - self._delay_ticks

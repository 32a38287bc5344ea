"""The server's clock, estimated from snapshots, and the delay behind it that draws others smoothly.

Owns: the estimate of which tick's snapshot arrives now, and the interpolation delay. Must not know:
inputs, the world, any real clock. Invariants: displayed time never goes back, and is never off real
speed by more than `GLIDE`, except in a jump; after a stall of any length, time is where it would
have been without it.
"""

from typing import Final

from attrs import define, field

from clients.netcode.quantile import Quantile
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND

DELAY_TICKS_MIN: Final = 2.0 * SNAPSHOT_EVERY_TICKS
DELAY_TICKS_MAX: Final = 15.0  # as far as the server rewinds for a rail
GLIDE: Final = 0.03  # a jump would show in every other player
JUMP_TICKS: Final = 20

_EARLIER_SHARE: Final = 0.15  # an early snapshot proves that the path is faster than assumed
_LATER_SHARE: Final = 0.03  # a late one may only have been delayed
_LATE_TICKS_MAX: Final = 6.0  # more lateness than this says no more about the path
_BURST_S: Final = 0.006  # snapshots this close together were delayed together
_FAR_TICKS: Final = 30
_FAR_FOR_S: Final = 1.0  # only when all are far late for this long has the server's time jumped
_SPACING_TICKS_MAX: Final = 8
_SPACING_SHARE: Final = 0.1
_JITTER_SHARE: Final = 0.05


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
    _lateness: Quantile = field(factory=lambda: Quantile(0.97, DELAY_TICKS_MAX))

    def snapshot(self, tick: int, now_s: float) -> bool:
        """Take in a snapshot's arrival. Returns whether time had to jump for it."""
        error = tick - now_s * TICKS_PER_SECOND - self._offset_ticks
        is_burst = now_s - self._heard_at_s < _BURST_S
        spacing = min(_SPACING_TICKS_MAX, max(1, tick - self._heard_tick))
        self._heard_at_s, self._heard_tick = now_s, tick
        if not self.is_synced or error > _FAR_TICKS or self._is_far_late(error, now_s):
            self._start(tick, now_s)
            return True
        self._spacing_ticks += (spacing - self._spacing_ticks) * _SPACING_SHARE
        if is_burst and error < 0:
            return False
        late = max(error, -_LATE_TICKS_MAX)
        self._offset_ticks += late * (_EARLIER_SHARE if late > 0 else _LATER_SHARE)
        self.jitter_ticks += (abs(late) - self.jitter_ticks) * _JITTER_SHARE
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
        if error > -_FAR_TICKS:
            self._far_since_s = None
            return False
        if self._far_since_s is None:
            self._far_since_s = now_s
        return now_s - self._far_since_s > _FAR_FOR_S

    def _start(self, tick: int, now_s: float) -> None:
        self.is_synced = True
        self._far_since_s = None
        self._offset_ticks = tick - now_s * TICKS_PER_SECOND
        self._shown_ticks = self._offset_ticks - self._delay_ticks

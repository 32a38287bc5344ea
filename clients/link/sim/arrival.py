"""The server's clock as snapshots tell it, and how far behind it the others are drawn smoothly.

Owns: the estimate of which tick's snapshot arrives now, and the delay. Must not know: inputs, the
world, any real clock. Invariants: time on the screen never goes back, and never runs faster or
slower than by `GLIDE`, except in a jump; a stall, however long, ends where time would be without
it.
"""

from typing import Final

from attrs import define, field

from clients.link.sim.quantile import Quantile
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND

DELAY_TICKS_MIN: Final = 2.0 * SNAPSHOT_EVERY_TICKS
DELAY_TICKS_MAX: Final = 15.0  # as far as the server rewinds for a rail
GLIDE: Final = 0.03  # a jump would be seen in everybody else
JUMP_TICKS: Final = 20

_EARLIER_SHARE: Final = 0.15  # one that came early proves that the road is shorter than thought
_LATER_SHARE: Final = 0.03  # a late one may only have been held up
_LATE_TICKS_MAX: Final = 6.0  # and one that was held up for long says no more about the road
_BURST_S: Final = 0.006  # what comes so close behind another was held up together with it
_FAR_TICKS: Final = 30
_FAR_FOR_S: Final = 1.0  # so long all have to be far late before the server's time has jumped
_SPACING_TICKS_MAX: Final = 8
_SPACING_SHARE: Final = 0.1
_JITTER_SHARE: Final = 0.05


@define
class Arrival:
    """One connection's road to us. All `now_s` are of one monotonic clock."""

    is_synced: bool = False
    jitter_ticks: float = 0.0  # how much the arrival of snapshots wavers
    _offset_ticks: float = 0.0  # arrival tick - local time in ticks
    _shown_ticks: float = 0.0  # the tick on the screen - local time in ticks
    _heard_at_s: float = 0.0
    _heard_tick: int = 0
    _far_since_s: float | None = None
    _spacing_ticks: float = float(SNAPSHOT_EVERY_TICKS)
    _lateness: Quantile = field(factory=lambda: Quantile(0.97, DELAY_TICKS_MAX))

    def snapshot(self, tick: int, now_s: float) -> bool:
        """A snapshot came in. Returns whether time had to jump for it."""
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
        """Let time pass: the time on the screen glides to where it should be."""
        wrong = self._offset_ticks - self._delay_ticks - self._shown_ticks
        most = passed_ticks * GLIDE
        is_far = abs(wrong) > JUMP_TICKS
        self._shown_ticks += wrong if is_far else max(-most, min(most, wrong))

    def arrival_tick(self, now_s: float) -> float:
        """The tick of the newest snapshot that should have come by now."""
        return now_s * TICKS_PER_SECOND + self._offset_ticks

    def interpolation_tick(self, now_s: float) -> float:
        """The tick the others are drawn at."""
        return now_s * TICKS_PER_SECOND + self._shown_ticks

    @property
    def shown_delay_ticks(self) -> float:
        """How far behind the newest snapshot the others are drawn just now."""
        return self._offset_ticks - self._shown_ticks

    @property
    def _delay_ticks(self) -> float:
        """One snapshot to go to, and for the next one as long as it may be on its way."""
        wanted = self._spacing_ticks + max(self._spacing_ticks, self._lateness.value + 0.5)
        return max(DELAY_TICKS_MIN, min(DELAY_TICKS_MAX, wanted))

    def _is_far_late(self, error: float, now_s: float) -> bool:
        """Whether snapshots are late for good, and not just held up together."""
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

"""Which tick it is, for the local player (`predicted_tick`) and the others (`interpolation_tick`).

Owns: the lead over the server, adjusted by how early the server says inputs arrive. Must not know:
the world, any real clock. Invariants: `predicted_tick` never goes back except in a resync, and one
`advance` asks for at most `STEPS_MAX` ticks however long the program slept; messages delayed by a
stall cause no jump.
"""

from math import ceil, floor
from typing import Final

from attrs import define, field

from clients.netcode.arrival import Arrival
from clients.netcode.quantile import Quantile
from game.tuning import TICKS_PER_SECOND

STEPS_MAX: Final = 15  # what one frame may catch up on; a longer gap is jumped over
STEPS_AFTER_GAP: Final = 2  # enough for one message, and all whose inputs are not too late
MARGIN_TARGET_TICKS: Final = 1.5
RATE_MAX: Final = 0.05  # a larger change of speed is visible

_RATE_PER_TICK: Final = 0.012
_MARGIN_SHARE: Final = 0.15
_LATE_RESYNC_TICKS: Final = -5  # later than this, catching up by speed would take seconds
_EARLY_RESYNC_TICKS: Final = 25  # if earlier, the server refuses inputs as too early
_RESYNC_AFTER_S: Final = 0.4  # a stall ends sooner, and what it delayed proves nothing
_BURST_FREE_TICKS: Final = 2  # one message holds this many ticks anyway
_BURST_EXTRA_TICKS_MAX: Final = STEPS_MAX - 1 - _BURST_FREE_TICKS  # what one frame catches up on
_BURST_FORGOTTEN_PER_TICK: Final = 0.004  # one tick in four seconds
_SPREAD_FREE_TICKS: Final = 1  # a margin is a whole number, and varies by this much anywhere
_SPREAD_TICKS_MAX: Final = 8
_IN_TIME_SHARE: Final = 0.998  # each late input may cause a correction; with 0.99 some do
# On a new connection, inputs later than the target by more than this cause a jump: catching up by
# speed would take seconds of late inputs, and there is little on the screen yet.
_NEW_ROAD_TICKS: Final = 3
_NEW_ROAD_S: Final = 1.5
_LEAD_TICKS_START: Final = 4  # besides the round trip: too early costs nothing but delay


@define
class Clock:
    """One connection's sense of time. All `now_s` are of one monotonic clock."""

    round_trip_s: float = 0.0  # as far as it is known before the first snapshot
    predicted_tick: float = 0.0  # the local player's tick, with its fraction
    resyncs: int = 0
    margin_ticks: float | None = None  # recent reports of the server, smoothed
    rate: float = 0.0  # how much faster than real time; negative: slower
    _arrival: Arrival = field(factory=Arrival)
    _advanced_at_s: float = 0.0
    _started_at_s: float = 0.0
    _margins_from_tick: int = 0
    _shortfall: Quantile = field(
        factory=lambda: Quantile(_IN_TIME_SHARE, _SPREAD_TICKS_MAX + _SPREAD_FREE_TICKS)
    )
    _off_since_s: float | None = None  # since then, margins are off by more than speed can correct
    _off_margin: int = 0  # the best of these margins
    _burst_ticks: float = 0.0  # the most ticks in one recent frame

    def snapshot(self, tick: int, margin: int | None, now_s: float) -> None:
        """Take in a snapshot of `tick`. `margin` None: it says nothing about our inputs."""
        was_synced = self._arrival.is_synced
        first_lead = _LEAD_TICKS_START + self.round_trip_s * TICKS_PER_SECOND
        lead = first_lead
        if was_synced:
            lead = max(1.0, self.predicted_tick - self._arrival.arrival_tick(self._advanced_at_s))
        if self._arrival.snapshot(tick, now_s):
            self.resyncs += was_synced
            self._start(tick + lead, now_s)
            return
        since_frame_ticks = max(0.0, now_s - self._advanced_at_s) * TICKS_PER_SECOND
        if self.predicted_tick + since_frame_ticks <= tick:
            # The server has reached the tick of our next inputs: the first snapshots were delayed.
            self.resyncs += 1
            self._start(tick + first_lead, now_s)
        elif margin is not None and tick >= self._margins_from_tick:
            self._follow(margin, now_s)

    def advance(self, now_s: float) -> int:
        """Advance to `now_s`; returns how many whole ticks, up to the newest, to simulate.

        After a gap too long to catch up on, these are only the last few of those that passed.
        """
        passed_ticks = max(0.0, now_s - self._advanced_at_s) * TICKS_PER_SECOND
        # A frame's time may be slightly before that of a message already taken in.
        self._advanced_at_s = max(self._advanced_at_s, now_s)
        if not self._arrival.is_synced:
            return 0
        self._arrival.advance(passed_ticks)
        before = floor(self.predicted_tick)
        if passed_ticks > STEPS_MAX - 1:
            self.predicted_tick += passed_ticks
            self.resyncs += 1
            return STEPS_AFTER_GAP
        self.predicted_tick += passed_ticks * (1 + self.rate)
        steps = floor(self.predicted_tick) - before
        forgotten = passed_ticks * _BURST_FORGOTTEN_PER_TICK
        self._burst_ticks = max(float(steps), self._burst_ticks - forgotten)
        return steps

    @property
    def margin_target_ticks(self) -> float:
        """How early inputs should arrive.

        With slow frames, several ticks are sampled at once, and the first of them has waited the
        longest; on a jittery connection, some are delayed. Both have to arrive in time.
        """
        burst = min(_BURST_EXTRA_TICKS_MAX, max(0.0, self._burst_ticks - _BURST_FREE_TICKS))
        spread = max(0.0, self._shortfall.value - _SPREAD_FREE_TICKS)
        return MARGIN_TARGET_TICKS + max(burst, spread)

    @property
    def jitter_ticks(self) -> float:
        """How much snapshot arrival times vary."""
        return self._arrival.jitter_ticks

    @property
    def delay_ticks(self) -> float:
        """How far behind the newest snapshot the others are drawn."""
        return self._arrival.shown_delay_ticks

    def interpolation_tick(self, now_s: float) -> float:
        """The tick the others are drawn at."""
        return self._arrival.interpolation_tick(now_s)

    def _start(self, predicted_tick: float, now_s: float) -> None:
        self.predicted_tick = predicted_tick
        self._advanced_at_s = self._started_at_s = now_s
        self.rate = 0.0
        self._margins_from_tick = ceil(predicted_tick)  # no earlier tick has an input of ours

    def _follow(self, margin: int, now_s: float) -> None:
        if self._is_off(margin, now_s):
            return
        smoothed = float(margin) if self.margin_ticks is None else self.margin_ticks
        self.margin_ticks = smoothed + (margin - smoothed) * _MARGIN_SHARE
        self._shortfall.add(self.margin_ticks - margin)
        wrong = self.margin_target_ticks - self.margin_ticks
        self.rate = max(-RATE_MAX, min(RATE_MAX, wrong * _RATE_PER_TICK))

    def _is_off(self, margin: int, now_s: float) -> bool:
        """Whether this margin is no use for steering; jumps when all are like this for a while."""
        is_first = self.margin_ticks is None  # so no margin says that it was ever better
        is_far = not _LATE_RESYNC_TICKS <= margin <= _EARLY_RESYNC_TICKS
        if not is_far:
            self._off_since_s = None
            is_new_road = is_first or now_s - self._started_at_s < _NEW_ROAD_S
            if not is_new_road or margin >= self.margin_target_ticks - _NEW_ROAD_TICKS:
                return False
        if self._off_since_s is None:
            self._off_since_s, self._off_margin = now_s, margin
        self._off_margin = max(self._off_margin, margin)
        if is_far and not is_first and now_s - self._off_since_s < _RESYNC_AFTER_S:
            return True
        self.predicted_tick += self.margin_target_ticks - self._off_margin
        self.resyncs += 1
        self.margin_ticks = None
        self._off_since_s = None
        self.rate = 0.0
        # Margins in flight are about inputs from before the jump.
        self._margins_from_tick = ceil(self.predicted_tick) + 2
        return True

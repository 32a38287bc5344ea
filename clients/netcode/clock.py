"""The current tick, for the local player (`predicted_tick`) and others (`interpolation_tick`).

Owns: the lead over the server, adjusted by how early the server says inputs arrive. Must not know:
the world, any real clock. Invariants: `predicted_tick` never goes back except in a resync, and one
`advance` asks for at most `STEPS_MAX` ticks however long the program slept; messages delayed by a
stall cause no jump.
"""

from math import ceil, floor

from attrs import define, field

from clients.netcode.arrival import Arrival
from clients.netcode.quantile import Quantile
from clients.netcode.tuning import (
    BURST_EXTRA_TICKS_MAX,
    BURST_FORGOTTEN_PER_TICK,
    BURST_FREE_TICKS,
    EARLY_RESYNC_TICKS,
    IN_TIME_SHARE,
    LATE_RESYNC_TICKS,
    LEAD_TICKS_START,
    MARGIN_SHARE,
    MARGIN_TARGET_TICKS,
    NEW_CONNECTION_S,
    NEW_CONNECTION_TICKS,
    RATE_MAX,
    RATE_PER_TICK,
    RESYNC_AFTER_S,
    SPREAD_FREE_TICKS,
    SPREAD_TICKS_MAX,
    STEPS_AFTER_GAP,
    STEPS_MAX,
)
from game.tuning import TICKS_PER_SECOND


@define
class Clock:
    """One connection's sense of time. All `now_s` are of one monotonic clock."""

    round_trip_s: float = 0.0  # as far as it is known before the first snapshot
    predicted_tick: float = 0.0  # the local player's tick, with its fraction
    resync_count: int = 0
    margin_ticks: float | None = None  # recent reports of the server, smoothed
    rate: float = 0.0  # how much faster than real time; negative: slower
    _arrival: Arrival = field(factory=Arrival)
    _advanced_at_s: float = 0.0
    _started_at_s: float = 0.0
    _margins_from_tick: int = 0
    _shortfall: Quantile = field(
        factory=lambda: Quantile(IN_TIME_SHARE, SPREAD_TICKS_MAX + SPREAD_FREE_TICKS)
    )
    _off_since_s: float | None = None  # since then, margins are off by more than speed can correct
    _off_margin: int = 0  # the best of these margins
    _burst_ticks: float = 0.0  # the most ticks in one recent frame

    def snapshot(self, tick: int, margin: int | None, now_s: float) -> None:
        """Take in a snapshot of `tick`. `margin` None: it says nothing about our inputs."""
        was_synced = self._arrival.is_synced
        first_lead = LEAD_TICKS_START + self.round_trip_s * TICKS_PER_SECOND
        lead = first_lead
        if was_synced:
            lead = max(1.0, self.predicted_tick - self._arrival.arrival_tick(self._advanced_at_s))
        if self._arrival.snapshot(tick, now_s):
            self.resync_count += was_synced
            self._start(tick + lead, now_s)
            return
        since_frame_ticks = max(0.0, now_s - self._advanced_at_s) * TICKS_PER_SECOND
        if self.predicted_tick + since_frame_ticks <= tick:
            # The server has reached the tick of our next inputs: the first snapshots were delayed.
            self.resync_count += 1
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
            self.resync_count += 1
            return STEPS_AFTER_GAP
        self.predicted_tick += passed_ticks * (1 + self.rate)
        steps = floor(self.predicted_tick) - before
        forgotten = passed_ticks * BURST_FORGOTTEN_PER_TICK
        self._burst_ticks = max(float(steps), self._burst_ticks - forgotten)
        return steps

    @property
    def margin_target_ticks(self) -> float:
        """How early inputs should arrive.

        With slow frames, several ticks are sampled at once, and the first of them has waited the
        longest; on a jittery connection, some are delayed. Both have to arrive in time.
        """
        burst = min(BURST_EXTRA_TICKS_MAX, max(0.0, self._burst_ticks - BURST_FREE_TICKS))
        spread = max(0.0, self._shortfall.value - SPREAD_FREE_TICKS)
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
        self.margin_ticks = smoothed + (margin - smoothed) * MARGIN_SHARE
        self._shortfall.add(self.margin_ticks - margin)
        wrong = self.margin_target_ticks - self.margin_ticks
        self.rate = max(-RATE_MAX, min(RATE_MAX, wrong * RATE_PER_TICK))

    def _is_off(self, margin: int, now_s: float) -> bool:
        """Whether this margin is useless for steering; jumps when all are useless for a while."""
        is_first = self.margin_ticks is None  # so no margin says that it was ever better
        is_far = not LATE_RESYNC_TICKS <= margin <= EARLY_RESYNC_TICKS
        if not is_far:
            self._off_since_s = None
            is_new = is_first or now_s - self._started_at_s < NEW_CONNECTION_S
            if not is_new or margin >= self.margin_target_ticks - NEW_CONNECTION_TICKS:
                return False
        if self._off_since_s is None:
            self._off_since_s, self._off_margin = now_s, margin
        self._off_margin = max(self._off_margin, margin)
        if is_far and not is_first and now_s - self._off_since_s < RESYNC_AFTER_S:
            return True
        self.predicted_tick += self.margin_target_ticks - self._off_margin
        self.resync_count += 1
        self.margin_ticks = None
        self._off_since_s = None
        self.rate = 0.0
        # Margins in flight are about inputs from before the jump.
        self._margins_from_tick = ceil(self.predicted_tick) + 2
        return True

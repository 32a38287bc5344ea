"""The clock of a process: it stands still while the process is paused.

Owns: how much of the elapsed time this process was running. Must not know: what is timed.
Invariants: it never goes back; a pause of the process (a container or a machine that was stopped, a
processor that others were using) moves it by less than `PAUSE_MIN_S`, however long it was.

Each deadline, heartbeat, watchdog and window of a server is measured by the clock of its loop. So
none of them has to allow for pauses: silence counts only while the process could have heard.
"""

import os
import time
from collections.abc import Callable

import structlog
import trio
from attrs import define, field

NAP_S = 0.5  # the loop looks at the clock this often, even when nothing is due
PAUSE_MIN_S = 1.0  # anything shorter is ordinary lateness on a busy machine
LOOK_EVERY_S = 0.1  # how often a busy loop reads its processor time

log = structlog.get_logger("process")


@define(eq=False)
class AwakeTime:
    """Seconds that this process was awake. It has to be read at least every `NAP_S`.

    Time between two readings was a pause, unless this thread used the processor meanwhile.
    """

    passed_s: Callable[[], float] = time.perf_counter
    worked_s: Callable[[], float] = time.thread_time
    on_pause: Callable[[float], None] = lambda _: None
    paused_s: float = field(default=0.0, init=False)
    _looked_s: float = field(init=False)
    _worked_s: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin awake."""
        self._looked_s, self._worked_s = self.passed_s(), self.worked_s()

    def now_s(self) -> float:
        """The time, without the pauses."""
        passed_s = self.passed_s()
        if passed_s - self._looked_s >= LOOK_EVERY_S:
            self._look(passed_s)
        return passed_s - self.paused_s

    def _look(self, passed_s: float) -> None:
        worked_s = self.worked_s()
        idle_s = passed_s - self._looked_s - (worked_s - self._worked_s)
        self._looked_s, self._worked_s = passed_s, worked_s
        if idle_s >= PAUSE_MIN_S:
            # The margin covers time reported since the last look, and rounding: no going back.
            self.paused_s += idle_s - 2 * LOOK_EVERY_S
            self.on_pause(idle_s)


@define(eq=False)
class AwakeClock(trio.abc.Clock):
    """The same clock for `trio.run`."""

    awake_time: AwakeTime = field(factory=lambda: AwakeTime(on_pause=log_pause))

    def start_clock(self) -> None:
        """It runs already."""

    def current_time(self) -> float:
        """See `AwakeTime.now_s`."""
        return self.awake_time.now_s()

    def deadline_to_sleep_time(self, deadline: float) -> float:
        """How long the loop may sleep: a nap, after which it looks at the clock again."""
        return min(NAP_S, deadline - self.awake_time.now_s())


def log_pause(pause_s: float) -> None:
    """Log the pause, which explains why players lost contact."""
    log.warning("paused", pid=os.getpid(), for_s=round(pause_s, 1))

"""One beat of a match: the ticks up to the next snapshot, timed and guarded.

Owns: the counters of a beat, and the border at which a match's fault stops. Must not know: Trio, or
when a beat is due (`metronome.py` does). Invariant: a fault in one match reaches no other.
"""

from collections.abc import Callable
from typing import Final, Protocol

from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from server.match.counters import MatchCounters
from server.match.crash_marker import CrashMarker, mark_of
from server.match.match import Match

TICK_S: Final = 1 / TICKS_PER_SECOND
SHIFT_S: Final = 0.0001  # the most that a match's offset changes from one beat to the next
USUAL_SHARE: Final = 1 / 16  # weight of the newest beat in the usual duration


class News(Protocol):
    """Wakes the task that waits for news of a match: a Trio event."""

    def set(self) -> None:
        """Report that there is news."""

    async def wait(self) -> None:
        """Wait until there is news."""


class Beat:
    """One match's place in the clock."""

    def __init__(self, match: Match, counters: MatchCounters, news: News) -> None:
        """`news` is set when the match has results, has ended, or has failed."""
        self.match = match
        self.counters = counters
        self.news = news
        self.mark = mark_of(match.spec.match_id)
        self.usual_s = 0.0  # the usual duration of its beats
        self.offset_s = 0.0  # how long after the first match's beat it is due

    def run(self, deadline_s: float, began_s: float, now_s: Callable[[], float]) -> float:
        """Run the ticks up to the snapshot that is due at `deadline_s`; an exception becomes the
        match's failure. `began_s` is the current time; returns the time at the end.
        """
        match, counters = self.match, self.counters
        if match.ended_reason:  # its journal is closed, so another tick would not be in it
            self.news.set()
            return began_s
        late_s = began_s - deadline_s
        counters.last_tick_s = began_s
        counters.lateness_s.observe(late_s if late_s > 0.0 else 0.0)
        if late_s > TICK_S:
            counters.ticks_late += SNAPSHOT_EVERY_TICKS
        try:
            for _ in range(SNAPSHOT_EVERY_TICKS):
                counters.ticks += 1
                match.advance()
                if match.ended_reason:
                    break
                if match.world.tick % SNAPSHOT_EVERY_TICKS == 0 and match.was_visited:
                    break
        except Exception as error:  # the border of a match: it ends, and nothing else does
            match.failure = error
        ended_s = now_s()
        took_s = ended_s - began_s
        counters.duration_s.observe(took_s)
        self.usual_s += (took_s - self.usual_s) * USUAL_SHARE
        if match.results or match.ended_reason or match.failure is not None:
            self.news.set()
        return ended_s

    def shift(self, due_s: float) -> None:
        """Move the offset a little towards `due_s`."""
        self.offset_s += max(-SHIFT_S, min(SHIFT_S, due_s - self.offset_s))


def run_beats(
    beats: list[Beat],
    deadline_s: float,
    now_s: Callable[[], float],
    crash_marker: CrashMarker | None,
) -> None:
    """Run a beat of each match, the first of them due at `deadline_s`."""
    done_s, time_s = 0.0, now_s()
    for beat in beats.copy():
        if crash_marker is not None:
            crash_marker.enter(beat.mark)
        time_s = beat.run(deadline_s + beat.offset_s, time_s, now_s)
        beat.shift(done_s)
        done_s += beat.usual_s
    if crash_marker is not None:
        crash_marker.leave()

"""What a match does in one beat: the ticks up to the next snapshot, timed and guarded.

Owns: what a beat counts, and the border at which a match's fault stops. Must not know: Trio, or
when a beat is due: that is `metronome.py`. Invariant: a fault in one match reaches no other.
"""

from collections.abc import Callable
from typing import Final, Protocol

from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from server.match.at_work import AtWork, mark_of
from server.match.counters import MatchCounters
from server.match.match import Match

TICK_S: Final = 1 / TICKS_PER_SECOND
SHIFT_S: Final = 0.0001  # a match's time moves at most so far from one beat to the next
USUAL_SHARE: Final = 1 / 16  # of the newest beat, in what a beat usually takes


class News(Protocol):
    """Wakes the task that waits for what a match has to say: a Trio event."""

    def set(self) -> None:
        """There is something."""

    async def wait(self) -> None:
        """Return when there is."""


class Beat:
    """One match's place in the clock."""

    def __init__(self, match: Match, counters: MatchCounters, news: News) -> None:
        """`news` is set when the match has results, has ended, or has failed."""
        self.match = match
        self.counters = counters
        self.news = news
        self.mark = mark_of(match.spec.match_id)
        self.usual_s = 0.0  # how long a beat of it usually takes
        self.offset_s = 0.0  # how long after the first it is due

    def run(self, deadline_s: float, began_s: float, now_s: Callable[[], float]) -> float:
        """Run the ticks up to the snapshot that is due at `deadline_s`; what they raise becomes the
        match's failure. It is `began_s` now; returns the time when they are done.
        """
        match, counters = self.match, self.counters
        if match.ended_reason:  # its journal is closed: a further tick would be in none
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
        """Come a little closer to being due so long after the first."""
        self.offset_s += max(-SHIFT_S, min(SHIFT_S, due_s - self.offset_s))


def run_beats(
    beats: list[Beat], deadline_s: float, now_s: Callable[[], float], at_work: AtWork | None
) -> None:
    """Run a beat of each match, the first of them due at `deadline_s`."""
    done_s, time_s = 0.0, now_s()
    for beat in beats.copy():
        if at_work is not None:
            at_work.enter(beat.mark)
        time_s = beat.run(deadline_s + beat.offset_s, time_s, now_s)
        beat.shift(done_s)
        done_s += beat.usual_s
    if at_work is not None:
        at_work.leave()

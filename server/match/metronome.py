"""One clock for all matches of a process: few wake-ups, and each runs the ticks that are due.

Owns: when a tick runs. Must not know: what a tick does. Invariant: the beats of a match are due at
absolute times, a beat's length apart, whatever any tick takes; a fault in one match reaches no
other.

Nobody is told anything between two snapshots, so the ticks from one to the next run in one beat,
when the snapshot is due: each sees all inputs that it would have seen at its own time, and those
that came a little late as well. A process that wakes finds cold caches, so it wakes once for a
beat, and all matches run one after the other (docs/experiments/metronome.md). A match does not care
at which moments it ticks, only that they are evenly spaced: each is due when those before it are
usually done, and when they get slower or fewer, its time moves too slowly to be seen.
"""

from collections.abc import Callable
from typing import Protocol

import trio
from attrs import define, field

from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from server.match.counters import MatchCounters
from server.match.journal_files import mark_of
from server.match.match import Match
from server.match.members import Readiness
from server.match.reception import note_ready

TICK_S = 1 / TICKS_PER_SECOND
BEAT_S = SNAPSHOT_EVERY_TICKS * TICK_S
EARLY_S = 0.0005  # a sleep ends so early, for it may end up to a millisecond late
SHIFT_S = 0.0001  # a match's time moves at most so far from one beat to the next
USUAL_SHARE = 1 / 16  # of the newest beat, in what a beat usually takes
BEHIND_MAX_S = 0.25  # further behind than this, time is given up rather than run after


@define(eq=False)
class Beat:
    """One match's place in the clock."""

    match: Match
    counters: MatchCounters
    mark: bytes = b""
    usual_s: float = 0.0  # what a beat of it takes
    offset_s: float = 0.0  # how long after the first it is due
    _news: trio.Event = field(factory=trio.Event)

    def run(self, deadline: float, began: float) -> float:
        """Run the ticks up to the snapshot that is due at `deadline`; what they raise becomes the
        match's failure. It is `began` now; returns the time when they are done.
        """
        match, counters = self.match, self.counters
        if match.ended_reason:  # its journal is closed: what came now would be in none
            self._news.set()
            return began
        counters.last_tick_s = began
        counters.lateness_s.observe(max(0.0, began - deadline))
        if began - deadline > TICK_S:
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
        ended = trio.current_time()
        took_s = ended - began
        counters.duration_s.observe(took_s)
        self.usual_s += (took_s - self.usual_s) * USUAL_SHARE
        if match.results or match.ended_reason or match.failure is not None:
            self._news.set()
        return ended

    def shift(self, due_s: float) -> None:
        """Come a little closer to being due so long after the first."""
        self.offset_s += max(-SHIFT_S, min(SHIFT_S, due_s - self.offset_s))

    async def wait_news(self) -> None:
        """Wait until the match has results, has ended, or has failed."""
        await self._news.wait()
        self._news = trio.Event()


class AtWork(Protocol):
    """Who is told which match is at work, for the case that it ends the process."""

    def enter(self, mark: bytes) -> None:
        """This one, from now on."""

    def leave(self) -> None:
        """None."""


@define(eq=False)
class Metronome:
    """See the module. `run` has to be running for anything to tick; `readiness` is asked once for
    all sockets of all matches.
    """

    counters: MatchCounters
    readiness: Readiness
    at_work: AtWork | None = None
    _beats: list[Beat] = field(factory=list)
    _joined: trio.Event = field(factory=trio.Event)

    def join(self, make_match: Callable[[Readiness], Match]) -> Beat:
        """Make a match whose sockets are watched here, and let it tick."""
        match = make_match(self.readiness)
        beat = Beat(match, self.counters, mark_of(match.spec.match_id))
        self._beats.append(beat)
        self._joined.set()
        return beat

    @property
    def load(self) -> float:
        """Part of a core that the ticks of all matches usually take."""
        return sum(beat.usual_s for beat in self._beats) / BEAT_S

    def leave(self, beat: Beat) -> None:
        """No further tick of it."""
        if beat in self._beats:
            self._beats.remove(beat)

    async def run(self) -> None:
        """Tick until cancelled; sleep while there is no match."""
        try:
            while True:
                await self._joined.wait()
                await self._run_beats()
                self._joined = trio.Event()
        finally:
            self.readiness.close()

    async def _run_beats(self) -> None:
        start, number = trio.current_time(), 0
        while self._beats:
            number += 1
            deadline = start + number * BEAT_S
            await trio.sleep_until(deadline - EARLY_S)
            behind_s = trio.current_time() - deadline
            if behind_s > BEHIND_MAX_S:
                start += behind_s
                deadline += behind_s
                self.counters.ticks_abandoned += int(behind_s / TICK_S) * len(self._beats)
            self._beat(deadline)

    def _beat(self, deadline: float) -> None:
        """Tell each match which of its sockets have bytes, then tick.

        A match drains as the first thing of its tick, not all before any: what belongs to a
        match is touched once, and is still in the processor's cache when it is stepped.
        """
        note_ready(self.readiness.ready_nowait())
        done_s, now_s = 0.0, trio.current_time()
        for beat in tuple(self._beats):
            if self.at_work is not None:
                self.at_work.enter(beat.mark)
            now_s = beat.run(deadline + beat.offset_s, now_s)
            beat.shift(done_s)
            done_s += beat.usual_s
        if self.at_work is not None:
            self.at_work.leave()

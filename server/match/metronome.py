"""One clock for all matches of a process: few wake-ups, and each runs the ticks that are due.

Owns: when a tick runs. Must not know: what a tick does. Invariant: the beats of a match are due at
absolute times, a beat's length apart, however long any tick takes; a fault in one match reaches no
other.

Nothing is sent between two snapshots, so the ticks from one to the next run in one beat, when the
snapshot is due. Each tick sees all inputs that it would have seen at its own time, and those that
came a little late as well. A process that wakes finds cold caches, so it wakes once per beat, and
all matches run one after the other (docs/experiments/metronome.md). The moments at which a match
ticks do not matter, only that they are evenly spaced. Each match is due when those before it are
usually done; when they get slower or fewer, its offset changes too slowly to be noticed.
"""

from collections.abc import Callable

import trio
from attrs import define, field

from game.tuning import SNAPSHOT_EVERY_TICKS
from server.match.beat import TICK_S, Beat, run_beats
from server.match.counters import MatchCounters
from server.match.crash_marker import CrashMarker
from server.match.match import Match
from server.match.members import Readiness
from server.match.receiver import note_ready

BEAT_S = SNAPSHOT_EVERY_TICKS * TICK_S
EARLY_S = 0.0005  # a sleep is this much shorter, because it may end up to a millisecond late
BEHIND_MAX_S = 0.25  # further behind than this, ticks are abandoned instead of caught up


@define(eq=False)
class Metronome:
    """See the module. Matches tick only while `run` is running; `readiness` is queried once for all
    sockets of all matches.
    """

    counters: MatchCounters
    readiness: Readiness
    crash_marker: CrashMarker | None = None
    _beats: list[Beat] = field(factory=list)
    _joined: trio.Event = field(factory=trio.Event)

    def join(self, make_match: Callable[[Readiness], Match]) -> Beat:
        """Make a match whose sockets are watched here, and start its beats."""
        match = make_match(self.readiness)
        beat = Beat(match, self.counters, trio.Event())
        self._beats.append(beat)
        self._joined.set()
        return beat

    @property
    def load(self) -> float:
        """Part of a core that the ticks of all matches usually take."""
        return sum(beat.usual_s for beat in self._beats) / BEAT_S

    def leave(self, beat: Beat) -> None:
        """Stop the beats of a match."""
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
        now_s = trio.lowlevel.current_clock().current_time
        start, number = now_s(), 0
        while self._beats:
            number += 1
            deadline = start + number * BEAT_S
            await trio.sleep_until(deadline - EARLY_S)
            behind_s = now_s() - deadline
            if behind_s > BEHIND_MAX_S:
                start += behind_s
                deadline += behind_s
                self.counters.ticks_abandoned += int(behind_s / TICK_S) * len(self._beats)
            # Each match drains its sockets at the start of its own tick: its memory is touched
            # once, and is still in the processor's cache when the match is stepped.
            note_ready(self.readiness.ready_nowait())
            run_beats(self._beats, deadline, now_s, self.crash_marker)


async def wait_news(beat: Beat) -> None:
    """Wait until the match has results, has ended, or has failed."""
    await beat.news.wait()
    beat.news = trio.Event()

"""One clock for all matches of a process: few wake-ups, and each runs the ticks that are due.

Owns: when a tick runs. Must not know: what a tick does. Invariant: the ticks of a match are due at
absolute times, a tick length apart, whatever any tick takes; a fault in one match reaches no other.

Waking a task costs some 70 µs in a busy process, a tick of 16 players 500: a task per match spent a
sixth of its time on waking up (docs/experiments/metronome.md). So a tick is cut into `SLOTS`; a
match takes the emptiest when it comes, and all matches of a slot run one after the other.
"""

import trio
from attrs import define, field

from game.tuning import TICKS_PER_SECOND
from server.match.counters import MatchCounters
from server.match.match import Match

TICK_S = 1 / TICKS_PER_SECOND
SLOTS = 4
SLOT_S = TICK_S / SLOTS
BEHIND_MAX_S = 0.25  # further behind than this, time is given up rather than run after


@define(eq=False)
class Beat:
    """One match's place in the clock."""

    match: Match
    counters: MatchCounters
    failure: Exception | None = None
    _news: trio.Event = field(factory=trio.Event)

    def tick(self, deadline: float) -> None:
        """Run the tick that was due at `deadline`; what it raises waits in `failure`."""
        counters = self.counters
        began = trio.current_time()
        counters.ticks += 1
        counters.last_tick_s = began
        counters.lateness_s.observe(began - deadline)
        if began - deadline > TICK_S:
            counters.ticks_late += 1
        try:
            self.match.advance()
        except Exception as error:  # the border of a match: it ends, and nothing else does
            self.failure = error
        counters.duration_s.observe(trio.current_time() - began)
        if self.failure is not None or self.match.results or self.match.ended_reason:
            self._news.set()

    async def wait_news(self) -> None:
        """Wait until the match has results, has ended, or has failed."""
        await self._news.wait()
        self._news = trio.Event()


@define(eq=False)
class Metronome:
    """See the module. `run` has to be running for anything to tick."""

    counters: MatchCounters
    _slots: tuple[list[Beat], ...] = field(factory=lambda: tuple([] for _ in range(SLOTS)))
    _joined: trio.Event = field(factory=trio.Event)

    def join(self, match: Match) -> Beat:
        """Let `match` tick from now on."""
        beat = Beat(match, self.counters)
        min(self._slots, key=len).append(beat)
        self._joined.set()
        return beat

    def leave(self, beat: Beat) -> None:
        """No further tick of it."""
        for slot in self._slots:
            if beat in slot:
                slot.remove(beat)

    async def run(self) -> None:
        """Tick until cancelled; sleep while there is no match."""
        while True:
            await self._joined.wait()
            await self._run_slots()
            self._joined = trio.Event()

    async def _run_slots(self) -> None:
        start, number = trio.current_time(), 0
        while any(self._slots):
            number += 1
            slot = self._slots[number % SLOTS]
            if not slot:
                continue
            deadline = start + number * SLOT_S
            await trio.sleep_until(deadline)
            behind_s = trio.current_time() - deadline
            if behind_s > BEHIND_MAX_S:
                start += behind_s
                deadline += behind_s
                match_count = sum(map(len, self._slots))
                self.counters.ticks_abandoned += int(behind_s / TICK_S) * match_count
            for beat in tuple(slot):
                beat.tick(deadline)

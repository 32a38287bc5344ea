"""The rounds being watched, finished or of a running match: one source for all viewers of a round.

Owns: how much of a round may be seen yet. Must not know: sockets, viewers, Trio (the time is passed
in). Invariants: nobody sees a tick of a running match until `delay_s` after it was played, even
once the match has ended; a round is in memory once for each delay, however many watch it, and only
while somebody does.
"""

from collections.abc import Callable, Hashable
from weakref import WeakValueDictionary

from attrs import define, field

from game.arena import Arena
from game.journal import Header
from game.tuning import TICKS_PER_SECOND
from server.replays.reel import Reel
from server.replays.tail import Tail

POLL_EVERY_S = 0.08


@define(eq=False)
class Source:
    """With `tail` None the round is over, and what is not in `reel` yet is in `segments`."""

    reel: Reel
    tail: Tail | None = None
    delay_s: int = 0
    segments: list[bytes] = field(factory=list)
    open_round: Callable[[Tail, int], "Source"] | None = None  # see `Sources.running`
    _has_begun: bool = field(default=False, init=False)
    _is_looked_at: bool = field(default=True, init=False)  # whether all that was read is indexed
    _polled_s: float = field(default=float("-inf"), init=False)
    _ended_s: float | None = field(default=None, init=False)

    @property
    def may_grow(self) -> bool:
        """Whether `last_tick` may change."""
        return self.tail is not None

    def poll(self, now_s: float) -> bool:
        """Read what was written since; return whether there is anything new to index."""
        if self.tail is None or now_s < self._polled_s + POLL_EVERY_S:
            return False
        self._polled_s = now_s
        has_grown = self.take_in()
        if not self.reel.is_live and self._ended_s is None:
            self._ended_s = now_s
        return has_grown

    def take_in(self) -> bool:
        """Read more, once everything read before is indexed; return whether there is anything to
        index.
        """
        if self._is_looked_at:
            has_grown = self._read()
            self._is_looked_at = not has_grown
        return not self._is_looked_at

    def look(self, records: int) -> bool:
        """Index a few more records; False when none is left. Raises `RecordingError`."""
        is_left = self.reel.index(records)
        self._is_looked_at = not is_left
        return is_left

    def last_tick(self, now_s: float) -> int:
        """Return the last tick that may be seen."""
        reel = self.reel
        if self.tail is None:
            return reel.last_tick
        left_s = float(self.delay_s)
        if self._ended_s is not None:
            left_s = max(0.0, left_s - (now_s - self._ended_s))
        return max(reel.first_tick, reel.last_tick - round(left_s * TICKS_PER_SECOND))

    def following(self) -> "Source | None":
        """Return the next round of a running match, once this one is over and the next began."""
        if self.tail is None or self.reel.is_live or self.open_round is None:
            return None
        tail = self.tail.next_round()
        return self.open_round(tail, self.delay_s) if tail is not None else None

    def _read(self) -> bool:
        if self.tail is not None:
            return self.tail.read(self.reel)
        if not self.segments:
            return False
        if self._has_begun:
            self.reel.begin_segment()
        self._has_begun = True
        self.reel.feed(self.segments.pop(0))
        return True


@define(eq=False)
class Sources:
    """The rounds being watched. `arena_of` is passed to each reel."""

    arena_of: Callable[[Header], Arena]
    _watched: "WeakValueDictionary[Hashable, Source]" = field(factory=WeakValueDictionary)

    def __len__(self) -> int:
        """How many rounds are in memory."""
        return len(self._watched)

    def known(self, name: str) -> Source | None:
        """Return the source of a finished round, if somebody watches it."""
        return self._watched.get(name)

    def finished(self, name: str, segments: list[bytes]) -> Source:
        """Return the source of a finished round, whose files hold `segments`."""
        return self._watched.setdefault(name, Source(Reel(self.arena_of), segments=segments))

    def running(self, tail: Tail, delay_s: int) -> Source:
        """Return the source of a running match's round; each delay has its own."""
        source = Source(
            *(Reel(self.arena_of, is_live=True), tail, delay_s), open_round=self.running
        )
        return self._watched.setdefault((tail.match_id, tail.round_number, delay_s), source)

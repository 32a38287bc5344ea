"""Rounds that are watched now, one source for all viewers of a round: over, or of a running match.

Owns: how much of a round may be seen yet. Must not know: sockets, viewers, Trio (it is told the
time). Invariants: nobody sees a tick of a running match before `delay_s` have passed since it was
played, the seconds after its end included; a round is in memory once, however many watch it, and
only while somebody does.
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
    """`tail` None: the round is over, and what is not in `reel` yet is in `segments`."""

    reel: Reel
    tail: Tail | None = None
    delay_s: int = 0
    segments: list[bytes] = field(factory=list)
    open_round: Callable[[Tail, int], "Source"] | None = None  # see `Sources.running`
    _has_begun: bool = field(default=False, init=False)
    _is_looked_at: bool = field(default=True, init=False)  # all that was taken in
    _polled_s: float = field(default=float("-inf"), init=False)
    _ended_s: float | None = field(default=None, init=False)

    @property
    def may_grow(self) -> bool:
        """Whether it has to be asked again how much may be seen."""
        return self.tail is not None

    def poll(self, now_s: float) -> bool:
        """Take in what was played since; whether there is anything new to look at."""
        if self.tail is None or now_s < self._polled_s + POLL_EVERY_S:
            return False
        self._polled_s = now_s
        has_grown = self.take_in()
        if not self.reel.is_live and self._ended_s is None:
            self._ended_s = now_s
        return has_grown

    def take_in(self) -> bool:
        """Read on, if there is anything, once all that was read before has been looked at; whether
        there is anything to look at.
        """
        if self._is_looked_at:
            has_grown = self._read()
            self._is_looked_at = not has_grown
        return not self._is_looked_at

    def look(self, records: int) -> bool:
        """Look at a few more records; False when none is left. Raises `RecordingError`."""
        is_left = self.reel.index(records)
        self._is_looked_at = not is_left
        return is_left

    def last_tick(self, now_s: float) -> int:
        """The last tick that may be seen."""
        reel = self.reel
        if self.tail is None:
            return reel.last_tick
        left_s = float(self.delay_s)
        if self._ended_s is not None:
            left_s = max(0.0, left_s - (now_s - self._ended_s))
        return max(reel.first_tick, reel.last_tick - round(left_s * TICKS_PER_SECOND))

    def following(self) -> "Source | None":
        """The next round of a running match, once this one is over and there is another."""
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
    """The rounds that somebody watches. `arena_of` is a reel's."""

    arena_of: Callable[[Header], Arena]
    _watched: "WeakValueDictionary[Hashable, Source]" = field(factory=WeakValueDictionary)

    def __len__(self) -> int:
        """How many rounds are in memory."""
        return len(self._watched)

    def known(self, name: str) -> Source | None:
        """A finished round, if somebody watches it."""
        return self._watched.get(name)

    def finished(self, name: str, segments: list[bytes]) -> Source:
        """The one of a finished round, whose files hold `segments`."""
        return self._watched.setdefault(name, Source(Reel(self.arena_of), segments=segments))

    def running(self, tail: Tail, delay_s: int) -> Source:
        """The one of a running match's round. Viewers with another delay have one of their own."""
        source = Source(
            *(Reel(self.arena_of, is_live=True), tail, delay_s), open_round=self.running
        )
        return self._watched.setdefault((tail.match_id, tail.round_number, delay_s), source)

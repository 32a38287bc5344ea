"""The rounds being watched, finished or of a running match: one source for all viewers of a round.

Owns: which file of a running match comes next, and how much of a round may be seen yet. Must not
know: sockets, viewers, Trio (the time is passed in). Invariants: nobody sees a tick of a running
match until `delay_s` after it was played, even once the match has ended; a round is in memory once
for each delay, however many watch it, and only while somebody does.
"""

from collections.abc import Callable, Hashable
from weakref import WeakValueDictionary

from attrs import define, field

from game.arena import Arena
from game.journal import Header
from game.tuning import TICKS_PER_SECOND
from server.replays.archive import Archive
from server.replays.index import RoundIndex
from server.replays.recording import read_growing

POLL_EVERY_S = 0.08
READ_BYTES = 1 << 18  # per read


@define(eq=False)
class JournalFollower:
    """The journal of a running match, followed as it grows. It only reads, and never affects the
    match, in this process or another.

    Begins with the newest round of the match, or with the first from `round_number` on.
    """

    archive: Archive
    match_id: str
    round_number: int = -1
    _segment: int = field(default=-1, init=False)
    _offset: int = field(default=0, init=False)

    def find(self) -> bool:
        """Find the first file; False when there is none. Must be called before `read`."""
        places = self.archive.live_segments(self.match_id)
        rounds = [number for number, _ in places if number >= self.round_number]
        if not rounds:
            return False
        self.round_number = max(rounds) if self.round_number < 0 else min(rounds)
        self._segment = min(segment for number, segment in places if number == self.round_number)
        return True

    def read(self, index: RoundIndex) -> bool:
        """Feed what was written since the last call; False when there was nothing."""
        places = self.archive.live_segments(self.match_id)
        path = places.get((self.round_number, self._segment))
        data = b""
        if path is not None:
            try:
                data = read_growing(path, self._offset, READ_BYTES)
            except OSError:
                data = b""  # moved away since it was listed
        if data:
            self._offset += len(data)
            index.feed(data)
            return True
        if (self.round_number, self._segment + 1) in places:
            self._segment, self._offset = self._segment + 1, 0
            index.begin_segment()
            return True
        has_later = any(number > self.round_number for number, _ in places)
        index.is_live = path is not None and not has_later
        return False

    def next_round(self) -> "JournalFollower | None":
        """Return the round after this one, or None before it has begun."""
        follower = JournalFollower(self.archive, self.match_id, self.round_number + 1)
        return follower if follower.find() else None


@define(eq=False)
class RoundSource:
    """With `follower` None the round is over, and what is not in `index` yet is in `segments`."""

    index: RoundIndex
    follower: JournalFollower | None = None
    delay_s: int = 0
    segments: list[bytes] = field(factory=list)
    # See `RoundSources.running`.
    open_round: Callable[[JournalFollower, int], "RoundSource"] | None = None
    _has_begun: bool = field(default=False, init=False)
    _is_indexed: bool = field(default=True, init=False)  # whether all that was read is indexed
    _polled_s: float = field(default=float("-inf"), init=False)
    _ended_s: float | None = field(default=None, init=False)

    @property
    def may_grow(self) -> bool:
        """Whether `last_tick` may change."""
        return self.follower is not None

    def poll(self, now_s: float) -> bool:
        """Read what was written since; return whether there is anything new to index."""
        if self.follower is None or now_s < self._polled_s + POLL_EVERY_S:
            return False
        self._polled_s = now_s
        has_grown = self.read_more()
        if not self.index.is_live and self._ended_s is None:
            self._ended_s = now_s
        return has_grown

    def read_more(self) -> bool:
        """Read more, once everything read before is indexed; return whether there is anything to
        index.
        """
        if self._is_indexed:
            has_grown = self._read()
            self._is_indexed = not has_grown
        return not self._is_indexed

    def index_records(self, records: int) -> bool:
        """Index a few more records; False when none is left. Raises `RecordingError`."""
        is_left = self.index.read_records(records)
        self._is_indexed = not is_left
        return is_left

    def last_tick(self, now_s: float) -> int:
        """Return the last tick that may be seen."""
        index = self.index
        if self.follower is None:
            return index.last_tick
        left_s = float(self.delay_s)
        if self._ended_s is not None:
            left_s = max(0.0, left_s - (now_s - self._ended_s))
        return max(index.first_tick, index.last_tick - round(left_s * TICKS_PER_SECOND))

    def next_source(self) -> "RoundSource | None":
        """Return the next round of a running match, once this one is over and the next began."""
        if self.follower is None or self.index.is_live or self.open_round is None:
            return None
        follower = self.follower.next_round()
        return self.open_round(follower, self.delay_s) if follower is not None else None

    def _read(self) -> bool:
        if self.follower is not None:
            return self.follower.read(self.index)
        if not self.segments:
            return False
        if self._has_begun:
            self.index.begin_segment()
        self._has_begun = True
        self.index.feed(self.segments.pop(0))
        return True


@define(eq=False)
class RoundSources:
    """The rounds being watched. `arena_of` is passed to each index."""

    arena_of: Callable[[Header], Arena]
    _watched: "WeakValueDictionary[Hashable, RoundSource]" = field(factory=WeakValueDictionary)

    def __len__(self) -> int:
        """How many rounds are in memory."""
        return len(self._watched)

    def known(self, name: str) -> RoundSource | None:
        """Return the source of a finished round, if it is being watched."""
        return self._watched.get(name)

    def finished(self, name: str, segments: list[bytes]) -> RoundSource:
        """Return the source of a finished round, whose files hold `segments`."""
        return self._watched.setdefault(
            name, RoundSource(RoundIndex(self.arena_of), segments=segments)
        )

    def running(self, follower: JournalFollower, delay_s: int) -> RoundSource:
        """Return the source of a running match's round; each delay has its own."""
        source = RoundSource(
            *(RoundIndex(self.arena_of, is_live=True), follower, delay_s), open_round=self.running
        )
        return self._watched.setdefault((follower.match_id, follower.round_number, delay_s), source)

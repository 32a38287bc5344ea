"""The journal of a running match, followed as it grows.

Owns: which file of the match comes next, and how far it was read. Must not know: sockets, time.
Invariant: it only reads, and never affects the match, in this process or another.
"""

from attrs import define, field

from server.replays.archive import Archive
from server.replays.recording import read_growing
from server.replays.reel import Reel

READ_BYTES = 1 << 18  # per read


@define(eq=False)
class Tail:
    """Begins with the newest round of the match, or with the first from `round_number` on."""

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

    def read(self, reel: Reel) -> bool:
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
            reel.feed(data)
            return True
        if (self.round_number, self._segment + 1) in places:
            self._segment, self._offset = self._segment + 1, 0
            reel.begin_segment()
            return True
        has_later = any(number > self.round_number for number, _ in places)
        reel.is_live = path is not None and not has_later
        return False

    def next_round(self) -> "Tail | None":
        """Return the round after this one, or None before it has begun."""
        tail = Tail(self.archive, self.match_id, self.round_number + 1)
        return tail if tail.find() else None

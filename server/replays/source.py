"""Where a viewer's rounds come from: one that is over, or those of a match that runs.

Owns: how much of a round may be seen yet. Must not know: sockets, viewers, Trio (it is told the
time). Invariant: nobody sees a tick of a running match before `delay_s` have passed since it was
played, the seconds after its end included.
"""

from attrs import define, field

from game.tuning import TICKS_PER_SECOND
from server.replays.reel import Reel
from server.replays.tail import Tail

POLL_EVERY_S = 0.08


@define(eq=False)
class Source:
    """`tail` None: the round is over, and all of it is in `reel`."""

    reel: Reel
    tail: Tail | None = None
    delay_s: int = 0
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
        """Read on, if there is anything; all that was read before must have been looked at."""
        return self.tail is not None and self.tail.read(self.reel)

    def last_tick(self, now_s: float) -> int:
        """The last tick that may be seen."""
        reel = self.reel
        if self.tail is None:
            return reel.last_tick
        left_s = float(self.delay_s)
        if self._ended_s is not None:
            left_s = max(0.0, left_s - (now_s - self._ended_s))
        return max(reel.first_tick, reel.last_tick - round(left_s * TICKS_PER_SECOND))

    def follow_on(self) -> bool:
        """Turn to the next round of a running match, once this one is over; whether there is."""
        if self.tail is None or self.reel.is_live:
            return False
        following = self.tail.next_round()
        if following is None:
            return False
        self.reel = Reel(self.reel.arena_of, is_live=True)
        self.tail = following
        self._ended_s = None
        return True

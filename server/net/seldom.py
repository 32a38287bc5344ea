"""A rate limit for one repeated log line: the first at once, then at most one per pause.

Synchronous: callers pass the time. Invariant: omitted lines are counted, and the next one says so.
"""

from attrs import define, field

PAUSE_S = 60.0


@define
class Seldom:
    """The rate limit of one log line."""

    pause_s: float = PAUSE_S
    _said_s: float | None = field(default=None, init=False)
    _count: int = field(default=0, init=False)

    def due(self, now_s: float) -> int:
        """Count one occurrence; return how many since the last line, or 0 if it is too soon."""
        self._count += 1
        if self._said_s is not None and now_s - self._said_s < self.pause_s:
            return 0
        count, self._count, self._said_s = self._count, 0, now_s
        return count

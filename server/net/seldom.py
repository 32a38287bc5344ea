"""A line of the log that would come again and again: at once, then at most one in a while.

Synchronous: callers pass the time. Invariant: what is not said is counted, and said with the next.
"""

from attrs import define, field

PAUSE_S = 60.0


@define
class Seldom:
    """When to say it."""

    pause_s: float = PAUSE_S
    _said_s: float | None = field(default=None, init=False)
    _count: int = field(default=0, init=False)

    def due(self, now_s: float) -> int:
        """It has happened: how often since it was said last, or 0 when it is not to be said yet."""
        self._count += 1
        if self._said_s is not None and now_s - self._said_s < self.pause_s:
            return 0
        count, self._count, self._said_s = self._count, 0, now_s
        return count

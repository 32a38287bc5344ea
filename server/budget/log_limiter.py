"""Rate limits on log lines: a flood of refusals does not become a flood of lines.

Owns: how many lines were left out. Must not know: what the lines say, clocks (callers pass the
time). Invariant: omitted lines are counted, and the next line says how many.
"""

from attrs import define, field

from server.budget.bucket import Bucket

LINES_BURST = 10
LINES_PER_S = 1 / 6
PAUSE_S = 60.0


@define(eq=False)
class LogLimiter:
    """A bucket for each kind of line. Kinds are few and come from our code, never from a peer."""

    _buckets: dict[str, Bucket] = field(factory=dict)
    _left_out: dict[str, int] = field(factory=dict)

    def ask(self, kind: str, now_s: float) -> int | None:
        """Return how many lines of this kind were left out before this one, or None to leave this
        one out too.
        """
        bucket = self._buckets.get(kind)
        if bucket is None:
            bucket = self._buckets[kind] = Bucket(LINES_PER_S, LINES_BURST, now_s)
        if bucket.take(now_s):
            return self._left_out.pop(kind, 0)
        self._left_out[kind] = self._left_out.get(kind, 0) + 1
        return None


@define
class LogInterval:
    """A rate limit for one repeated log line: the first at once, then at most one per pause."""

    pause_s: float = PAUSE_S
    _logged_s: float | None = field(default=None, init=False)
    _count: int = field(default=0, init=False)

    def due(self, now_s: float) -> int:
        """Count one occurrence; return how many since the last line, or 0 if it is too soon."""
        self._count += 1
        if self._logged_s is not None and now_s - self._logged_s < self.pause_s:
            return 0
        count, self._count, self._logged_s = self._count, 0, now_s
        return count

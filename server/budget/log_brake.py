"""A rate limit on log lines, by kind: a flood of refusals does not become a flood of lines.

Owns: a bucket for each kind, and how many lines were left out. Must not know: what the lines say.
"""

from attrs import define, field

from server.budget.bucket import Bucket

LINES_BURST = 10
LINES_PER_S = 1 / 6


@define(eq=False)
class LogBrake:
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

"""A token bucket that may go into debt.

Owns: one level. Must not know: what is counted, clocks (it is told the time). Invariant: the level
never exceeds the burst, whatever the clock does.
"""


class Bucket:
    """Refills by `per_s` each second, up to `burst`."""

    __slots__ = ("_burst", "_level", "_per_s", "_then_s")

    def __init__(self, per_s: float, burst: float, now_s: float) -> None:
        """Begin full."""
        self._per_s = per_s
        self._burst = burst
        self._level = burst
        self._then_s = now_s

    def level(self, now_s: float) -> float:
        """Return the level at `now_s`; negative while in debt."""
        elapsed_s = max(0.0, now_s - self._then_s)
        return min(self._burst, self._level + elapsed_s * self._per_s)

    def is_full(self, now_s: float) -> bool:
        """Whether it is in the same state as a new one."""
        return self.level(now_s) >= self._burst

    def change(self, per_s: float, burst: float, now_s: float) -> None:
        """Change the refill rate and the burst; the level stays, up to the new burst."""
        self._set(min(self.level(now_s), burst), now_s)
        self._per_s, self._burst = per_s, burst

    def take(self, now_s: float, count: float = 1) -> bool:
        """Use `count`; when there is less, return False and change nothing."""
        level = self.level(now_s)
        if level < count:
            return False
        self._set(level - count, now_s)
        return True

    def charge(self, now_s: float, count: float) -> None:
        """Use `count` that was spent already, into debt if need be."""
        self._set(self.level(now_s) - count, now_s)

    def _set(self, level: float, now_s: float) -> None:
        self._level = level
        self._then_s = max(now_s, self._then_s)

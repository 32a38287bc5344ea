"""A token bucket: so many at once, so many over time.

Owns: one level. Must not know: what is counted. Invariant: 0 ≤ level ≤ burst, whatever the clock
does.
"""


class Budget:
    """`per_s` come in each second, up to `burst`; each `take` that finds one uses it up."""

    __slots__ = ("_burst", "_level", "_per_s", "_then_s")

    def __init__(self, per_s: float, burst: float, now_s: float) -> None:
        """Begin full."""
        self._per_s = per_s
        self._burst = burst
        self._level = burst
        self._then_s = now_s

    def level(self, now_s: float) -> float:
        """Return what is there at `now_s`."""
        elapsed_s = max(0.0, now_s - self._then_s)
        return min(self._burst, self._level + elapsed_s * self._per_s)

    def take(self, now_s: float) -> bool:
        """Use one; False when there was none, and then nothing changes."""
        level = self.level(now_s)
        if level < 1:
            return False
        self._level = level - 1
        self._then_s = max(now_s, self._then_s)
        return True

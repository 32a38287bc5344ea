"""Restart backoff: how long to wait before a process that died is replaced.

Owns: telling an accident from a crash loop. Must not know: processes, clocks. Invariant: the first
replacement after a steady life is immediate; in a crash loop the pauses double up to the cap.
"""

from attrs import define

STEADY_S = 5.0  # a process that lived this long died by accident
PAUSE_FIRST_S = 0.25
_DOUBLINGS_MAX = 16  # beyond it the cap holds anyway


@define
class Patience:
    """The backoff of one role. `pause_max_s` is the cap."""

    pause_max_s: float
    short_lives: int = 0  # in a row

    def pause_s(self, lived_s: float) -> float:
        """The pause before the next start, after a process that lived for `lived_s`."""
        if lived_s >= STEADY_S:
            self.short_lives = 0
            return 0.0
        self.short_lives += 1
        if self.short_lives == 1:
            return 0.0
        doublings = min(self.short_lives - 2, _DOUBLINGS_MAX)
        return min(self.pause_max_s, PAUSE_FIRST_S * (1 << doublings))

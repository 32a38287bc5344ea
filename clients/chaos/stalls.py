"""When nothing gets through for a while: a tunnel, a lift, a radio that looks for a better station.

Owns: the times of the stalls of one connection, drawn from its dice. Must not know: bytes.
Invariant: stalls do not overlap, and equal times get equal answers, whoever asks.
"""

import random
from collections import deque
from typing import Final

from attrs import define, field

from clients.chaos.profiles import NetworkProfile

KEPT_MAX: Final = 1_000  # the newest ones; times long past are never queried


@define(eq=False)
class Stalls:
    """The stalls of both directions of a connection: a tunnel has no direction.

    Each stall follows a pause of 0.5 to 1.5 times `stall_every_s`.
    """

    profile: NetworkProfile
    dice: random.Random
    began_s: float
    _spans: deque[tuple[float, float]] = field(factory=lambda: deque(maxlen=KEPT_MAX))
    _forgotten_count: int = 0

    def past(self, time_s: float) -> float:
        """When something arrives that would arrive at `time_s` without stalls."""
        self._foresee(time_s)
        for begin_s, end_s in reversed(self._spans):
            if begin_s <= time_s < end_s:
                return end_s
            if end_s <= time_s:
                break
        return time_s

    def count_until(self, time_s: float) -> int:
        """How many stalls have begun by `time_s`."""
        self._foresee(time_s)
        return self._forgotten_count + sum(begin_s <= time_s for begin_s, _ in self._spans)

    def _foresee(self, time_s: float) -> None:
        profile = self.profile
        if not profile.stall_every_s or not profile.stall_for_s:
            return
        while not self._spans or self._spans[-1][0] <= time_s:
            last_s = self._spans[-1][1] if self._spans else self.began_s
            begin_s = last_s + profile.stall_every_s * self.dice.uniform(0.5, 1.5)
            self._forgotten_count += len(self._spans) == KEPT_MAX
            self._spans.append((begin_s, begin_s + profile.stall_for_s))

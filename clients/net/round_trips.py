"""Round trips, measured by the protocol's own ping messages.

Owns: which nonce was sent when. Must not know: the clock (times are passed in), sockets. Invariant:
at most one ping is in flight; a lost one is abandoned when the next is due.
"""

from collections import deque
from typing import Final

from attrs import define, field

PING_EVERY_S: Final = 1.0
KEPT_MAX: Final = 600  # ten minutes
_MS_MAX: Final = 65_535  # the message's limit


@define
class RoundTrips:
    """One connection's measurements, in seconds."""

    samples_s: deque[float] = field(factory=lambda: deque(maxlen=KEPT_MAX))
    _nonce: int = 0
    _sent_s: float = float("-inf")
    _is_waiting: bool = False

    @property
    def last_ms(self) -> int:
        """The newest measurement, as the ping message carries it; 0 before the first."""
        return min(_MS_MAX, round(self.samples_s[-1] * 1_000)) if self.samples_s else 0

    def is_due(self, now_s: float) -> bool:
        """Whether it is time for another ping."""
        return now_s - self._sent_s >= PING_EVERY_S

    def ping(self, now_s: float) -> int:
        """Begin a ping; returns its nonce."""
        self._nonce += 1
        self._sent_s = now_s
        self._is_waiting = True
        return self._nonce

    def give_up(self) -> None:
        """Abandon the ping in flight: the program slept, so its answer would measure nothing."""
        self._is_waiting = False

    def pong(self, nonce: int, now_s: float) -> None:
        """Record an answer; a late or unknown one is ignored."""
        if self._is_waiting and nonce == self._nonce:
            self._is_waiting = False
            self.samples_s.append(max(0.0, now_s - self._sent_s))

"""How far behind a connection may see, by what the server measured of it.

Owns: the estimate of one connection's round trip, and the longest view lag that it accounts for.
Must not know: sockets, messages, Trio. Invariant: nothing that a client says of itself enters.

A shot says how far behind its screen showed the others, and is judged by that. A client may lie. So
the claim counts only up to what the road takes there and back, and what any client's interpolation
takes. Two measures of the road are told here, and the longer one counts: the kernel's, which is
blind to what lies behind a proxy, and the time between a ping of ours and its pong. Both can be
lengthened by delaying answers: that buys no more than `match.rewind_ms`, from which everybody with
a long road profits as much.
"""

from typing import Final

from attrs import define, field

from game.inputs import VIEW_LAG_MAX, VIEW_LAG_PER_TICK
from game.tuning import TICKS_PER_SECOND

# Two snapshots to draw between, and one that may be late: honest screens need a tick less.
INTERPOLATION_TICKS: Final = 7
TOLD_MS_MAX: Final = 1_000  # one that was held up for longer says nothing about the road
_SHARE: Final = 1 / 8  # as TCP smooths, RFC 6298 section 2
_SPREAD_SHARE: Final = 1 / 4
_SPREADS: Final = 2


@define
class RoundTrip:
    """One connection's. `note` takes what was measured, oldest first."""

    _smoothed_ms: float | None = field(default=None, init=False)
    _spread_ms: float = field(default=0.0, init=False)

    def note(self, told_ms: float) -> None:
        """A ping and its pong took so long."""
        told_ms = min(TOLD_MS_MAX, told_ms)
        if self._smoothed_ms is None:
            self._smoothed_ms, self._spread_ms = told_ms, told_ms / 2
            return
        error = told_ms - self._smoothed_ms
        self._spread_ms += (abs(error) - self._spread_ms) * _SPREAD_SHARE
        self._smoothed_ms += error * _SHARE

    def lag_max(self, tcp_ms: float) -> int:
        """In eighths of a tick, for an input that comes just in time. `tcp_ms` is the kernel's
        measure, 0 where it has none.
        """
        road_ms = max(tcp_ms, (self._smoothed_ms or 0.0) + _SPREADS * self._spread_ms)
        ticks = road_ms * TICKS_PER_SECOND / 1_000 + INTERPOLATION_TICKS
        return min(VIEW_LAG_MAX, round(ticks * VIEW_LAG_PER_TICK))

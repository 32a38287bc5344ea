"""The view lag that a connection may claim, from the server's own measurements.

Owns: the estimate of one connection's round trip, and the longest view lag that it accounts for.
Must not know: sockets, messages, Trio. Invariant: nothing that a client says about itself enters.

Each input says how far in the past the client's screen showed the others, and the server rewinds a
shot's targets by that. A client that overstates its lag gains nothing: the claim is capped at the
round trip plus what any client's interpolation takes. The round trip is measured in two ways, and
the longer one counts: by the kernel, which sees only as far as a proxy, and by the time from our
ping to its pong. A client can lengthen both by delaying its answers. That gains it no more than
`match.rewind_ms`, as much as anybody with a long round trip gets.
"""

from typing import Final

from attrs import define, field

from game.inputs import VIEW_LAG_MAX, VIEW_LAG_PER_TICK
from game.tuning import TICKS_PER_SECOND

# Two snapshots to interpolate between, and one that may be late: honest clients need a tick less.
INTERPOLATION_TICKS: Final = 7
MEASURED_MS_MAX: Final = 1_000  # longer measurements are cut: a longer delay is not the network's
_SHARE: Final = 1 / 8  # smoothing as in TCP, RFC 6298 section 2
_SPREAD_SHARE: Final = 1 / 4
_SPREADS: Final = 2


@define
class RoundTrip:
    """One connection's round trip. `note` takes the measurements, oldest first."""

    _smoothed_ms: float | None = field(default=None, init=False)
    _spread_ms: float = field(default=0.0, init=False)

    def note(self, measured_ms: float) -> None:
        """Take in the time from a ping to its pong."""
        measured_ms = min(MEASURED_MS_MAX, measured_ms)
        if self._smoothed_ms is None:
            self._smoothed_ms, self._spread_ms = measured_ms, measured_ms / 2
            return
        error = measured_ms - self._smoothed_ms
        self._spread_ms += (abs(error) - self._spread_ms) * _SPREAD_SHARE
        self._smoothed_ms += error * _SHARE

    def lag_max(self, tcp_ms: float) -> int:
        """The longest view lag of an input that is just in time, in eighths of a tick. `tcp_ms` is
        the kernel's measurement, 0 where it has none.
        """
        round_trip_ms = max(tcp_ms, (self._smoothed_ms or 0.0) + _SPREADS * self._spread_ms)
        ticks = round_trip_ms * TICKS_PER_SECOND / 1_000 + INTERPOLATION_TICKS
        return min(VIEW_LAG_MAX, round(ticks * VIEW_LAG_PER_TICK))

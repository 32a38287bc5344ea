"""The ticks that inputs are labelled with: a small lead over the last snapshot, adjusted to what
the server reports.

Owns: the lead. Must not know: sockets, clocks: snapshots are the clock. Invariant: 1 ≤ lead ≤
LEAD_TICKS_MAX.

The margin of a snapshot is how many ticks early the last message arrived: below 0 it was late and
was dropped; high values are needless delay. A change shows only after a round trip, so each one
waits for its effect.
"""

from typing import Final

from attrs import define

LEAD_TICKS_START: Final = 4
LEAD_TICKS_MAX: Final = 24  # the server drops what is more than 30 ticks early
MARGIN_LOW: Final = 1  # one tick in hand against jitter
MARGIN_HIGH: Final = 4
PATIENCE_SNAPSHOTS: Final = 15  # half a second


@define
class InputLead:
    """One connection's lead."""

    lead_ticks: int = LEAD_TICKS_START
    _patience: int = PATIENCE_SNAPSHOTS

    def heed(self, margin: int) -> None:
        """Adjust the lead to the margin of a snapshot."""
        if self._patience > 0:
            self._patience -= 1
            return
        if margin < MARGIN_LOW:
            self._change(MARGIN_LOW - margin)
        elif margin > MARGIN_HIGH:
            self._change(-1)

    def first_tick(self, snapshot_tick: int) -> int:
        """The tick for the first step of a message."""
        return snapshot_tick + self.lead_ticks

    def _change(self, ticks: int) -> None:
        self.lead_ticks = max(1, min(LEAD_TICKS_MAX, self.lead_ticks + ticks))
        self._patience = PATIENCE_SNAPSHOTS

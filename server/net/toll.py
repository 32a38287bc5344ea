"""Charges for a peer's bytes and frames outside of a match's tick, and when to cut it off.

Owns: their kinds of work, and the limits on fragments. Must not know: sockets, messages.
"""

import trio
from attrs import define

from game.wire.messages import CloseCode
from server.budget.costs import FRAME, KILOBYTE_IN, READ, Work
from server.budget.ledger import OverBudgetError
from server.budget.meter import Meter
from server.net.frames import FrameSplitter
from server.net.tick_core import Excess

KILOBYTE = 1_024


@define(eq=False)
class Toll:
    """The toll of one connection. Without a meter nothing is charged, but fragments are limited."""

    frames_per_message_max: int
    meter: Meter | None = None
    takes_fragments: bool = True

    async def turn(self) -> None:
        """Wait until this connection may do its work; always a checkpoint."""
        if self.meter is None:
            await trio.lowlevel.checkpoint()
        else:
            await self.meter.turn()

    def pay_plain(self, count: int) -> None:
        """Charge bytes received before the handshake. Raises OverBudgetError."""
        if self.meter is not None:
            self.meter.account.must_spend(READ)
            self.meter.account.must_spend(KILOBYTE_IN, count / KILOBYTE)

    def pay_chunk(self, count: int) -> Excess | None:
        """Charge bytes after the handshake, out of ticks; return why to stop reading, or None."""
        return self._pay(READ, 1) or self._pay(KILOBYTE_IN, count / KILOBYTE)

    def pay_frames(self, splitter: FrameSplitter) -> Excess | None:
        """Charge the frames that went to trio-websocket; return why to stop reading, or None."""
        if excess := self._pay(FRAME, splitter.take_passed_count()):
            return excess
        if splitter.has_fragments and not self.takes_fragments:
            return CloseCode.MALFORMED, "a message in a match must be a single frame"
        if splitter.open_count > self.frames_per_message_max:
            return CloseCode.FLOOD, f"a message in more than {self.frames_per_message_max} frames"
        return None

    def _pay(self, work: Work, count: float) -> Excess | None:
        if self.meter is None or not count or self.meter.account.spend_here(work, count):
            return None
        return CloseCode.FLOOD, str(OverBudgetError(work))

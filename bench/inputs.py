"""Inputs as the game's clients send them.

Owns: what is in a message besides what a player wants. Must not know: sockets. Invariant: the
server decodes these messages in the way that it decodes those of real clients: the quick one.
"""

from collections.abc import Sequence

from attrs import define

from game.inputs import VIEW_LAG_PER_TICK
from game.tuning import SNAPSHOT_EVERY_TICKS
from game.wire.codec import Channel, Sender, encode

LEAD_TICKS = 4  # an input is meant for a tick this far ahead of the last snapshot
# His screen shows the others two snapshots late, and his inputs are early by the lead.
VIEW_LAG = (LEAD_TICKS + 2 * SNAPSHOT_EVERY_TICKS) * VIEW_LAG_PER_TICK


@define
class InputSender:
    """One player's messages: new steps, and before them those of the message before."""

    _next_tick: int = -1  # the one after the last that was sent
    _sent: tuple[int, ...] = ()

    def message(self, first_tick: int, steps: Sequence[int]) -> bytes:
        """The payload that carries (buttons, aim, buttons, aim, …) for `first_tick` and those
        after it.
        """
        sent = self._sent if first_tick == self._next_tick else ()
        self._sent = new = tuple(steps)
        self._next_tick = first_tick + len(new) // 2
        fields = first_tick - len(sent) // 2, VIEW_LAG, (*sent, *new)
        return encode(Channel.MATCH, Sender.CLIENT, "input", *fields)

"""Inputs as the game's clients send them, by way of their own sender.

Owns: what an input message holds besides the player's input. Must not know: sockets. Invariant: the
server decodes these messages on the same path as real clients': the fast one.
"""

from collections.abc import Sequence

from attrs import define, field

from clients.netcode import input_sender as sender
from game.inputs import VIEW_LAG_PER_TICK, Input
from game.tuning import SNAPSHOT_EVERY_TICKS
from game.wire.codec import encode

LEAD_TICKS = 4  # an input is meant for a tick this far ahead of the last snapshot
# The player's screen shows the others two snapshots late, and input margin the lead.
LAG_TICKS = LEAD_TICKS + 2 * SNAPSHOT_EVERY_TICKS
VIEW_LAG = LAG_TICKS * VIEW_LAG_PER_TICK


@define
class InputSender:
    """One player's messages: the steps of the previous message, then two new ones."""

    _sender: sender.InputSender = field(factory=sender.InputSender)

    def message(self, first_tick: int, steps: Sequence[int]) -> bytes:
        """The payload that carries (buttons, aim, buttons, aim) for `first_tick` and the next."""
        wishes = zip(steps[::2], steps[1::2], strict=True)
        [inputs] = [
            message
            for tick, wish in enumerate(wishes, first_tick)
            for message in self._sender.put(tick, Input(*wish), tick - LAG_TICKS)
        ]
        return encode(inputs)

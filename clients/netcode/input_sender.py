"""Outgoing inputs: two new ticks per message, thirty messages a second. Each message repeats the
two of the one before, so that one lost or delayed message costs nothing.

Owns: the steps not yet sent, and the last ones that were. Must not know: sockets. Invariants: the
steps of a message are for consecutive ticks; while the trigger is pulled, its lag is that of all
its new steps.
"""

from attrs import define, field

from clients.netcode.tuning import LAG_APART_MAX, STEPS_PER_MESSAGE, STEPS_REPEATED
from game.inputs import FIRE, VIEW_LAG_MAX, VIEW_LAG_PER_TICK, Input
from game.wire.match_messages import Inputs, Step


@define
class InputSender:
    """One connection's inputs."""

    _first_tick: int = 0
    _steps: list[Input] = field(factory=list)  # those already sent come first
    _sent_count: int = 0
    _view_lag: int = 0  # of the first step that was not sent yet

    @property
    def next_tick(self) -> int:
        """The tick after the newest one with an input; 0 before the first."""
        return self._first_tick + len(self._steps)

    def put(self, tick: int, wish: Input, others_tick: float) -> list[Inputs]:
        """Add the input for `tick`, made while the others were drawn at `others_tick`; returns the
        messages to send now.
        """
        messages = []
        if tick != self.next_tick:
            if len(self._steps) > self._sent_count:
                messages.append(self._message())  # it was predicted: the server needs it
            self._steps.clear()
            self._sent_count = 0
        if not self._steps:
            self._first_tick = tick
        lag = max(0, min(VIEW_LAG_MAX, round((tick - others_tick) * VIEW_LAG_PER_TICK)))
        if self._must_part(wish, lag):
            messages.append(self._message())
        if len(self._steps) == self._sent_count:
            self._view_lag = lag
        self._steps.append(wish)
        if len(self._steps) == self._sent_count + STEPS_PER_MESSAGE:
            messages.append(self._message())
        return messages

    def _must_part(self, wish: Input, lag: int) -> bool:
        """Whether the waiting steps go without this one: a shot is judged by its own lag."""
        if len(self._steps) == self._sent_count:
            return False
        is_apart = abs(lag - self._view_lag) > LAG_APART_MAX
        return is_apart and (wish.buttons | self._steps[-1].buttons) & FIRE != 0

    def _message(self) -> Inputs:
        steps = tuple([Step(wish.buttons, wish.aim) for wish in self._steps])
        message = Inputs(self._first_tick, self._view_lag, steps)
        kept = self._steps[-STEPS_REPEATED:]
        self._first_tick += len(self._steps) - len(kept)
        self._steps, self._sent_count = kept, len(kept)
        return message

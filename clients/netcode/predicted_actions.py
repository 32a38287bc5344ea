"""Predicted actions: the local player's shots, dashes and clicks, from the frame of the key press
until the server confirms or denies them.

Owns: matching the server's actions to ours. Must not know: how an action looks. Invariants: an
action is shown once, however late its input reached the server; at most `ACTIONS_MAX` are pending;
each pending action has a number below zero, which no shot of the server's has.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from attrs import define, field

from clients.netcode.tuning import ACTION_EARLY_TICKS, ACTION_LATE_TICKS_MAX, ACTIONS_MAX
from game.events import Event, EventKind

PREDICTED_KINDS: Final = frozenset(
    (EventKind.FIRE, EventKind.SCATTER, EventKind.RAIL, EventKind.DASH, EventKind.EMPTY)
)


class PredictedAction(NamedTuple):
    """An action of one tick: where it was done, and in which direction."""

    tick: int
    event: Event
    x: int
    y: int
    aim: int


class PendingAction(NamedTuple):
    """A predicted action under the number that it is shown by."""

    number: int
    action: PredictedAction


class Matched(NamedTuple):
    """What the events of a snapshot answer."""

    confirmed: list[PendingAction]
    unpredicted: list[Event]  # all that was not predicted


class Reconciled(NamedTuple):
    """How a replay of inputs changed the predicted actions."""

    moved: list[PendingAction]  # done in another tick, or from elsewhere
    denied: list[PendingAction]  # never done
    made: list[PendingAction]  # done now, and not before


@define
class PredictedActions:
    """The pending actions of the player of `slot`, oldest first."""

    slot: int
    _pending: list[PendingAction] = field(factory=list)
    _next_number: int = -1

    def add(self, action: PredictedAction) -> PendingAction:
        """Add what the local player just did; the server confirms it a round trip later."""
        pending = PendingAction(self._next_number, action)
        self._next_number -= 1
        self._pending.append(pending)
        del self._pending[:-ACTIONS_MAX]
        return pending

    def match(self, tick: int, events: Sequence[Event]) -> Matched:
        """Match the events of the snapshot of `tick` to the pending actions."""
        matched = Matched([], [])
        for event in events:
            found = self._answered(tick, event)
            if found is None:
                matched.unpredicted.append(event)
            else:
                self._pending.remove(found)
                matched.confirmed.append(found)
        return matched

    def settle(self, tick: int) -> list[PendingAction]:
        """Settle all actions up to `tick`, which went as predicted; a missing event was lost."""
        settled = [it for it in self._pending if it.action.tick <= tick]
        self._pending = [it for it in self._pending if it.action.tick > tick]
        return settled

    def reconcile(self, actions: Sequence[PredictedAction]) -> Reconciled:
        """Replace the pending actions by those of a replay."""
        before, known = list(self._pending), dict[int, PendingAction]()  # by index in `actions`
        for reach in (0, ACTION_LATE_TICKS_MAX):
            for index, action in enumerate(actions):
                found = None if index in known else _within(before, action, reach)
                if found is not None:
                    before.remove(found)
                    known[index] = found
        self._pending = []
        reconciled = Reconciled([], before, [])
        for index, action in enumerate(actions):
            if index in known:
                moved = PendingAction(known[index].number, action)
                self._pending.append(moved)
                reconciled.moved.append(moved)
            else:
                reconciled.made.append(self.add(action))
        return reconciled

    def _answered(self, tick: int, event: Event) -> PendingAction | None:
        if event[0] not in PREDICTED_KINDS or event[1] != self.slot:
            return None
        for pending in self._pending:
            action = pending.action
            if _is_same(action.event, event) and action.tick <= tick + ACTION_EARLY_TICKS:
                return pending
        return None


def _within(
    pending: list[PendingAction], action: PredictedAction, reach_ticks: int
) -> PendingAction | None:
    for one in pending:
        is_near = abs(one.action.tick - action.tick) <= reach_ticks
        if is_near and _is_same(one.action.event, action.event):
            return one
    return None


def _is_same(event: Event, other: Event) -> bool:
    """The same kind of action, with the same weapon; where it was done may be a little off."""
    return event[0] == other[0] and (event[0] != EventKind.FIRE or event[2] == other[2])

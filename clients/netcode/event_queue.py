"""Game events waiting for the screen: each is shown once, when the screen reaches its tick.

Owns: the waiting events, and which of the local player's actions were already shown because they
were predicted. Must not know: how anything looks or sounds. Invariants: bounded; an action that was
predicted and confirmed is shown once; nothing is shown long after it happened.
"""

from collections import deque
from typing import Final, NamedTuple

from attrs import define, field

from game.events import EVENT_FIELDS, Event, EventKind

WAITING_MAX: Final = 256
PREDICTED_MAX: Final = 64
# An event carries its snapshot's tick, and a late input may shift an action.
SAME_ACTION_TICKS: Final = 4
# A window that hung resumes with the present, not with the noise of all that it missed.
STALE_TICKS: Final = 90

# Another player's actions are shown when that player is drawn doing them. Everything else is shown
# at once: hits, deaths, blasts.
SHOWN_WITH_BODY: Final = frozenset(
    (EventKind.SCATTER, EventKind.RAIL, EventKind.DASH, EventKind.SPAWN)
)
PREDICTED_KINDS: Final = frozenset(
    (EventKind.FIRE, EventKind.SCATTER, EventKind.RAIL, EventKind.DASH, EventKind.EMPTY)
)


class GameEvent(NamedTuple):
    """One event of the table `EVENT_FIELDS`, by name."""

    kind: int
    tick: int
    fields: dict[str, int]


@define
class EventQueue:
    """The events of one round, for the seat `slot`."""

    slot: int
    _waiting: deque[GameEvent] = field(factory=lambda: deque(maxlen=WAITING_MAX))
    _predicted: deque[tuple[int, int]] = field(factory=lambda: deque(maxlen=PREDICTED_MAX))

    def predict(self, tick: int, event: Event) -> None:
        """Add a predicted action of the local player; the server confirms it later."""
        self._add(tick, event)
        self._predicted.append((event[0], tick))

    def receive(self, tick: int, events: list[Event]) -> None:
        """Add the events of a snapshot, except those that were predicted."""
        for event in events:
            if not self._was_predicted(tick, event):
                self._add(tick, event)

    def take(self, others_tick: float) -> list[GameEvent]:
        """Take the events to show now, with the others drawn at `others_tick`."""
        due = [it for it in self._waiting if self._is_due(it, others_tick)]
        if due:
            kept = [it for it in self._waiting if not self._is_due(it, others_tick)]
            self._waiting.clear()
            self._waiting.extend(kept)
        return [it for it in due if it.tick > others_tick - STALE_TICKS]

    def _add(self, tick: int, event: Event) -> None:
        kind = EventKind(event[0])
        fields = dict(zip(EVENT_FIELDS[kind], event[1:], strict=True))
        self._waiting.append(GameEvent(kind, tick, fields))

    def _is_due(self, event: GameEvent, others_tick: float) -> bool:
        kind, tick, fields = event
        if kind not in SHOWN_WITH_BODY or fields["slot"] == self.slot:
            return True
        return tick <= others_tick

    def _was_predicted(self, tick: int, event: Event) -> bool:
        kind, slot = event[0], event[1]
        if kind not in PREDICTED_KINDS or slot != self.slot:
            return False
        for action in self._predicted:
            if action[0] == kind and abs(action[1] - tick) <= SAME_ACTION_TICKS:
                self._predicted.remove(action)
                return True
        return False

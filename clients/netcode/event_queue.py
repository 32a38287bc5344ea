"""Game events waiting for the screen: each is shown once, when the screen reaches its tick.

Owns: the waiting events. Must not know: how anything looks or sounds, or what was predicted.
Invariants: bounded; nothing is shown long after it happened.
"""

from collections import deque
from typing import Final, NamedTuple

from attrs import define, field

from clients.netcode.tuning import STALE_TICKS, WAITING_EVENTS_MAX
from game.events import EVENT_FIELDS, Event, EventKind

# Another player's actions are shown when that player is drawn doing them. Everything else is shown
# at once: hits, deaths, blasts.
SHOWN_WITH_BODY: Final = frozenset(
    (EventKind.SCATTER, EventKind.RAIL, EventKind.DASH, EventKind.SPAWN)
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
    _waiting: deque[GameEvent] = field(factory=lambda: deque(maxlen=WAITING_EVENTS_MAX))

    def add(self, tick: int, event: Event) -> None:
        """Add something that happened in `tick`, or was predicted for it."""
        kind = EventKind(event[0])
        fields = dict(zip(EVENT_FIELDS[kind], event[1:], strict=True))
        self._waiting.append(GameEvent(kind, tick, fields))

    def take(self, others_tick: float) -> list[GameEvent]:
        """Take the events to show now, with the others drawn at `others_tick`."""
        due = [it for it in self._waiting if self._is_due(it, others_tick)]
        if due:
            kept = [it for it in self._waiting if not self._is_due(it, others_tick)]
            self._waiting.clear()
            self._waiting.extend(kept)
        return [it for it in due if it.tick > others_tick - STALE_TICKS]

    def _is_due(self, event: GameEvent, others_tick: float) -> bool:
        kind, tick, fields = event
        if kind not in SHOWN_WITH_BODY or fields["slot"] == self.slot:
            return True
        return tick <= others_tick

"""The player that a spectator follows. Spectators are watchers, and players out for this round.

Invariant: it is always somebody who is in the match, or nobody (the whole map).
"""

from typing import Final

from attrs import define

from clients.netcode.round import Round
from game.records import ALIVE
from game.world import NEVER_TICK

NOBODY: Final = -1  # the whole map


def may_look_around(round_: Round) -> bool:
    """Whether this client is a spectator: it has no seat, or no life left in this round."""
    fighter = round_.prediction.self
    if round_.is_watching or fighter is None:
        return True
    return not fighter.alive and fighter.respawn_tick >= NEVER_TICK


@define
class Spectator:
    """The spectator's choice; None until one was made."""

    _wanted: int | None = None

    def slot(self, round_: Round) -> int:
        """The slot to view: a player views themselves."""
        if not may_look_around(round_):
            self._wanted = None
            return round_.slot
        slots = _slots(round_)
        if self._wanted is not None and self._wanted in (NOBODY, *slots):
            return self._wanted
        return slots[0] if slots else NOBODY

    def step(self, round_: Round, by: int) -> None:
        """View the next or the previous player; the whole map comes between last and first."""
        choices = [NOBODY, *_slots(round_)]
        self._wanted = choices[(choices.index(self.slot(round_)) + by) % len(choices)]


def _slots(round_: Round) -> list[int]:
    """The slots to choose from: the living players, or all if none is alive."""
    players = round_.view.cards.items() if round_.view is not None else []
    alive = [slot for slot, card in players if card.status & ALIVE]
    return alive or [slot for slot, _ in players]

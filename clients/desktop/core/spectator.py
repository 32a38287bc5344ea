"""Whom a watcher follows. Invariant: always somebody who is in the match, or nobody."""

from typing import Final

from attrs import define

from clients.link.sim.round import Round

NOBODY: Final = -1  # the whole map


@define
class Spectator:
    """A choice; None until one was made."""

    _wanted: int | None = None

    def slot(self, round_: Round) -> int:
        """The slot whose view this is: oneself for a player."""
        if not round_.is_watching:
            return round_.slot
        slots = _slots(round_)
        if self._wanted is not None and self._wanted in (NOBODY, *slots):
            return self._wanted
        return slots[0] if slots else NOBODY

    def step(self, round_: Round, by: int) -> None:
        """The next or the previous one; between the last and the first lies the whole map."""
        choices = [NOBODY, *_slots(round_)]
        self._wanted = choices[(choices.index(self.slot(round_)) + by) % len(choices)]


def _slots(round_: Round) -> list[int]:
    return list(round_.view.players) if round_.view is not None else []

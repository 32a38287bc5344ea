"""A limited number of places, divided evenly between addresses.

Owns: the holders of places, the longest-held first. Must not know: what a place is for, Trio.
Invariants: `take` never exceeds `count_max`; nobody is refused while another address holds at
least two more than theirs. So a place is never taken from an address that has only one, and two
addresses never take the same place from each other in turns.
"""

from collections import Counter
from collections.abc import Callable

from attrs import define, field

from server.budget.ledger import Account

LEAD = 2  # places that an address has to be ahead of another to lose one to it


@define(eq=False)
class Place:
    """One place. `part` is called, once, when it goes to another address."""

    holder: object
    part: Callable[[], None]
    is_lost: bool = False  # it went to another address


@define(eq=False)
class Places:
    """All places of one kind. Lowering `count_max` takes no place from anybody."""

    count_max: int = 0
    refused_count: int = field(default=0, init=False)
    lost_count: int = field(default=0, init=False)  # by addresses that held the most
    _held: dict[Place, None] = field(factory=dict, init=False)

    def __len__(self) -> int:
        """How many are held."""
        return len(self._held)

    def take(self, holder: object, part: Callable[[], None]) -> Place | None:
        """Return a place, which the caller must `leave`; None when all are held fairly."""
        if len(self._held) >= self.count_max and not self._make_room(holder):
            self.refused_count += 1
            return None
        place = Place(holder, part)
        self._held[place] = None
        return place

    def leave(self, place: Place) -> None:
        """Give a place back; calling this again changes nothing."""
        self._held.pop(place, None)

    def _make_room(self, holder: object) -> bool:
        """Revoke the oldest place of the address that holds the most, if that is fair."""
        counts = Counter(place.holder for place in self._held)
        if not counts:
            return False
        [(richest, count)] = counts.most_common(1)
        if count < counts[holder] + LEAD:
            return False
        victim = next(place for place in self._held if place.holder is richest)
        self.leave(victim)
        self.lost_count += 1
        victim.is_lost = True
        victim.part()
        return True


def holder_of(account: Account | None) -> object:
    """The address that an account belongs to; an account without limits is a holder by itself."""
    return object() if account is None or account.source is None else account.source

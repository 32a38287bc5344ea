"""A limited number of leases, divided evenly between addresses.

Owns: the holders of leases, the longest-held first. Must not know: what a lease is for, Trio.
Invariants: `take` never exceeds `count_max`; nobody is refused while another address holds at
least two more than theirs. So a lease is never taken from an address that has only one, and two
addresses never take the same lease from each other in turns.
"""

from collections import Counter
from collections.abc import Callable

from attrs import define, field

from server.budget.ledger import Account

LEAD = 2  # leases that an address has to be ahead of another to lose one to it


@define(eq=False)
class Lease:
    """One lease. `part` is called, once, when it goes to another address."""

    holder: object
    part: Callable[[], None]
    is_lost: bool = False  # it went to another address


@define(eq=False)
class LeasePool:
    """All leases of one kind. Lowering `count_max` revokes no lease."""

    count_max: int = 0
    refused_count: int = field(default=0, init=False)
    lost_count: int = field(default=0, init=False)  # by addresses that held the most
    _held: dict[Lease, None] = field(factory=dict, init=False)

    def __len__(self) -> int:
        """How many are held."""
        return len(self._held)

    def take(self, holder: object, part: Callable[[], None]) -> Lease | None:
        """Return a lease, which the caller must `leave`; None when all are held fairly."""
        if len(self._held) >= self.count_max and not self._make_room(holder):
            self.refused_count += 1
            return None
        lease = Lease(holder, part)
        self._held[lease] = None
        return lease

    def leave(self, lease: Lease) -> None:
        """Give a lease back; calling this again changes nothing."""
        self._held.pop(lease, None)

    def _make_room(self, holder: object) -> bool:
        """Revoke the oldest lease of the address that holds the most, if that is fair."""
        counts = Counter(lease.holder for lease in self._held)
        if not counts:
            return False
        [(richest, count)] = counts.most_common(1)
        if count < counts[holder] + LEAD:
            return False
        victim = next(lease for lease in self._held if lease.holder is richest)
        self.leave(victim)
        self.lost_count += 1
        victim.is_lost = True
        victim.part()
        return True


def holder_of(account: Account | None) -> object:
    """The address that an account belongs to; an account without limits is a holder by itself."""
    return object() if account is None or account.source is None else account.source

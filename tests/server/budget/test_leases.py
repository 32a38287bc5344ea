"""LeasePool: whatever addresses take and give back, none is kept out by one that holds more."""

from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from server.budget.leases import Lease, LeasePool, holder_of

ADDRESSES = [f"address {number}" for number in range(6)]


class Crowd(RuleBasedStateMachine):
    """Addresses that come and go; `held` is what each believes it holds, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.leases = LeasePool(5)
        self.held: list[Lease] = []
        self.parted: list[Lease] = []

    def counts(self) -> Counter[object]:
        return Counter(lease.holder for lease in self.held)

    @rule(address=st.sampled_from(ADDRESSES))
    def ask(self, address: str) -> None:
        before = self.counts()
        richest = max(before.values(), default=0)
        lost = len(self.parted)
        made = self.leases.take(address, lambda: None)
        for lease in [each for each in self.held if each.is_lost]:
            self.held.remove(lease)
            self.parted.append(lease)
            victim = lease
        if before.total() < 5:
            assert made is not None
            assert len(self.parted) == lost, "nobody loses a lease while one is free"
        elif made is None:
            assert richest < before[address] + 2
            assert len(self.parted) == lost
        else:
            assert len(self.parted) == lost + 1
            assert before[victim.holder] == richest
            assert self.counts()[victim.holder] > before[address]
            assert self.counts()[victim.holder] >= 1
        if made is not None:
            self.held.append(made)

    @rule(which=st.integers(0, 20), again=st.booleans())
    def leave(self, which: int, again: bool) -> None:
        if self.held:
            lease = self.held.pop(which % len(self.held))
            self.leases.leave(lease)
            if again:
                self.leases.leave(lease)

    @rule(which=st.integers(0, 20))
    def leave_what_is_lost(self, which: int) -> None:
        if self.parted:
            self.leases.leave(self.parted[which % len(self.parted)])

    @invariant()
    def holds_what_it_says_and_no_more(self) -> None:
        assert len(self.leases) == len(self.held) <= 5
        assert not any(lease.is_lost for lease in self.held)

    @invariant()
    def an_address_without_a_place_gets_one_unless_each_holds_at_most_one(self) -> None:
        counts = self.counts()
        if max(counts.values(), default=0) < 2:
            return
        made = self.leases.take("newcomer", lambda: None)
        assert made is not None
        self.leases.leave(made)
        self.held = [lease for lease in self.held if not lease.is_lost]


TestCrowd = Crowd.TestCase


def test_the_oldest_place_of_the_address_that_holds_most_goes_and_its_holder_is_called():
    leases, called = LeasePool(4), []
    for number, address in enumerate(["a", "b", "b", "b"]):
        leases.take(address, lambda number=number: called.append(number))
    assert leases.take("c", lambda: None) is not None
    assert called == [1]
    assert (leases.lost_count, leases.refused_count, len(leases)) == (1, 0, 4)


@pytest.mark.parametrize("asks", ["a", "b", "c"])
def test_once_every_address_has_its_share_newcomers_are_refused(asks: str):
    leases = LeasePool(3)
    for address in ("a", "b", "z"):
        assert leases.take(address, lambda: None) is not None
    assert leases.take(asks, lambda: None) is None
    assert (leases.lost_count, leases.refused_count) == (0, 1)


def test_without_places_everybody_is_refused():
    assert LeasePool(0).take("a", lambda: None) is None


def test_addresses_without_limits_each_count_for_themselves():
    leases = LeasePool(2)
    for _ in range(2):
        assert leases.take(holder_of(None), lambda: None) is not None
    assert leases.take("a", lambda: None) is None

"""Places: whatever addresses take and give back, none is kept out by one that holds more."""

from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from server.budget.places import Place, Places, holder_of

ADDRESSES = [f"address {number}" for number in range(6)]


class Crowd(RuleBasedStateMachine):
    """Addresses that come and go; `held` is what each believes it holds, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.places = Places(5)
        self.held: list[Place] = []
        self.parted: list[Place] = []

    def counts(self) -> Counter[object]:
        return Counter(place.holder for place in self.held)

    @rule(address=st.sampled_from(ADDRESSES))
    def ask(self, address: str) -> None:
        before = self.counts()
        richest = max(before.values(), default=0)
        lost = len(self.parted)
        made = self.places.take(address, lambda: None)
        for place in [each for each in self.held if each.is_lost]:
            self.held.remove(place)
            self.parted.append(place)
            victim = place
        if before.total() < 5:
            assert made is not None
            assert len(self.parted) == lost, "nobody loses a place while one is free"
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
            place = self.held.pop(which % len(self.held))
            self.places.leave(place)
            if again:
                self.places.leave(place)

    @rule(which=st.integers(0, 20))
    def leave_what_is_lost(self, which: int) -> None:
        if self.parted:
            self.places.leave(self.parted[which % len(self.parted)])

    @invariant()
    def holds_what_it_says_and_no_more(self) -> None:
        assert len(self.places) == len(self.held) <= 5
        assert not any(place.is_lost for place in self.held)

    @invariant()
    def an_address_without_a_place_gets_one_unless_each_holds_at_most_one(self) -> None:
        counts = self.counts()
        if max(counts.values(), default=0) < 2:
            return
        made = self.places.take("newcomer", lambda: None)
        assert made is not None
        self.places.leave(made)
        self.held = [place for place in self.held if not place.is_lost]


TestCrowd = Crowd.TestCase


def test_the_oldest_place_of_the_address_that_holds_most_goes_and_its_holder_is_called():
    places, called = Places(4), []
    for number, address in enumerate(["a", "b", "b", "b"]):
        places.take(address, lambda number=number: called.append(number))
    assert places.take("c", lambda: None) is not None
    assert called == [1]
    assert (places.lost_count, places.refused_count, len(places)) == (1, 0, 4)


@pytest.mark.parametrize("asks", ["a", "b", "c"])
def test_once_every_address_has_its_share_newcomers_are_refused(asks: str):
    places = Places(3)
    for address in ("a", "b", "z"):
        assert places.take(address, lambda: None) is not None
    assert places.take(asks, lambda: None) is None
    assert (places.lost_count, places.refused_count) == (0, 1)


def test_without_places_everybody_is_refused():
    assert Places(0).take("a", lambda: None) is None


def test_addresses_without_limits_each_count_for_themselves():
    places = Places(2)
    for _ in range(2):
        assert places.take(holder_of(None), lambda: None) is not None
    assert places.take("a", lambda: None) is None

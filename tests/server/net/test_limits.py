"""Limits: exact counts whatever comes, and no memory of those who left."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from server.net.limits import Limits, Refused
from server.net.settings import NetSettings

TIGHT = evolve(
    NetSettings(),
    connections_max=8,
    handshakes_max=4,
    connections_per_address_max=3,
    connections_per_address_burst=5,
    connections_per_address_per_s=1.0,
    addresses_max=16,
    unlimited_addresses=("10.0.0.0/8",),
)
LOOSE = evolve(TIGHT, connections_max=1_000, handshakes_max=1_000)
ADDRESSES = st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::1", "10.1.2.3", "no address"])


class LimitsMachine(RuleBasedStateMachine):
    """Against a model that only counts."""

    def __init__(self) -> None:
        super().__init__()
        self.limits = Limits(TIGHT)
        self.now_s = 0.0
        self.shaking: list[tuple[str, str | None]] = []
        self.open: list[tuple[str, str | None]] = []

    @rule(address=ADDRESSES)
    def admit(self, address: str) -> None:
        mine = sum(each.count(address) for each in self.shaking + self.open)
        refused = self.limits.admit(address, self.now_s)
        if refused is None:
            self.shaking.append((address, None))
            assert address.startswith("10.") or mine < TIGHT.connections_per_address_max
        elif refused is Refused.ADDRESS_COUNT:
            assert mine >= TIGHT.connections_per_address_max

    @precondition(lambda self: self.shaking)
    @rule(address=st.none() | ADDRESSES)
    def finish_handshake(self, address: str | None) -> None:
        peer, _ = self.shaking.pop()
        self.limits.finish_handshake()
        if address is not None and self.limits.reveal(address, self.now_s) is not None:
            address = None
        self.open.append((peer, address))

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 100))
    def release(self, which: int) -> None:
        self.limits.release(*self.open.pop(which % len(self.open)))

    @rule(seconds=st.floats(0, 10))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds

    @invariant()
    def the_counts_are_those_of_the_model(self) -> None:
        statistics = self.limits.statistics()
        assert statistics.connections == len(self.shaking) + len(self.open)
        assert statistics.handshakes == len(self.shaking)
        assert statistics.connections <= TIGHT.connections_max
        assert statistics.handshakes <= TIGHT.handshakes_max
        assert statistics.addresses <= TIGHT.addresses_max


TestLimits = LimitsMachine.TestCase


def test_an_address_may_burst_and_then_has_a_rate() -> None:
    limits = Limits(LOOSE)
    for _ in range(5):
        assert limits.admit("192.0.2.1", 0.0) is None
        limits.release("192.0.2.1")
    assert limits.admit("192.0.2.1", 0.5) is Refused.ADDRESS_RATE
    assert limits.admit("192.0.2.2", 0.5) is None
    assert limits.admit("192.0.2.1", 1.5) is None


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_a_household_counts_as_one_in_ipv6(one: int, other: int) -> None:
    limits = Limits(LOOSE)
    addresses = [
        f"2001:db8::{n >> 48:x}:{n >> 32 & 0xFFFF:x}:{n >> 16 & 0xFFFF:x}:{n & 0xFFFF:x}"
        for n in (one, other)
    ]
    for address in (addresses[0], addresses[1], addresses[0]):
        assert limits.admit(address, 0.0) is None
    assert limits.admit(addresses[1], 0.0) is Refused.ADDRESS_COUNT


def test_idle_addresses_are_forgotten_when_the_table_is_full() -> None:
    limits = Limits(LOOSE)
    for number in range(16):
        assert limits.admit(f"192.0.2.{number}", 0.0) is None
        if number:
            limits.release(f"192.0.2.{number}")
    assert limits.admit("198.51.100.1", 0.0) is Refused.TOTAL  # all were here a moment ago
    assert limits.admit("198.51.100.1", 1.0) is None
    assert limits.statistics().addresses == 2  # the one that stayed, and the new one


@pytest.mark.parametrize("refused", Refused)
def test_every_refusal_has_a_status_and_words(refused: Refused) -> None:
    assert refused.status in (429, 503)
    assert refused.reason

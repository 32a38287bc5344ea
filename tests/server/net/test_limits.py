"""Limits: counts stay exact whatever happens, and nothing is kept of clients that left."""

from collections.abc import Callable

import pytest
from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from server.budget.ledger import ArrivalLimits, Ledger
from server.budget.settings import BudgetSettings
from server.net.limits import ConnectionPermit, Limits, Refused
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
    trusted_proxies=("172.16.0.1",),
)
LOOSE = evolve(TIGHT, connections_max=1_000, handshakes_max=1_000)
ADDRESSES = st.sampled_from(["192.0.2.1", "192.0.2.2", "2001:db8::1", "10.1.2.3", "no address"])


def nothing() -> None:
    """Ignore a request to end a connection."""


@define(eq=False)
class Door:
    """Limits whose clock the test sets."""

    settings: NetSettings
    budget: BudgetSettings = field(factory=BudgetSettings)
    now_s: float = 0.0
    ledger: Ledger = field(init=False)
    limits: Limits = field(init=False)

    def __attrs_post_init__(self) -> None:
        arrivals = ArrivalLimits(
            self.settings.connections_per_address_per_s,
            self.settings.connections_per_address_burst,
            self.settings.addresses_max,
        )
        self.ledger = Ledger(self.budget, arrivals, lambda: self.now_s)
        self.limits = Limits(self.settings, self.ledger)

    def admit(self, address: str, end: Callable[[], None] = nothing) -> ConnectionPermit | Refused:
        return self.limits.admit(address, end)

    def comes(self, address: str) -> ConnectionPermit:
        permit = self.admit(address)
        assert isinstance(permit, ConnectionPermit), permit
        return permit


class LimitsMachine(RuleBasedStateMachine):
    """Compare the limits with a model that only counts."""

    def __init__(self) -> None:
        super().__init__()
        self.door = Door(TIGHT)
        self.unfinished: list[ConnectionPermit] = []  # the oldest first
        self.open: list[ConnectionPermit] = []
        self.addresses: dict[ConnectionPermit, str] = {}  # in order of arrival
        self.ended: list[int] = []  # by their place in that order

    @rule(address=ADDRESSES)
    def admit(self, address: str) -> None:
        mine = sum(self.addresses[each] == address for each in self.unfinished + self.open)
        ended_count = len(self.ended)
        number = len(self.addresses)
        permit = self.door.admit(address, lambda: self.ended.append(number))
        if isinstance(permit, ConnectionPermit):
            if len(self.unfinished) == TIGHT.handshakes_max:
                assert len(self.ended) == ended_count + 1, "the oldest has to make room"
                assert self.ended[-1] == list(self.addresses).index(self.unfinished[0])
                self.open.append(self.unfinished.pop(0))
            self.unfinished.append(permit)
            self.addresses[permit] = address
            assert address.startswith("10.") or mine < TIGHT.connections_per_address_max
        elif permit is Refused.ADDRESS_COUNT:
            assert mine >= TIGHT.connections_per_address_max

    @precondition(lambda self: self.unfinished)
    @rule(address=st.none() | ADDRESSES, is_new=st.booleans())
    def finish_head(self, address: str | None, is_new: bool) -> None:
        permit = self.unfinished.pop()
        self.door.limits.finish_head(permit)
        if address is not None:
            refused = self.door.limits.reassign(permit, address, is_new=is_new)
            if refused is None:
                self.addresses[permit] = address
        self.open.append(permit)

    @precondition(lambda self: self.open)
    @rule(which=st.integers(0, 100))
    def release(self, which: int) -> None:
        self.door.limits.release(self.open.pop(which % len(self.open)))

    @rule(seconds=st.floats(0, 10))
    def wait(self, seconds: float) -> None:
        self.door.now_s += seconds

    @invariant()
    def the_counts_are_those_of_the_model(self) -> None:
        statistics = self.door.limits.statistics()
        assert statistics.connections == len(self.unfinished) + len(self.open)
        assert statistics.handshakes == len(self.unfinished)
        assert statistics.connections <= TIGHT.connections_max
        assert statistics.handshakes <= TIGHT.handshakes_max
        assert statistics.addresses <= TIGHT.addresses_max


TestLimits = LimitsMachine.TestCase


def test_an_address_may_burst_and_then_has_a_rate() -> None:
    door = Door(LOOSE)
    for _ in range(5):
        door.limits.release(door.comes("192.0.2.1"))
    door.now_s = 0.5
    assert door.admit("192.0.2.1") is Refused.ADDRESS_RATE
    assert isinstance(door.admit("192.0.2.2"), ConnectionPermit)
    door.now_s = 1.5
    assert isinstance(door.admit("192.0.2.1"), ConnectionPermit)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_a_household_counts_as_one_in_ipv6(one: int, other: int) -> None:
    door = Door(LOOSE)
    addresses = [
        f"2001:db8::{n >> 48:x}:{n >> 32 & 0xFFFF:x}:{n >> 16 & 0xFFFF:x}:{n & 0xFFFF:x}"
        for n in (one, other)
    ]
    for address in (addresses[0], addresses[1], addresses[0]):
        door.comes(address)
    assert door.admit(addresses[1]) is Refused.ADDRESS_COUNT


def test_idle_addresses_are_forgotten_when_the_table_is_full() -> None:
    door = Door(LOOSE)
    for number in range(16):
        permit = door.comes(f"192.0.2.{number}")
        if number:
            door.limits.release(permit)
    assert door.admit("198.51.100.1") is Refused.TOTAL  # all were here a moment ago
    door.now_s = 1.0
    door.comes("198.51.100.1")
    assert door.limits.statistics().addresses <= 10  # some of the idle ones made room


def test_an_address_with_too_many_unfinished_heads_loses_its_own_oldest() -> None:
    door = Door(
        evolve(LOOSE, connections_per_address_max=9), BudgetSettings(unfinished_heads_per_address=2)
    )
    ended: list[str] = []
    door.admit("192.0.2.7", lambda: ended.append("of another address"))
    for name in ("first", "second", "third"):
        door.admit("192.0.2.1", lambda name=name: ended.append(name))
    assert ended == ["first"]
    assert door.ledger.refused == {"unfinished_heads": 1}
    assert door.limits.statistics().handshakes == 3


def test_an_address_in_debt_may_not_open_connections() -> None:
    door = Door(LOOSE)
    source = door.comes("192.0.2.1").source
    assert source is not None
    source.work.charge(door.now_s, 10_000_000)
    assert door.admit("192.0.2.1") is Refused.ADDRESS_WORK
    door.now_s = 60.0
    door.comes("192.0.2.1")


def test_a_proxy_has_no_limits_until_it_names_somebody() -> None:
    door = Door(LOOSE)
    visits = [door.comes("172.16.0.1") for _ in range(9)]
    for connection in visits[:3]:
        assert door.limits.reassign(connection, "192.0.2.1", is_new=True) is None
    assert door.limits.reassign(visits[3], "192.0.2.1", is_new=True) is Refused.ADDRESS_COUNT
    assert door.limits.reassign(visits[3], "192.0.2.2", is_new=True) is None


def test_a_later_request_on_a_connection_moves_it_to_another_address() -> None:
    door = Door(LOOSE)
    connection = door.comes("172.16.0.1")
    assert door.limits.reassign(connection, "192.0.2.1", is_new=True) is None
    assert door.limits.reassign(connection, "192.0.2.2", is_new=False) is None
    counts = [door.ledger.source(f"192.0.2.{n}") for n in (1, 2)]
    assert [source.connection_count for source in counts if source] == [0, 1]


@pytest.mark.parametrize("refused", Refused)
def test_every_refusal_has_a_status_and_words(refused: Refused) -> None:
    assert refused.status in (429, 503)
    assert refused.reason

"""Accounts and sources: who pays, who is refused, and what is forgotten."""

from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from server.budget.costs import FRAME, HOLDINGS, LOBBY_MESSAGE, VIEWERS, WORKS, Work
from server.budget.ledger import (
    LOOKED_AT,
    Account,
    ArrivalLimits,
    Ledger,
    OverBudgetError,
    Source,
)
from server.budget.settings import BudgetSettings

SMALL = BudgetSettings(
    connection_ms_per_s=10,
    connection_burst_ms=100,
    session_ms_per_s=10,
    session_burst_ms=100,
    address_ms_per_s=20,
    address_burst_ms=200,
    viewers_per_address=2,
)
EXPENSIVE = Work("expensive", 150_000, "of a test")


@define(eq=False)
class Office:
    """A ledger with a clock that the test sets."""

    now_s: float = 0.0
    heard_us: list[float] = field(factory=list)
    ledger: Ledger = field(init=False)

    def __attrs_post_init__(self) -> None:
        arrivals = ArrivalLimits(per_s=1, burst=5, sources_max=4)
        self.ledger = Ledger(SMALL, arrivals, lambda: self.now_s, self.heard_us.append)

    def account(self, address: str | None = "a") -> Account:
        source = self.ledger.source(address) if address is not None else None
        return self.ledger.open_connection(source)


def used_up(account: Account, work: Work) -> int:
    """How often the account could pay for the work."""
    count = 0
    while account.spend(work):
        count += 1
        assert count < 100_000, "no end of it"
    return count


def test_a_connection_has_its_burst_and_then_its_rate() -> None:
    office = Office()
    account = office.account(None)
    assert used_up(account, FRAME) == 100_000 / FRAME.cost_us
    assert office.ledger.refused == {"frame": 1}
    office.now_s = 1.0
    assert used_up(account, FRAME) == 10_000 / FRAME.cost_us


def test_connections_of_one_address_share_its_budget() -> None:
    office = Office()
    counts = [used_up(office.account(), FRAME) for _ in range(4)]
    assert sum(counts) == 200_000 / FRAME.cost_us
    assert used_up(office.account("another"), FRAME) > 0


def test_one_overdraft_is_granted_and_paid_off() -> None:
    office = Office()
    account = office.account(None)
    assert account.spend(EXPENSIVE)
    assert not account.spend(FRAME)
    office.now_s = 4.9
    assert not account.spend(FRAME)
    office.now_s = 5.1
    assert account.spend(FRAME)


def test_a_session_pays_with_its_own_budget_and_that_of_its_address() -> None:
    office = Office()
    source = office.ledger.source("a")
    session = office.ledger.open_session(source)
    paid = used_up(session, LOBBY_MESSAGE)
    assert paid == 100_000 / LOBBY_MESSAGE.cost_us
    assert source is not None
    assert source.work.level(0.0) == 100_000


def test_spent_work_is_reported_to_the_share() -> None:
    office = Office()
    office.account().spend(FRAME, 3)
    assert office.heard_us == [3 * FRAME.cost_us]
    assert office.ledger.spent_us == {"frame": 3 * FRAME.cost_us}


def test_changed_limits_count_for_an_address_from_its_next_connection() -> None:
    office = Office()
    assert used_up(office.account(), FRAME) > 0
    office.ledger.reload(
        evolve(SMALL, address_ms_per_s=1_000, connection_burst_ms=500),
        ArrivalLimits(per_s=1, burst=1, sources_max=4),
    )
    source = office.ledger.source("a")
    assert source is not None
    assert source.arrivals.level(0.0) == 1
    before_us = source.work.level(0.0)
    assert source.work.level(0.1) == pytest.approx(min(200_000, before_us + 100_000))
    assert used_up(office.ledger.open_connection(None), FRAME) == 500_000 / FRAME.cost_us


def test_work_that_cannot_be_paid_raises_with_words() -> None:
    office = Office()
    account = office.account()
    account.must_spend(EXPENSIVE)
    with pytest.raises(OverBudgetError, match=r"one client \(frame\)"):
        account.must_spend(FRAME)


def test_holdings_have_a_quota_for_each_address_and_are_released() -> None:
    office = Office()
    first, second, stranger = office.account(), office.account(), office.account("b")
    assert first.hold(VIEWERS)
    assert second.hold(VIEWERS)
    assert not first.hold(VIEWERS)
    assert stranger.hold(VIEWERS)
    assert office.ledger.refused == {"viewers": 1}
    second.release(VIEWERS)
    assert first.hold(VIEWERS)


def test_an_address_without_limits_holds_what_it_likes() -> None:
    account = Office().account(None)
    assert all(account.hold(VIEWERS) for _ in range(100))
    account.release(VIEWERS, 100)


@given(st.lists(st.sampled_from("abcdefgh"), max_size=40))
def test_the_table_is_bounded_and_never_forgets_who_is_busy(keys: list[str]) -> None:
    office = Office()
    busy: dict[str, Source] = {}
    for key in keys:
        source = office.ledger.source(key)
        if source is not None:
            assert busy.setdefault(key, source) is source
            source.connection_count += 1
        assert len(office.ledger) <= 4
        assert (source is None) == (key not in busy)


def test_idle_addresses_make_room() -> None:
    office = Office()
    for key in "abcd":
        source = office.ledger.source(key)
        assert source is not None
        source.work.charge(office.now_s, 1_000)
    assert office.ledger.source("e") is None
    office.now_s = 1.0
    assert office.ledger.source("e") is not None
    assert len(office.ledger) == 1


def test_every_kind_has_a_name_of_its_own_a_cost_and_words() -> None:
    names = [each.name for each in (*WORKS, *HOLDINGS)]
    assert len(set(names)) == len(names)
    assert all(work.cost_us > 0 for work in WORKS)
    assert all(holding.quota(SMALL) > 0 for holding in HOLDINGS)
    assert all(each.text for each in (*WORKS, *HOLDINGS))


class HoldingMachine(RuleBasedStateMachine):
    """Quotas against a model that only counts."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office()
        self.held: list[Account] = []

    @rule(address=st.sampled_from("ab"))
    def hold(self, address: str) -> None:
        account = self.office.account(address)
        mine = sum(each.source is account.source for each in self.held)
        assert account.hold(VIEWERS) == (mine < SMALL.viewers_per_address)
        if mine < SMALL.viewers_per_address:
            self.held.append(account)

    @precondition(lambda self: self.held)
    @rule(which=st.integers(0, 10))
    def release(self, which: int) -> None:
        self.held.pop(which % len(self.held)).release(VIEWERS)

    @invariant()
    def nothing_is_left_behind(self) -> None:
        for key in "ab":
            source = self.office.ledger.source(key)
            assert source is not None
            mine = sum(each.source is source for each in self.held)
            assert source.held.total() == mine
            assert source.is_idle(0.0) == (mine == 0)


TestHoldings = HoldingMachine.TestCase


class Names:
    """Fake settings: each has its own name as its value."""

    def __getattr__(self, name: str) -> str:
        return name


def test_the_operations_page_has_the_tables_of_costs_and_quotas() -> None:
    page = (Path(__file__).parents[3] / "docs" / "OPERATIONS.md").read_text()
    costs = page.partition("<!-- costs -->")[2].partition("<!-- end of costs -->")[0]
    rows = [f"| `{work.name}` | {work.cost_us:,} | {work.text} |" for work in WORKS]
    assert costs.strip().splitlines()[2:] == rows
    held = page.partition("<!-- holdings -->")[2].partition("<!-- end of holdings -->")[0]
    names: Any = Names()
    rows = [f"| `{it.name}` | `budget.{it.quota(names)}` | {it.text} |" for it in HOLDINGS]
    assert held.strip().splitlines()[2:] == rows


def test_a_neighbour_who_floods_ends_no_conversation_of_others_at_the_address() -> None:
    office = Office()
    for _ in range(6):
        used_up(office.account(), FRAME)
    neighbour = office.account()
    assert not neighbour.spend(LOBBY_MESSAGE), "what is new waits until the address has paid"
    assert neighbour.spend_here(FRAME)
    source = office.ledger.source("a")
    assert source is not None
    before = source.work.level(0.0)
    assert neighbour.spend_here(FRAME)
    assert source.work.level(0.0) == before - FRAME.cost_us, "and the address pays for it"


def test_forgetting_looks_at_few_addresses_however_many_there_are() -> None:
    arrivals = ArrivalLimits(per_s=1, burst=5, sources_max=100_000)
    ledger = Ledger(SMALL, arrivals, lambda: 0.0)
    for number in range(1_000):
        source = ledger.source(f"busy {number}")
        assert source is not None
        source.connection_count = 1
    looked_at: list[Source] = []
    idle = Source.is_idle
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Source, "is_idle", lambda it, now_s: (looked_at.append(it), idle(it, now_s))[1]
        )
        ledger.source("another")
    assert len(looked_at) == LOOKED_AT


def test_a_proxys_connection_is_nobodys_and_never_spent() -> None:
    office = Office()
    shared = office.ledger.open_shared_connection()
    assert all(shared.spend(EXPENSIVE) for _ in range(1_000))
    shared.source = office.ledger.source("a")
    assert used_up(shared, FRAME) == 200_000 / FRAME.cost_us
    shared.source = office.ledger.source("b")
    assert shared.spend(FRAME)

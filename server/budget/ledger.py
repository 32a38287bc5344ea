"""Work budgets: an account for each connection and lobby session, a source for each address.

Owns: the levels, and the table of sources. Must not know: sockets, messages, Trio (the clock is
handed in). Invariants: the table is bounded; an overdrawn account is refused until its
budget has refilled; everything held is released exactly once.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable

from attrs import define, field, frozen

from server.budget.bucket import Bucket
from server.budget.costs import Holding, Work
from server.budget.settings import BudgetSettings

US_PER_MS = 1_000
LOOKED_AT = 8  # sources checked for eviction whenever a new one comes


class OverBudgetError(Exception):
    """More work was asked for than the budget allows; `work` names the kind."""

    def __init__(self, work: Work) -> None:
        """The text is for the person at the other end."""
        super().__init__(f"more than this server allows one client ({work.name})")
        self.work = work


@define(eq=False)
class Source:
    """One address, an IPv6 /64 counting as one: its work, its arrivals, and what it holds."""

    work: Bucket  # microseconds
    arrivals: Bucket  # connections
    paced_by: "ArrivalLimits"  # in force when its two buckets were made or changed
    connection_count: int = 0
    held: Counter[str] = field(factory=Counter)  # by name of the holding

    def is_idle(self, now_s: float) -> bool:
        """Whether forgetting it loses nothing: a new one would look the same."""
        is_free = not self.connection_count and not self.held.total()
        return is_free and self.work.is_full(now_s) and self.arrivals.is_full(now_s)


@frozen
class ArrivalLimits:
    """New connections of one address, and how many addresses are remembered."""

    per_s: float
    burst: float
    sources_max: int


@define(eq=False)
class Ledger:
    """All accounts of a process. `clock` gives seconds that never go back."""

    settings: BudgetSettings
    arrivals: ArrivalLimits
    clock: Callable[[], float]
    on_work: Callable[[float], None] = lambda _cost_us: None  # see `Share`
    spent_us: dict[str, float] = field(factory=lambda: defaultdict(float))  # by kind of work
    refused: Counter[str] = field(factory=Counter)  # by kind of work or holding
    _sources: dict[str, Source] = field(factory=dict)

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._sources)

    def reload(self, settings: BudgetSettings, arrivals: ArrivalLimits) -> None:
        """Put new settings in force: for an address at its next connection or request, for
        connections and sessions when they begin. Updating all addresses here would take too long.
        """
        self.settings, self.arrivals = settings, arrivals

    def source(self, key: str) -> Source | None:
        """The source with this key, made if missing; None when the table is full of busy ones."""
        source = self._sources.get(key)
        if source is None:
            now_s = self.clock()
            self._forget_idle(now_s)
            if len(self._sources) >= self.arrivals.sources_max:
                return None
            source = self._sources[key] = Source(
                Bucket(*self._address_pace, now_s),
                Bucket(self.arrivals.per_s, self.arrivals.burst, now_s),
                self.arrivals,
            )
        elif source.paced_by is not self.arrivals:
            now_s, source.paced_by = self.clock(), self.arrivals
            source.work.change(*self._address_pace, now_s)
            source.arrivals.change(self.arrivals.per_s, self.arrivals.burst, now_s)
        return source

    @property
    def _address_pace(self) -> tuple[float, float]:
        settings = self.settings
        return settings.address_ms_per_s * US_PER_MS, settings.address_burst_ms * US_PER_MS

    def open_connection(self, source: Source | None) -> "Account":
        """The account of one connection; `source` None: an address without limits."""
        settings = self.settings
        return Account(
            self,
            source,
            Bucket(
                settings.connection_ms_per_s * US_PER_MS,
                settings.connection_burst_ms * US_PER_MS,
                self.clock(),
            ),
        )

    def open_shared_connection(self) -> "Account":
        """The account of a connection that belongs to no one client: a proxy's, where each request
        is charged to the address that it is for, or a refused one.
        """
        return Account(self, None, Bucket(0.0, float("inf"), self.clock()))

    def open_session(self, source: Source | None) -> "Account":
        """The account of one person in the lobby, which outlives their connections."""
        settings = self.settings
        return Account(
            self,
            source,
            Bucket(
                settings.session_ms_per_s * US_PER_MS,
                settings.session_burst_ms * US_PER_MS,
                self.clock(),
            ),
        )

    def hold(self, source: Source, holding: Holding, count: int = 1) -> bool:
        """Count something held by an address; False, and nothing is counted, over its quota."""
        if source.held[holding.name] + count > holding.quota(self.settings):
            self.refused[holding.name] += 1
            return False
        source.held[holding.name] += count
        return True

    def release(self, source: Source, holding: Holding, count: int = 1) -> None:
        """Give back what `hold` counted."""
        source.held[holding.name] -= count
        assert source.held[holding.name] >= 0, "released more than was held"
        if not source.held[holding.name]:
            del source.held[holding.name]

    def _forget_idle(self, now_s: float) -> None:
        """Check the few sources that were checked longest ago, and evict idle ones. A scan of all
        would take half a second, and anybody with a /48 has enough addresses to fill the table.
        """
        for key in list(itertools.islice(self._sources, LOOKED_AT)):
            source = self._sources.pop(key)
            if not source.is_idle(now_s):
                self._sources[key] = source  # at the end


@define(eq=False)
class Account:
    """The remaining budget of one connection or one session. Its source pays as well."""

    ledger: Ledger
    source: Source | None  # changes when a proxy names another address
    _own: Bucket

    def spend(self, work: Work, count: float = 1) -> bool:
        """Charge work that is about to be done; False, and nothing is charged, while in debt."""
        ledger, source = self.ledger, self.source
        now_s = ledger.clock()
        is_paid = self._own.level(now_s) > 0 and (source is None or source.work.level(now_s) > 0)
        if not is_paid:
            ledger.refused[work.name] += 1
            return False
        self._charge(work, count, now_s)
        return True

    def spend_here(self, work: Work, count: float = 1) -> bool:
        """Charge work on an established connection: only its own debt refuses. Its address pays as
        well, but a client that floods does not end the conversations of others at its address.
        """
        ledger = self.ledger
        now_s = ledger.clock()
        if self._own.level(now_s) <= 0:
            ledger.refused[work.name] += 1
            return False
        self._charge(work, count, now_s)
        return True

    def must_spend(self, work: Work, count: float = 1) -> None:
        """Charge like `spend`, but raise `OverBudgetError` in place of False."""
        if not self.spend(work, count):
            raise OverBudgetError(work)

    def hold(self, holding: Holding, count: int = 1) -> bool:
        """The same as `Ledger.hold` for this address. The caller must call `release` once."""
        return self.source is None or self.ledger.hold(self.source, holding, count)

    def release(self, holding: Holding, count: int = 1) -> None:
        """Give back what `hold` counted."""
        if self.source is not None:
            self.ledger.release(self.source, holding, count)

    def _charge(self, work: Work, count: float, now_s: float) -> None:
        cost_us = work.cost_us * count
        self._own.charge(now_s, cost_us)
        if self.source is not None:
            self.source.work.charge(now_s, cost_us)
        self.ledger.spent_us[work.name] += cost_us
        self.ledger.on_work(cost_us)

"""The store of results, as a database on the same disk: slow, sometimes failing, and durable.

Owns: the rows. Must not know: matches. Invariants: a row that was committed outlives every process;
a result that is stored again stays one row.
"""

import random
from collections import Counter

import trio
import trio.lowlevel
from attrs import define, field

from server.store.base import RECENT_MAX, MatchResult, StoreError
from tests.simulation.effects import Mortal
from tests.simulation.trace import Trace

WRITE_S_MAX = 0.2  # most writes are much quicker


@define(eq=False)
class Ledger:
    """The rows over all lives of the server; `fault_share` of the writes fail."""

    dice: random.Random
    trace: Trace
    fault_share: float = 0.0
    is_healed: bool = False
    rows: dict[tuple[str, int], MatchResult] = field(factory=dict)
    counted: Counter[tuple[str, int]] = field(factory=Counter)  # how often each was counted

    def commit(self, result: MatchResult) -> bool:
        """Store a result unless it is there already; True when it was new."""
        key = (result.match_id, result.round_number)
        is_new = key not in self.rows
        self.trace.note("ledger", "commit", *key, is_new, result.digest.hex())
        if is_new:
            self.rows[key] = result
            self.counted[key] += 1
        return is_new


@define(eq=False)
class LedgerStore:
    """One process's access to the ledger; implements `server.store.base.Store`."""

    ledger: Ledger
    process: Mortal

    async def record_result(self, result: MatchResult) -> bool:
        """Store `result`. A caller that is cancelled here does not know whether it was stored."""
        ledger = self.ledger
        await trio.sleep(ledger.dice.random() ** 4 * WRITE_S_MAX)
        if not ledger.is_healed and ledger.dice.random() < ledger.fault_share:
            raise StoreError("the simulated database is locked")
        if not self.process.effect():
            raise StoreError("the process is dead")
        is_new = ledger.commit(result)
        await trio.sleep(ledger.dice.random() ** 4 * WRITE_S_MAX)
        return is_new

    async def recent_results(self, limit: int) -> list[MatchResult]:
        """The latest results, newest first."""
        await trio.lowlevel.checkpoint()
        newest = sorted(self.ledger.rows.values(), key=lambda it: (-it.ended_s, it.match_id))
        return newest[: max(0, min(limit, RECENT_MAX))]

    async def aclose(self) -> None:
        """Do nothing: there is nothing to close."""
        await trio.lowlevel.checkpoint()

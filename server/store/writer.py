"""Results on their way to a store that may be slow, locked or full.

Owns: the queue in front of a store, and its retries. Must not know: SQL, matches. Invariants:
recording a result never waits and never fails a match; at most `pending_max` results wait (policy:
refuse the new one); they are written in order of arrival.
"""

from collections import deque
from collections.abc import Callable

import structlog
import trio
from attrs import define, field, frozen

from server.store.base import MatchResult, Store, StoreError

RETRY_FIRST_S = 0.25
LAST_TRIES_S = 2.0  # a process that ends does not wait longer for its store

log = structlog.get_logger("store")


@frozen
class WriterStatistics:
    """Counters of written and lost results."""

    pending: int
    written: int
    repeated: int  # recorded again after they were kept
    failures: int  # tries that the store refused
    dropped: int


@define(eq=False)
class ResultWriter:
    """A `Store` that takes results at once and writes them in `run`."""

    store: Store
    pending_max: int
    retry_s: float  # the longest pause between two tries
    on_stored: Callable[[MatchResult], None] | None = None  # called once a result is kept
    _pending: deque[MatchResult] = field(factory=deque)
    _changed: trio.Event = field(factory=trio.Event)
    _written: int = 0
    _repeated: int = 0
    _failures: int = 0
    _dropped: int = 0

    async def record_result(self, result: MatchResult) -> bool:
        """Queue `result`. Raises `StoreError` when too many are waiting already."""
        if len(self._pending) >= self.pending_max:
            self._dropped += 1
            raise StoreError(f"{self.pending_max} results are already waiting")
        self._pending.append(result)
        self._changed.set()
        return True

    async def recent_results(self, limit: int) -> list[MatchResult]:
        """Return the results of the store behind, without those that still wait."""
        return await self.store.recent_results(limit)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Write results until cancelled."""
        task_status.started()
        pause_s = RETRY_FIRST_S
        while True:
            if not self._pending:
                self._changed = trio.Event()
                await self._changed.wait()
            elif await self._try():
                pause_s = RETRY_FIRST_S
            else:
                await trio.sleep(pause_s)
                pause_s = min(pause_s * 2, self.retry_s)

    async def aclose(self) -> None:
        """Write what waits, then close the store. One that refuses is tried again for
        `LAST_TRIES_S`; one that writes is waited for. `run` must have ended.
        """
        pause_s, give_up_s = RETRY_FIRST_S, trio.current_time() + LAST_TRIES_S
        while self._pending:
            if await self._try():
                continue
            if trio.current_time() + pause_s > give_up_s:
                break
            await trio.sleep(pause_s)
            pause_s *= 2
        if self._pending:
            log.error("results_lost", count=len(self._pending))
        await self.store.aclose()

    def statistics(self) -> WriterStatistics:
        """Return the current counts."""
        return WriterStatistics(
            pending=len(self._pending),
            written=self._written,
            repeated=self._repeated,
            failures=self._failures,
            dropped=self._dropped,
        )

    async def _try(self) -> bool:
        result = self._pending[0]
        try:
            is_new = await self.store.record_result(result)
        except StoreError as error:
            self._failures += 1
            log.warning("result_not_written", match=result.match_id, reason=str(error))
            return False
        # A cancelled try may have been written all the same: it is recorded again, and kept once.
        self._pending.popleft()
        if self.on_stored is not None:
            self.on_stored(result)
        self._written += is_new
        self._repeated += not is_new
        return True

"""Results in memory: for tests, and for servers that keep nothing.

Owns: the last `RESULTS_MAX` results. Must not know: files. Invariant: bounded; the oldest result
goes first.
"""

from attrs import define, field

from server.store.base import RECENT_MAX, MatchResult

RESULTS_MAX = 1_000


@define
class MemoryStore:
    """See `Store`."""

    results: dict[tuple[str, int], MatchResult] = field(factory=dict)

    async def record_result(self, result: MatchResult) -> bool:
        """Keep `result`; True when it was new."""
        key = (result.match_id, result.round_number)
        if key in self.results:
            return False
        while len(self.results) >= RESULTS_MAX:
            del self.results[next(iter(self.results))]
        self.results[key] = result
        return True

    async def recent_results(self, limit: int) -> list[MatchResult]:
        """Return the most recent results, newest first."""
        newest = sorted(self.results.values(), key=lambda it: (-it.ended_s, it.match_id))
        return newest[: max(0, min(limit, RECENT_MAX))]

    async def aclose(self) -> None:
        """Do nothing: there are no files to close."""

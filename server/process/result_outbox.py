"""Results on their way from a worker to the gateway's store.

Owns: results that are not acknowledged. Must not know: sockets, how results are stored. Invariants:
a result is sent again until the gateway acknowledges it, so it arrives at least once whatever dies
(the store makes it exactly once); at most `pending_max` are pending (policy: refuse the new one),
and at most `RESENT_MAX` are sent again at a time, the oldest first, so that no channel is overrun.
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

from attrs import define, field

from server.process.serialization import result_row
from server.store.base import MatchResult, StoreError

RESENT_MAX = 200

Send = Callable[..., bool]


@define(eq=False)
class ResultOutbox:
    """A `Store` whose storage is in another process. `send` uses the current channel, if any."""

    pending_max: int
    on_stored: Callable[[MatchResult], None] | None = None
    send: Send | None = None
    _pending: dict[tuple[str, int], MatchResult] = field(factory=dict)

    async def record_result(self, result: MatchResult) -> bool:
        """Send `result`, and keep it until it is acknowledged. Raises `StoreError` when full."""
        key = (result.match_id, result.round_number)
        if key in self._pending:
            return False
        if len(self._pending) >= self.pending_max:
            raise StoreError(f"{self.pending_max} results are already waiting")
        self._pending[key] = result
        self._send(result)
        return True

    async def recent_results(self, limit: int) -> list[MatchResult]:
        """The pending results, newest first; the gateway has the others."""
        return list(reversed(self._pending.values()))[:limit]

    async def aclose(self) -> None:
        """Do nothing: there is nothing to close."""

    def resend(self) -> None:
        """Send the oldest pending results again: a gateway is new, or had no room for them."""
        for result in islice(self._pending.values(), RESENT_MAX):
            self._send(result)

    def acknowledge(self, match_id: str, round_number: int) -> None:
        """Drop a result that the store has."""
        result = self._pending.pop((match_id, round_number), None)
        if result is not None and self.on_stored is not None:
            self.on_stored(result)

    @property
    def pending_count(self) -> int:
        """How many results are not acknowledged."""
        return len(self._pending)

    def _send(self, result: MatchResult) -> Any:
        return self.send("result", result_row(result)) if self.send is not None else None

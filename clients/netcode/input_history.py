"""The local player's inputs by tick, from the oldest that a snapshot may still need to the newest.

Owns: the inputs, and the server's rule for a missing one: the last one stays in force, and after
`COAST_TICKS` the keys are released (server/match/inbox.py). Invariant: at most `INPUTS_MAX` inputs
are kept.
"""

from attrs import define, field

from clients.netcode.tuning import COAST_TICKS, INPUTS_MAX
from game.inputs import NEUTRAL, Input


@define
class InputHistory:
    """Inputs in ascending order of ticks."""

    _by_tick: dict[int, Input] = field(factory=dict)

    def __len__(self) -> int:
        """How many are kept."""
        return len(self._by_tick)

    def put(self, tick: int, wish: Input) -> None:
        """Add the input of `tick`, which is later than all before it."""
        self._by_tick[tick] = wish
        if len(self._by_tick) > INPUTS_MAX:
            del self._by_tick[next(iter(self._by_tick))]

    def at(self, tick: int) -> Input:
        """The input in force at `tick`, as the server has it when all of ours arrive in time."""
        found = self._by_tick.get(tick)
        if found is not None:
            return found
        earlier = [known for known in self._by_tick if known < tick]
        if not earlier:
            return NEUTRAL
        newest = max(earlier)
        last = self._by_tick[newest]
        return last if tick - newest < COAST_TICKS else NEUTRAL._replace(aim=last.aim)

    def forget_before(self, tick: int) -> None:
        """Drop the inputs before `tick`, but not the newest of them: it may still be in force."""
        earlier = [known for known in self._by_tick if known < tick]
        for known in earlier[:-1]:
            del self._by_tick[known]

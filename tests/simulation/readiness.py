"""Reports which streams of the simulated network have data: stands in for `server.net.readiness`.

Owns: which streams are watched. Invariants, as of the real one: a stream that is not reported has
no data, and one that has ended is reported.
"""

from typing import Any

import trio
from attrs import define, field

from tests.simulation.network import Network


@define(eq=False)
class SimReadiness:
    """See the module. Streams are kept by number, in the order in which they were registered."""

    network: Network
    _known: dict[int, tuple[Any, Any]] = field(factory=dict)
    _left_over: list[Any] = field(factory=list)

    def register(self, stream: Any, owner: Any) -> None:
        if stream.fileno() >= 0:
            self._known[stream.fileno()] = (stream, owner)

    def unregister(self, stream: Any) -> None:
        for number, (known, owner) in self._known.items():
            if known is stream:
                del self._known[number]
                self._left_over = [left for left in self._left_over if left is not owner]
                break

    def again(self, owner: Any) -> None:
        self._left_over.append(owner)

    def ready_nowait(self) -> list[Any]:
        transports, now_s = self.network.transports, trio.current_time()
        ready = [
            owner
            for number, (_, owner) in self._known.items()
            if number in transports and transports[number].is_readable_at(now_s)
        ]
        left_over, self._left_over = self._left_over, []
        return ready + [owner for owner in left_over if owner not in ready]

    def close(self) -> None:
        self._known.clear()

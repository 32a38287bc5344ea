"""What a process can be at all times: the gateway, or the worker of a place.

Owns: who is it now. Must not know: how processes are started.
"""

import trio
from attrs import define, field

from server.process.patience import Patience
from server.process.spawn import Child


@define(eq=False)
class Role:
    """Something that a process has to be at all times. `place` is -1 for the gateway."""

    place: int
    patience: Patience
    child: Child | None = None
    is_retiring: bool = False  # it is over once it has nothing to do any more
    is_over: bool = False  # nobody has to be it any more
    serving: trio.Event = field(factory=trio.Event)  # this child does what it should
    _serves_since_s: float = 0.0

    @property
    def name(self) -> str:
        """As in the log."""
        return "gateway" if self.place < 0 else f"worker-{self.place}"

    @property
    def served_s(self) -> float:
        """How long this child has done what it should; 0: it has not begun."""
        return trio.current_time() - self._serves_since_s if self.serving.is_set() else 0.0

    def begin(self) -> None:
        """Somebody has to be found for it."""
        self.serving = trio.Event()

    def serve(self) -> None:
        """The child does what it should, from now on."""
        self._serves_since_s = trio.current_time()
        self.serving.set()

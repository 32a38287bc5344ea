"""The roles of processes: the gateway, or the worker of a place.

Owns: which child has a role now. Must not know: how processes are started.
"""

import trio
from attrs import define, field

from server.process.patience import Patience
from server.process.spawn import Child


@define(eq=False)
class Role:
    """A role that must be filled at all times. `place` is -1 for the gateway."""

    place: int
    patience: Patience
    child: Child | None = None
    is_retiring: bool = False  # it ends once it has nothing left to do
    is_over: bool = False  # it need not be filled any more
    serving: trio.Event = field(factory=trio.Event)  # the current child serves
    _serves_since_s: float = 0.0

    @property
    def name(self) -> str:
        """The name in the log."""
        return "gateway" if self.place < 0 else f"worker-{self.place}"

    @property
    def served_s(self) -> float:
        """How long the current child has served; 0: it does not serve yet."""
        return trio.current_time() - self._serves_since_s if self.serving.is_set() else 0.0

    def begin(self) -> None:
        """Reset the role: its next child does not serve yet."""
        self.serving = trio.Event()

    def serve(self) -> None:
        """Note that the child serves from now on."""
        self._serves_since_s = trio.current_time()
        self.serving.set()

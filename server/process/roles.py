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
    is_over: bool = False  # nobody has to be it any more
    serving: trio.Event = field(factory=trio.Event)  # this child does what it should

    @property
    def name(self) -> str:
        """As in the log."""
        return "gateway" if self.place < 0 else f"worker-{self.place}"

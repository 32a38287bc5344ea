"""A network on which each player has a line of their own.

Owns: how bad each player's line is. Must not know: what runs over it. Invariant: both directions of
a connection have the same stalls.
"""

import random
from collections.abc import Callable

import trio
from attrs import define, field

from clients.chaos.profiles import NetworkProfile
from clients.chaos.stalls import Stalls
from tests.simulation.network import Network, NetworkTrouble
from tests.simulation.pipe import Pipe
from tests.simulation.sim_transport import SimTransport

PastStall = Callable[[float], float]


@define(eq=False)
class Lines(Network):
    """See the module. During `outage` (from, to) nothing gets through on any line."""

    trouble: NetworkTrouble = field(factory=NetworkTrouble)
    profiles: dict[str, NetworkProfile] = field(factory=dict)  # by address
    outage: tuple[float, float] | None = None

    async def connect(self, address: str) -> SimTransport:
        """Connect to the listener over the line of this address."""
        profile, dice = self.profiles[address], random.Random(self.dice.getrandbits(64))
        await trio.sleep(2 * profile.delay_s)
        stalls = Stalls(profile, random.Random(dice.getrandbits(64)), trio.current_time())
        up, down = (self._link(profile, dice, stalls.past) for _ in range(2))
        self._next_number += 1
        assert self.listener is not None, "somebody listens"
        theirs = SimTransport(self._next_number, up, down, self.listener.owner, self.transports)
        self.transports[theirs.number] = theirs
        self.listener.put(theirs, address)
        return SimTransport(self._next_number, down, up, None, {})

    def _link(self, profile: NetworkProfile, dice: random.Random, past_stall: PastStall) -> Pipe:
        pipe = Pipe(profile, random.Random(dice.getrandbits(64)))
        if self.outage is not None:
            pipe.stall = self.outage
        past_outage = pipe.link.past_stall
        pipe.link.past_stall = lambda time_s: past_outage(past_stall(time_s))
        return pipe

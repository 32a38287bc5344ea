"""A network in memory that behaves like sockets: bytes leave, and arrive later or never.

Owns: connections, and the network profile of each. Must not know: frames, servers, clients.
Invariants: each direction keeps the order of its bytes; nothing arrives that was not written; after
`heal`, nothing new goes wrong.

Two `SimTransport`s share two `Pipe`s. No task moves bytes: a chunk gets its time of arrival when
it is written, and a reader sleeps until then.
"""

import random

import trio
from attrs import define, field, frozen

from server.net.listen import OnAccept, Pace
from tests.simulation.pipe import NEVER, NetworkProfile, Pipe
from tests.simulation.sim_transport import SimTransport

CONNECT_S_MAX = 5.0  # a client gives up on a connection that takes longer


@frozen
class NetworkTrouble:
    """How often things go wrong with a connection of this run, as probabilities for each one."""

    delay_s_max: float = 0.08
    jitter_share: float = 0.5
    short_write_share: float = 0.0  # of writes
    refused: float = 0.0
    reset: float = 0.0  # at some moment of its life
    half_open: float = 0.0
    stall: float = 0.0
    slow: float = 0.0
    trouble_within_s: float = 20.0  # trouble begins at most this long after the connection is made
    stall_s_max: float = 2.5


@define(eq=False)
class SimListener:
    """The listener of one life of a server."""

    owner: object
    backlog: list[tuple[SimTransport, str]] = field(factory=list)
    _arrived: trio.Event = field(factory=trio.Event)
    is_open: bool = True

    def getsockname(self) -> tuple[str, int]:
        """An address like a socket's."""
        return ("127.0.0.1", 1)

    def close(self) -> None:
        """Refuse further connections."""
        self.is_open = False

    def put(self, transport: SimTransport, address: str) -> None:
        """Queue a new connection."""
        self.backlog.append((transport, address))
        self._arrived.set()

    async def accept_for_ever(self, on_accept: OnAccept, _pace: Pace) -> None:
        """Hand over connections, as `server.net.listen.accept_for_ever` does."""
        while True:
            await self._arrived.wait()
            self._arrived = trio.Event()
            backlog, self.backlog = self.backlog, []
            for transport, address in backlog:
                on_accept(transport, address)


@define(eq=False)
class Network:
    """All connections of a run."""

    dice: random.Random
    trouble: NetworkTrouble
    listener: SimListener | None = None
    transports: dict[int, SimTransport] = field(factory=dict)  # the server's, by number, while open
    is_healed: bool = False
    _next_number: int = 0

    def listen(self, owner: object) -> SimListener:
        """Replace the listener: new connections go to `owner`."""
        self.listener = SimListener(owner)
        return self.listener

    async def connect(self, address: str) -> SimTransport:
        """Connect to the current listener. Raises ConnectionRefusedError."""
        dice, trouble = self.dice, self.trouble
        delay_s = dice.uniform(0.001, trouble.delay_s_max)
        await trio.sleep(2 * delay_s)
        listener = self.listener
        is_refused = not self.is_healed and dice.random() < trouble.refused
        if listener is None or not listener.is_open or is_refused:
            raise ConnectionRefusedError("nothing listens")
        up, down = self._pipe(delay_s), self._pipe(delay_s)
        self._next_number += 1
        theirs = SimTransport(self._next_number, up, down, listener.owner, self.transports)
        ours = SimTransport(self._next_number, down, up, None, {})
        self.transports[theirs.number] = theirs
        self._foresee_trouble(up, down)
        listener.put(theirs, address)
        return ours

    def heal(self) -> None:
        """Stop causing trouble. A connection that is half open now stays half open."""
        self.is_healed = True
        for transport in self.transports.values():
            for pipe in (transport.inbound, transport.outbound):
                pipe.forget_future_trouble(trio.current_time())

    def drop_owner(self, owner: object) -> None:
        """End a dead process's connections, as the kernel does, after the bytes already written."""
        if self.listener is not None and self.listener.owner is owner:
            self.listener.close()
        for transport in list(self.transports.values()):
            if transport.owner is owner:
                transport.abandon()

    def _pipe(self, delay_s: float) -> Pipe:
        trouble, dice = self.trouble, self.dice
        is_slow = not self.is_healed and dice.random() < trouble.slow
        profile = NetworkProfile(
            delay_s=delay_s,
            jitter_s=delay_s * trouble.jitter_share,
            bytes_per_s=dice.choice((6_000, 20_000)) if is_slow else 1_000_000,
            capacity_bytes=dice.choice((2_048, 16_384, 65_536)),
        )
        short_write_share = 0.0 if self.is_healed else trouble.short_write_share
        return Pipe(profile, random.Random(dice.getrandbits(64)), short_write_share)

    def _foresee_trouble(self, up: Pipe, down: Pipe) -> None:
        """Decide a connection's troubles when it is made, so that no task has to watch it."""
        if self.is_healed:
            return
        dice, trouble, now_s = self.dice, self.trouble, trio.current_time()

        def moment(probability: float) -> float:
            late_s = dice.random() ** 2 * trouble.trouble_within_s  # more often early than late
            return now_s + late_s if dice.random() < probability else NEVER

        up.broken_s = down.broken_s = moment(trouble.reset)
        lost_s = moment(trouble.half_open)
        up.lost_s = lost_s if dice.random() < 0.7 else NEVER
        down.lost_s = lost_s if up.lost_s == NEVER or dice.random() < 0.7 else NEVER
        for pipe in (up, down):
            begin_s = moment(trouble.stall)
            pipe.stall = (begin_s, begin_s + dice.uniform(0.1, trouble.stall_s_max))

"""One connection through a bad network: two links between two streams.

Owns: the four tasks of one connection, and how it ends. Must not know: sockets; any two Trio
streams will do, also those in memory. Invariant: bytes are held only by the links and by each task
that delivers, so a slow reader or a slow line blocks the writer.

    relay
      └─ nursery ─┬─ client → link up      link up → server
                  ├─ server → link down    link down → client
                  └─ the moment of the reset, if there is one
"""

import math
import random
from collections.abc import Callable
from typing import Final

import trio
from attrs import define, field

from clients.chaos.link import NEVER, SimulatedLink
from clients.chaos.profiles import NetworkProfile
from clients.chaos.stalls import Stalls

READ_BYTES: Final = 16_384

Abort = Callable[[trio.abc.Stream], None]


@define(eq=False)
class SimulatedConnection:
    """See the module. `abort` ends a stream as a reset does; `ending` says how it ended."""

    profile: NetworkProfile
    dice: random.Random
    abort: Abort
    ending: str = "ended"
    up_bytes: int = 0
    down_bytes: int = 0
    _began_s: float = field(factory=trio.current_time)
    _stalls: Stalls = field(init=False)
    _up: "WaitableLink" = field(init=False)
    _down: "WaitableLink" = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Draw in a fixed order, so that a seed determines everything."""
        stalls, up, down = (random.Random(self.dice.getrandbits(64)) for _ in range(3))
        self._stalls = Stalls(self.profile, stalls, self._began_s)
        self._up = WaitableLink(SimulatedLink(self.profile, up, self._stalls.past))
        self._down = WaitableLink(SimulatedLink(self.profile, down, self._stalls.past))

    @property
    def stall_count(self) -> int:
        """How many stalls it has met so far."""
        return self._stalls.count_until(trio.current_time())

    def summary(self) -> str:
        """Describe the connection in one line."""
        stalls = self.stall_count
        stalled = f", {stalls} stall{'s' if stalls > 1 else ''}" if stalls else ""
        return (
            f"{trio.current_time() - self._began_s:.1f} s, {self.up_bytes:,} bytes up, "
            f"{self.down_bytes:,} down{stalled}, {self.ending}"
        )

    async def relay(self, client: trio.abc.HalfCloseableStream, server: "Stream") -> None:
        """Carry bytes until both sides have ended, one of them breaks, or the reset comes."""
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._reset, nursery.cancel_scope)
                async with trio.open_nursery() as directions:
                    directions.start_soon(self._feed, client, self._up, "the client")
                    directions.start_soon(self._feed, server, self._down, "the server")
                    directions.start_soon(self._deliver, self._up, server, "the server")
                    directions.start_soon(self._deliver, self._down, client, "the client")
                nursery.cancel_scope.cancel()
        except* _BrokenError as errors:
            self.ending = str(_first(errors))
            self._abort_both(client, server)
        else:
            if self.ending == RESET:
                self._abort_both(client, server)

    def _abort_both(self, client: "Stream", server: "Stream") -> None:
        self.abort(client)
        self.abort(server)

    async def _reset(self, scope: trio.CancelScope) -> None:
        wait_s = reset_after_s(self.profile, self.dice)
        if wait_s < NEVER:
            await trio.sleep(wait_s)
            self.ending = RESET
            scope.cancel()

    async def _feed(self, source: "Stream", link: "WaitableLink", name: str) -> None:
        """Read what there is room for."""
        while True:
            room_bytes = await link.wait_for_room()
            try:
                data = await source.receive_some(min(room_bytes, READ_BYTES))
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                raise _BrokenError(f"reset by {name}") from None
            if not data:
                if self.ending == "ended":
                    self.ending = f"ended by {name}"
                link.end()
                return
            link.put(bytes(data))

    async def _deliver(self, link: "WaitableLink", sink: "Stream", name: str) -> None:
        while True:
            data = await link.take()
            try:
                if not data:
                    await sink.send_eof()
                    return
                await sink.send_all(data)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                raise _BrokenError(f"reset by {name}") from None
            if link is self._up:
                self.up_bytes += len(data)
            else:
                self.down_bytes += len(data)


RESET: Final = "reset by the bad network"
Stream = trio.abc.HalfCloseableStream


@define(eq=False)
class WaitableLink:
    """A link, and the tasks that wait for it to change."""

    link: SimulatedLink
    _changed: trio.Event = field(factory=trio.Event)

    async def wait_for_room(self) -> int:
        """Wait until there is room; returns how many bytes."""
        while not self.link.room_bytes:
            await self._changed.wait()
        return self.link.room_bytes

    def put(self, data: bytes) -> None:
        """Send bytes."""
        self.link.put(data, trio.current_time())
        self._wake()

    def end(self) -> None:
        """End the link: the writer writes no more."""
        self.link.end(trio.current_time())
        self._wake()

    async def take(self) -> bytes:
        """Wait for the next bytes to arrive; `b""` at the end."""
        while (taken := self.link.take(READ_BYTES, trio.current_time())) is None:
            changed = self._changed
            with trio.CancelScope(deadline=self.link.due_s()):
                await changed.wait()
        self._wake()
        return taken

    def _wake(self) -> None:
        self._changed.set()
        self._changed = trio.Event()


def reset_after_s(profile: NetworkProfile, dice: random.Random) -> float:
    """Seconds until a connection is reset; the probability is the same in every minute."""
    chance = profile.reset_per_minute
    if chance <= 0:
        return NEVER
    if chance >= 1:
        return dice.random() * 60
    return dice.expovariate(-math.log1p(-chance) / 60)


class _BrokenError(Exception):
    """One of the two streams broke."""


def _first(errors: BaseExceptionGroup) -> BaseException:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error

"""Two lanes between two streams: bytes go in on one side, and come out late on the other.

Owns: the four tasks of one connection, and how it ends. Must not know: sockets; any two Trio
streams will do, also those in memory. Invariant: bytes are held only by the lanes and by each task
that delivers, so a slow reader or a slow line blocks the writer.

    carry
      └─ nursery ─┬─ client → lane up      lane up → server
                  ├─ server → lane down    lane down → client
                  └─ the moment of the reset, if there is one
"""

import math
import random
from collections.abc import Callable
from typing import Final

import trio
from attrs import define, field

from clients.chaos.lane import NEVER, Lane
from clients.chaos.stalls import Stalls
from clients.chaos.weather import Weather

READ_BYTES: Final = 16_384

Abort = Callable[[trio.abc.Stream], None]


@define(eq=False)
class Carrier:
    """One connection. `abort` ends a stream as a reset does; `ending` says how it ended."""

    weather: Weather
    dice: random.Random
    abort: Abort
    ending: str = "ended"
    up_bytes: int = 0
    down_bytes: int = 0
    _began_s: float = field(factory=trio.current_time)
    _stalls: Stalls = field(init=False)
    _up: "Road" = field(init=False)
    _down: "Road" = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Draw in a fixed order, so that a seed determines everything."""
        stalls, up, down = (random.Random(self.dice.getrandbits(64)) for _ in range(3))
        self._stalls = Stalls(self.weather, stalls, self._began_s)
        self._up = Road(Lane(self.weather, up, self._stalls.past))
        self._down = Road(Lane(self.weather, down, self._stalls.past))

    @property
    def stall_count(self) -> int:
        """How many stalls it has met so far."""
        return self._stalls.count_until(trio.current_time())

    def account(self) -> str:
        """A one-line summary of the connection."""
        stalls = self.stall_count
        stalled = f", {stalls} stall{'s' if stalls > 1 else ''}" if stalls else ""
        return (
            f"{trio.current_time() - self._began_s:.1f} s, {self.up_bytes:,} bytes up, "
            f"{self.down_bytes:,} down{stalled}, {self.ending}"
        )

    async def carry(self, client: trio.abc.HalfCloseableStream, server: "Stream") -> None:
        """Carry bytes until both sides have ended, one of them breaks, or the reset comes."""
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._reset, nursery.cancel_scope)
                async with trio.open_nursery() as lanes:
                    lanes.start_soon(self._feed, client, self._up, "the client")
                    lanes.start_soon(self._feed, server, self._down, "the server")
                    lanes.start_soon(self._deliver, self._up, server, "the server")
                    lanes.start_soon(self._deliver, self._down, client, "the client")
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
        wait_s = reset_after_s(self.weather, self.dice)
        if wait_s < NEVER:
            await trio.sleep(wait_s)
            self.ending = RESET
            scope.cancel()

    async def _feed(self, source: "Stream", road: "Road", name: str) -> None:
        """Read what there is room for."""
        while True:
            room_bytes = await road.wait_for_room()
            try:
                data = await source.receive_some(min(room_bytes, READ_BYTES))
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                raise _BrokenError(f"reset by {name}") from None
            if not data:
                if self.ending == "ended":
                    self.ending = f"ended by {name}"
                road.end()
                return
            road.put(bytes(data))

    async def _deliver(self, road: "Road", sink: "Stream", name: str) -> None:
        while True:
            data = await road.take()
            try:
                if not data:
                    await sink.send_eof()
                    return
                await sink.send_all(data)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                raise _BrokenError(f"reset by {name}") from None
            if road is self._up:
                self.up_bytes += len(data)
            else:
                self.down_bytes += len(data)


RESET: Final = "reset by the bad network"
Stream = trio.abc.HalfCloseableStream


@define(eq=False)
class Road:
    """A lane, and the tasks that wait for it to change."""

    lane: Lane
    _changed: trio.Event = field(factory=trio.Event)

    async def wait_for_room(self) -> int:
        """Wait until there is room; returns how many bytes."""
        while not self.lane.room_bytes:
            await self._changed.wait()
        return self.lane.room_bytes

    def put(self, data: bytes) -> None:
        """Send bytes."""
        self.lane.put(data, trio.current_time())
        self._wake()

    def end(self) -> None:
        """End the lane: the writer writes no more."""
        self.lane.end(trio.current_time())
        self._wake()

    async def take(self) -> bytes:
        """Wait for the next bytes to arrive; `b""` at the end."""
        while (taken := self.lane.take(READ_BYTES, trio.current_time())) is None:
            changed = self._changed
            with trio.CancelScope(deadline=self.lane.due_s()):
                await changed.wait()
        self._wake()
        return taken

    def _wake(self) -> None:
        self._changed.set()
        self._changed = trio.Event()


def reset_after_s(weather: Weather, dice: random.Random) -> float:
    """Seconds until a connection is reset; the probability is the same in every minute."""
    chance = weather.reset_per_minute
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

"""One direction of a simulated connection: a link, and what befalls it and its two ends.

Owns: resets, silence, short writes, and who waits. Must not know: who reads or writes. When each
byte arrives is the link's business (clients/chaos/link.py), which real proxies use as well.
"""

import random

import trio
from attrs import define, field

from clients.chaos.link import NEVER, SimulatedLink
from clients.chaos.profiles import NetworkProfile

__all__ = ["NEVER", "NetworkProfile", "Pipe"]


@define(eq=False)
class Pipe:
    """See the module. Times are absolute; `changed` is set when a waiter should look again."""

    profile: NetworkProfile
    dice: random.Random
    short_write_share: float = 0.0
    broken_s: float = NEVER  # a reset reaches both ends
    lost_s: float = NEVER  # from here on bytes go nowhere, and nobody is told
    stall: tuple[float, float] = (NEVER, NEVER)
    is_reader_gone: bool = False
    link: SimulatedLink = field(init=False)
    _changed: trio.Event | None = None
    _arrivals: list[trio.CancelScope] = field(factory=list)  # of those who wait for bytes

    @link.default
    def _own_link(self) -> SimulatedLink:
        return SimulatedLink(self.profile, self.dice, self._past_stall)

    @property
    def unread_bytes(self) -> int:
        """What is on its way, or waits to be read."""
        return self.link.unread_bytes

    def write(self, data: bytes | memoryview, now_s: float) -> int:
        """Take bytes; how many. Some writes are cut short, some chunks are cut in two."""
        dice, link = self.dice, self.link
        count = min(len(data), link.room_bytes)
        if count <= 0:
            return 0
        is_odd = self.short_write_share and dice.random() < self.short_write_share
        if is_odd:
            count = dice.randint(1, count)
        if now_s >= self.lost_s:
            link.lose(count)
            return count
        if self.is_reader_gone:  # a closed socket answers bytes with a reset
            link.lose(count)
            self.broken_s = min(self.broken_s, now_s + 2 * self.profile.delay_s)
            self.wake()
            return count
        taken = bytes(data[:count])
        cut = dice.randint(0, count) if is_odd else count
        link.put(taken[:cut], now_s)
        link.put(taken[cut:], now_s)
        self._move_arrival()
        return count

    def end(self, now_s: float) -> None:
        """The writer writes no more."""
        if now_s < self.lost_s:
            self.link.end(now_s)
            self._move_arrival()

    def read(self, bytes_max: int, now_s: float) -> bytes | None:
        """What has arrived; None when that is nothing yet, `b""` at the end."""
        taken = self.link.take(bytes_max, now_s)
        if taken:
            self.wake()
        return taken

    def is_readable(self, now_s: float) -> bool:
        """Whether `read` would say something, or a reset has come."""
        return self._due_s() <= now_s

    def is_writable(self, now_s: float) -> bool:
        """Whether `write` would take something, or a reset has come."""
        return self.link.room_bytes > 0 or now_s >= self.broken_s

    def idle_s(self, now_s: float) -> float:
        """How long ago the last bytes arrived, whether they were read or not."""
        return self.link.idle_s(now_s)

    def forget_future_trouble(self, now_s: float) -> None:
        """What has not happened yet will not happen."""
        if self.broken_s > now_s:
            self.broken_s = NEVER
        if self.lost_s > now_s:
            self.lost_s = NEVER
        if self.stall[0] > now_s:
            self.stall = (NEVER, NEVER)
        self.wake()

    def wake(self) -> None:
        """Whoever waits looks again."""
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    async def wait_readable(self) -> None:
        """Until `is_readable`, or somebody wakes us."""
        with trio.CancelScope(deadline=self._due_s()) as scope:
            self._arrivals.append(scope)
            try:
                await self._change().wait()
            finally:
                self._arrivals.remove(scope)

    async def wait_writable(self) -> None:
        """Until something was read, or a reset comes."""
        with trio.CancelScope(deadline=self.broken_s):
            await self._change().wait()

    def _change(self) -> trio.Event:
        if self._changed is None:
            self._changed = trio.Event()
        return self._changed

    def _move_arrival(self) -> None:
        """Something is on its way: who waits for it sleeps on until then."""
        for scope in self._arrivals:
            scope.deadline = self._due_s()

    def _due_s(self) -> float:
        return min(self.link.due_s(), self.broken_s)

    def _past_stall(self, time_s: float) -> float:
        begin_s, end_s = self.stall
        return end_s if begin_s <= time_s < end_s else time_s

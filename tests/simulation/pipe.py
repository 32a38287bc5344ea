"""One direction of a simulated connection: a link, and the faults of it and its two ends.

Owns: resets, silence, short writes, and waiting readers and writers. Must not know: who reads or
writes. The link decides when each byte arrives (clients/chaos/link.py); real proxies use it too.
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
    lost_s: float = NEVER  # from here on bytes are lost silently
    stall: tuple[float, float] = (NEVER, NEVER)
    is_reader_gone: bool = False
    link: SimulatedLink = field(init=False)
    _changed: trio.Event | None = None
    _arrivals: list[trio.CancelScope] = field(factory=list)  # of readers that wait for bytes

    @link.default
    def _own_link(self) -> SimulatedLink:
        return SimulatedLink(self.profile, self.dice, self._past_stall)

    @property
    def unread_bytes(self) -> int:
        """Bytes in flight or waiting to be read."""
        return self.link.unread_bytes

    def write(self, data: bytes | memoryview, now_s: float) -> int:
        """Take bytes; returns how many. Some writes are cut short, some chunks are cut in two."""
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
        """End the stream: the writer writes no more."""
        if now_s < self.lost_s:
            self.link.end(now_s)
            self._move_arrival()

    def read(self, bytes_max: int, now_s: float) -> bytes | None:
        """Return what has arrived; None when nothing has yet, `b""` at the end."""
        taken = self.link.take(bytes_max, now_s)
        if taken:
            self.wake()
        return taken

    def is_readable(self, now_s: float) -> bool:
        """Whether `read` would return bytes or the end, or a reset has arrived."""
        return self._due_s() <= now_s

    def is_writable(self, now_s: float) -> bool:
        """Whether `write` would take bytes, or a reset has arrived."""
        return self.link.room_bytes > 0 or now_s >= self.broken_s

    def idle_s(self, now_s: float) -> float:
        """How long ago the last bytes arrived, whether they were read or not."""
        return self.link.idle_s(now_s)

    def forget_future_trouble(self, now_s: float) -> None:
        """Cancel the troubles that have not begun yet."""
        if self.broken_s > now_s:
            self.broken_s = NEVER
        if self.lost_s > now_s:
            self.lost_s = NEVER
        if self.stall[0] > now_s:
            self.stall = (NEVER, NEVER)
        self.wake()

    def wake(self) -> None:
        """Make every waiter check again."""
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    async def wait_readable(self) -> None:
        """Wait until `is_readable`, or for a `wake`."""
        with trio.CancelScope(deadline=self._due_s()) as scope:
            self._arrivals.append(scope)
            try:
                await self._change().wait()
            finally:
                self._arrivals.remove(scope)

    async def wait_writable(self) -> None:
        """Wait until something was read, or a reset arrives."""
        with trio.CancelScope(deadline=self.broken_s):
            await self._change().wait()

    def _change(self) -> trio.Event:
        if self._changed is None:
            self._changed = trio.Event()
        return self._changed

    def _move_arrival(self) -> None:
        """Move the waiting readers' deadlines to the next arrival."""
        for scope in self._arrivals:
            scope.deadline = self._due_s()

    def _due_s(self) -> float:
        return min(self.link.due_s(), self.broken_s)

    def _past_stall(self, time_s: float) -> float:
        begin_s, end_s = self.stall
        return end_s if begin_s <= time_s < end_s else time_s

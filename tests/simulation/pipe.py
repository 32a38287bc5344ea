"""One direction of a connection: bytes on their way, and what befalls them.

Owns: when each byte arrives. Must not know: who reads or writes. Invariants: bytes arrive in order;
at most `capacity_bytes` are on their way or unread, so a reader that does not read stops a writer.
"""

import random
from collections import deque

import trio
from attrs import define, field, frozen

NEVER = float("inf")


@frozen
class Weather:
    """What a connection is like when nothing befalls it."""

    delay_s: float
    jitter_s: float
    bytes_per_s: float
    capacity_bytes: int
    short_write_share: float


@define(eq=False)
class Pipe:
    """See the module. Times are absolute; `changed` is set when a waiter should look again."""

    weather: Weather
    dice: random.Random
    broken_s: float = NEVER  # a reset reaches both ends
    lost_s: float = NEVER  # from here on bytes go nowhere, and nobody is told
    stall: tuple[float, float] = (NEVER, NEVER)
    ended_s: float = NEVER  # the writer's end arrives
    is_reader_gone: bool = False
    unread_bytes: int = 0
    _chunks: deque[tuple[float, bytes]] = field(factory=deque)
    _last_s: float = 0.0
    _read_s: float = 0.0  # when the last chunk that was read had arrived
    _changed: trio.Event | None = None

    def write(self, data: bytes | memoryview, now_s: float) -> int:
        """Take bytes; how many. Some writes are cut short, some chunks are cut in two."""
        weather, dice = self.weather, self.dice
        count = min(len(data), weather.capacity_bytes - self.unread_bytes)
        if count <= 0:
            return 0
        is_odd = weather.short_write_share and dice.random() < weather.short_write_share
        if is_odd:
            count = dice.randint(1, count)
        self.unread_bytes += count
        if now_s >= self.lost_s:
            return count
        if self.is_reader_gone:  # a closed socket answers bytes with a reset
            self.broken_s = min(self.broken_s, now_s + 2 * weather.delay_s)
            self.wake()
            return count
        taken = bytes(data[:count])
        cut = dice.randint(0, count) if is_odd else count
        self._send(taken[:cut], now_s)
        self._send(taken[cut:], now_s)
        self.wake()
        return count

    def end(self, now_s: float) -> None:
        """The writer writes no more."""
        if self.ended_s == NEVER and now_s < self.lost_s:
            self.ended_s = max(self._last_s, now_s + self.weather.delay_s)
            self.wake()

    def read(self, bytes_max: int, now_s: float) -> bytes | None:
        """What has arrived; None when that is nothing yet, `b""` at the end."""
        chunks = self._chunks
        if not chunks or chunks[0][0] > now_s:
            return b"" if not chunks and now_s >= self.ended_s else None
        taken: list[bytes] = []
        left_bytes = bytes_max
        while chunks and left_bytes and chunks[0][0] <= now_s:
            arrival_s, chunk = chunks.popleft()
            if len(chunk) > left_bytes:
                chunks.appendleft((arrival_s, chunk[left_bytes:]))
                chunk = chunk[:left_bytes]
            self._read_s = arrival_s
            taken.append(chunk)
            left_bytes -= len(chunk)
        self.unread_bytes -= bytes_max - left_bytes
        self.wake()
        return b"".join(taken)

    def is_readable(self, now_s: float) -> bool:
        """Whether `read` would say something, or a reset has come."""
        return self._due_s() <= now_s

    def is_writable(self, now_s: float) -> bool:
        """Whether `write` would take something, or a reset has come."""
        return self.unread_bytes < self.weather.capacity_bytes or now_s >= self.broken_s

    def idle_s(self, now_s: float) -> float:
        """How long ago the last bytes arrived, whether they were read or not."""
        waiting = [arrival_s for arrival_s, _ in self._chunks if arrival_s <= now_s]
        return now_s - (waiting[-1] if waiting else self._read_s)

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
        await self._wait(self._due_s())

    async def wait_writable(self) -> None:
        """Until something was read, or a reset comes."""
        await self._wait(self.broken_s)

    async def _wait(self, until_s: float) -> None:
        if self._changed is None:
            self._changed = trio.Event()
        changed = self._changed
        with trio.CancelScope(deadline=until_s):
            await changed.wait()

    def _due_s(self) -> float:
        arrival_s = self._chunks[0][0] if self._chunks else self.ended_s
        return min(arrival_s, self.broken_s)

    def _send(self, chunk: bytes, now_s: float) -> None:
        if not chunk:
            return
        weather = self.weather
        arrival_s = now_s + weather.delay_s + weather.jitter_s * self.dice.random()
        arrival_s = max(arrival_s, self._last_s) + len(chunk) / weather.bytes_per_s
        begin_s, end_s = self.stall
        if begin_s <= arrival_s < end_s:
            arrival_s = end_s
        self._last_s = arrival_s
        self._chunks.append((arrival_s, chunk))

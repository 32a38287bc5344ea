"""One direction of a connection: bytes on their way.

Owns: when each byte arrives. Must not know: who reads or writes, what time it is (it is told).
Invariants: bytes arrive in order and never early; in no span of time arrive more than the rate
allows and one packet; at most `capacity_bytes` are on their way or unread, so that a reader who
does not read, or a slow line, stops the writer. Equal dice and equal writes give equal times.

As TCP shows a network to those who use it: nothing is lost, and what is held up holds up all that
comes after it.
"""

import random
from collections import deque
from collections.abc import Callable
from typing import Final

from attrs import define, field

from clients.chaos.weather import Weather

NEVER: Final = float("inf")
PACKET_BYTES: Final = 1_400


def _at_once(time_s: float) -> float:
    return time_s


@define(eq=False)
class Lane:
    """`past_stall` says when something gets through that would at a given time."""

    weather: Weather
    dice: random.Random
    past_stall: Callable[[float], float] = _at_once
    unread_bytes: int = 0
    ended_s: float = NEVER  # when the writer's end arrives
    _packets: deque[tuple[float, bytes]] = field(factory=deque)
    _last_s: float = 0.0
    _read_s: float = 0.0  # when the last packet that was read had arrived

    @property
    def room_bytes(self) -> int:
        """How much may be put in now."""
        return max(0, self.weather.capacity_bytes - self.unread_bytes)

    def put(self, data: bytes, now_s: float) -> None:
        """Send bytes, for which there must be room; they waver together."""
        assert len(data) <= self.room_bytes, "more than there is room for"
        if not data:
            return
        self.unread_bytes += len(data)
        weather = self.weather
        arrival_s = now_s + weather.delay_s + weather.jitter_s * self.dice.random()
        for start in range(0, len(data), PACKET_BYTES):
            packet = data[start : start + PACKET_BYTES]
            arrival_s = max(arrival_s, self._last_s) + len(packet) / weather.bytes_per_s
            arrival_s = self.past_stall(arrival_s)
            self._last_s = arrival_s
            self._packets.append((arrival_s, packet))

    def lose(self, byte_count: int) -> None:
        """Send bytes that will never arrive: they take up their room for ever."""
        self.unread_bytes += byte_count

    def end(self, now_s: float) -> None:
        """The writer writes no more."""
        if self.ended_s == NEVER:
            self.ended_s = self.past_stall(max(self._last_s, now_s + self.weather.delay_s))

    def take(self, bytes_max: int, now_s: float) -> bytes | None:
        """What has arrived; None when that is nothing yet, `b""` at the end."""
        packets = self._packets
        if not packets or packets[0][0] > now_s:
            return b"" if not packets and now_s >= self.ended_s else None
        taken: list[bytes] = []
        left_bytes = bytes_max
        while packets and left_bytes and packets[0][0] <= now_s:
            arrival_s, packet = packets.popleft()
            if len(packet) > left_bytes:
                packets.appendleft((arrival_s, packet[left_bytes:]))
                packet = packet[:left_bytes]
            self._read_s = arrival_s
            taken.append(packet)
            left_bytes -= len(packet)
        self.unread_bytes -= bytes_max - left_bytes
        return b"".join(taken)

    def due_s(self) -> float:
        """When `take` will have something to say."""
        return self._packets[0][0] if self._packets else self.ended_s

    def idle_s(self, now_s: float) -> float:
        """How long ago the last bytes arrived, whether they were taken or not."""
        waiting = [arrival_s for arrival_s, _ in self._packets if arrival_s <= now_s]
        return now_s - (waiting[-1] if waiting else self._read_s)

"""One direction of a connection: bytes in flight.

Owns: when each byte arrives. Must not know: who reads or writes, what time it is (it is passed in).
Invariants: bytes arrive in order and never early; in any span of time, at most what the rate allows
plus one packet arrives; at most `capacity_bytes` are in flight or unread, so that a reader that
does not read, or a slow line, blocks the writer. Equal dice and equal writes give equal times.

This is the network as a user of TCP sees it: nothing is lost, and a delayed byte delays all that
come after it.
"""

import random
from collections import deque
from collections.abc import Callable
from typing import Final

from attrs import define, field

from clients.chaos.profiles import NetworkProfile

NEVER: Final = float("inf")
PACKET_BYTES: Final = 1_400


def _at_once(time_s: float) -> float:
    return time_s


@define(eq=False)
class SimulatedLink:
    """See the module. `past_stall` turns an arrival time into the one after any stall."""

    profile: NetworkProfile
    dice: random.Random
    past_stall: Callable[[float], float] = _at_once
    unread_bytes: int = 0
    ended_s: float = NEVER  # when the writer's end arrives
    _packets: deque[tuple[float, bytes]] = field(factory=deque)
    _last_s: float = 0.0
    _read_s: float = 0.0  # when the last packet that was read had arrived

    @property
    def room_bytes(self) -> int:
        """How many bytes may be put in now."""
        return max(0, self.profile.capacity_bytes - self.unread_bytes)

    def put(self, data: bytes, now_s: float) -> None:
        """Send bytes, for which there must be room; they share one jitter."""
        assert len(data) <= self.room_bytes, "more than there is room for"
        if not data:
            return
        self.unread_bytes += len(data)
        profile = self.profile
        arrival_s = now_s + profile.delay_s + profile.jitter_s * self.dice.random()
        for start in range(0, len(data), PACKET_BYTES):
            packet = data[start : start + PACKET_BYTES]
            arrival_s = max(arrival_s, self._last_s) + len(packet) / profile.bytes_per_s
            arrival_s = self.past_stall(arrival_s)
            self._last_s = arrival_s
            self._packets.append((arrival_s, packet))

    def lose(self, byte_count: int) -> None:
        """Send bytes that will never arrive: they take up room for ever."""
        self.unread_bytes += byte_count

    def end(self, now_s: float) -> None:
        """End the link: the writer writes no more."""
        if self.ended_s == NEVER:
            self.ended_s = self.past_stall(max(self._last_s, now_s + self.profile.delay_s))

    def take(self, bytes_max: int, now_s: float) -> bytes | None:
        """Take what has arrived; None when that is nothing yet, `b""` at the end."""
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
        """When `take` will no longer return None."""
        return self._packets[0][0] if self._packets else self.ended_s

    def idle_s(self, now_s: float) -> float:
        """How long ago the last bytes arrived, whether they were taken or not."""
        waiting = [arrival_s for arrival_s, _ in self._packets if arrival_s <= now_s]
        return now_s - (waiting[-1] if waiting else self._read_s)

"""The transport of one end of a simulated connection; clients use it too.

Implements `server.net.transport.Transport`. Owns: its state. Must not know: frames. Invariants:
those of `SocketTransport`: a reset reads as an end; after an error nothing is written again. What a
dead process writes goes nowhere.
"""

from typing import Protocol

import trio
from attrs import define, field

from server.net.nonblocking_io import NonblockingIO
from tests.simulation.pipe import Pipe


class Owner(Protocol):
    """The process of a transport; it may die between any two effects on the outside."""

    def effect(self) -> bool:
        """Count one effect; False when the process is dead, so there is none."""


@define(eq=False)
class SimTransport:
    """See the module. `registry` holds the open transports of servers, by number."""

    number: int
    inbound: Pipe
    outbound: Pipe
    owner: Owner | None
    registry: "dict[int, SimTransport]"
    io: NonblockingIO = field(init=False)

    @io.default
    def _of_the_pipes(self) -> NonblockingIO:
        return NonblockingIO(self._receive, self._send)

    def _receive(self, bytes_max: int) -> bytes:
        now_s = trio.current_time()
        if now_s >= self.inbound.broken_s:
            raise ConnectionResetError
        chunk = self.inbound.read(bytes_max, now_s)
        if chunk is None:
            raise BlockingIOError
        return chunk

    def _send(self, written: bytes | memoryview) -> int:
        if not len(written):
            return 0
        now_s = trio.current_time()
        if now_s >= self.outbound.broken_s:
            raise ConnectionResetError
        if self.owner is not None and not self.owner.effect():
            return len(written)  # the process is dead and does not know it
        return self.outbound.write(written, now_s)

    def is_readable_at(self, now_s: float) -> bool:
        """Whether `io.read_nowait` would return something."""
        return self.io.has_ended or self.inbound.is_readable(now_s)

    async def wait_readable(self) -> None:
        if self.io.has_closed or self.is_readable_at(trio.current_time()):
            await trio.lowlevel.checkpoint()
        while not self.is_readable_at(trio.current_time()):
            if self.io.has_closed:
                raise trio.ClosedResourceError
            await self.inbound.wait_readable()
        if self.io.has_closed:
            raise trio.ClosedResourceError

    async def wait_writable(self) -> None:
        await trio.lowlevel.checkpoint()
        while True:
            if self.io.has_closed:
                raise trio.ClosedResourceError
            if self.io.is_broken:
                raise trio.BrokenResourceError
            if self.outbound.is_writable(trio.current_time()):
                return
            await self.outbound.wait_writable()

    def shut_down_writing(self) -> None:
        self.outbound.end(trio.current_time())

    def close(self) -> None:
        if self.io.has_closed:
            return
        self.io.has_closed = True
        now_s = trio.current_time()
        if self.inbound.unread_bytes and now_s < self.inbound.lost_s:
            self.reset()  # as the kernel does when bytes are unread
        self.outbound.end(now_s)
        self._let_go()

    def reset(self) -> None:
        """End with an RST: bytes in flight may still arrive before it."""
        now_s = trio.current_time()
        if now_s < self.outbound.lost_s:
            delay_s = self.outbound.profile.delay_s
            self.outbound.broken_s = min(self.outbound.broken_s, now_s + delay_s)
            self.inbound.broken_s = min(self.inbound.broken_s, now_s + delay_s)
        self.io.give_up()
        self.inbound.wake()
        self.outbound.wake()

    def abandon(self) -> None:
        """Close the end of a process that died, as the kernel does."""
        if self.inbound.is_readable(trio.current_time()):
            self.reset()
        self.outbound.end(trio.current_time())
        self.io.give_up()
        self.io.has_closed = True
        self._let_go()

    def set_option(self, level: int, name: str, value: int) -> None:
        """Do nothing: there are no options."""

    def idle_ms(self) -> int:
        return int(self.inbound.idle_s(trio.current_time()) * 1_000)

    def rtt_ms(self) -> int:
        return 0  # as without TCP: the server has only its own measurements

    def fileno(self) -> int:
        return -1 if self.io.has_closed else self.number

    def duplicate(self) -> None:
        return None  # one process is all there is

    def _let_go(self) -> None:
        self.inbound.is_reader_gone = True
        self.registry.pop(self.number, None)
        self.inbound.wake()
        self.outbound.wake()

"""Our end of one non-blocking socket: read and write without waiting, and remember how it ended.

Owns the descriptor. It must not know frames or who reads. Its `server.net.flow.Flow` counts the
bytes.
"""

import contextlib
import socket
import sys
from typing import Protocol

import trio
from attrs import define, field

from server.net.flow import Flow

# Linux: the first 72 bytes of `struct tcp_info` in linux/tcp.h. They include the milliseconds since
# data last arrived and, at the end, the smoothed round trip in microseconds. Unchanged since 2.6.
TCP_INFO = getattr(socket, "TCP_INFO", -1)
TCP_INFO_BYTES = 72
LAST_DATA_RECEIVED_MS = slice(52, 56)
ROUND_TRIP_US = slice(68, 72)
SEE_OFF_BYTES = 4_096  # discarded per read


class End(Protocol):
    """What a stream needs of its connection; the tests' simulated network fits it too."""

    @property
    def flow(self) -> Flow:
        """Its non-blocking reads and writes."""

    async def wait_readable(self) -> None:
        """Wait until `flow.read_nowait` has bytes or the end to return."""

    async def wait_writable(self) -> None:
        """Wait until `flow.write_nowait` may take bytes; raises what a Trio stream must."""

    def shut_down_writing(self) -> None:
        """Send our end, after everything written."""

    def close(self) -> None:
        """Close the connection; tasks that wait on it get ClosedResourceError."""

    def set_option(self, level: int, name: str, value: int) -> None:
        """Set a socket option where there is such a thing."""

    def idle_ms(self) -> int:
        """How long ago the last bytes came in, whether they were read or not."""

    def rtt_ms(self) -> int:
        """How long the peer, or a proxy before it, takes to acknowledge bytes; 0 if unknown."""

    def fileno(self) -> int:
        """A number that is unique among open connections; -1 once closed."""


def end_of(sock: socket.socket) -> "SocketEnd":
    """Take over a connected stdlib socket; make it non-blocking, with TCP_NODELAY."""
    sock.setblocking(False)
    end = SocketEnd(sock)
    end.set_option(socket.IPPROTO_TCP, "TCP_NODELAY", 1)
    return end


@define(eq=False)
class SocketEnd:
    """A stdlib socket that this class alone uses. Waiting goes through Trio, by descriptor."""

    socket: socket.socket
    flow: Flow = field(init=False)

    @flow.default
    def _of_the_socket(self) -> Flow:
        return Flow(self.socket.recv, self.socket.send)

    async def wait_readable(self) -> None:
        """Wait until `flow.read_nowait` has bytes or the end to return."""
        await trio.lowlevel.wait_readable(self.socket)

    async def wait_writable(self) -> None:
        """Wait until `flow.write_nowait` may take bytes; raises what a Trio stream must."""
        if self.flow.has_closed:
            raise trio.ClosedResourceError
        if self.flow.is_broken:
            raise trio.BrokenResourceError
        await trio.lowlevel.wait_writable(self.socket)

    def shut_down_writing(self) -> None:
        """Send our end, after everything written."""
        with contextlib.suppress(OSError):  # broken already
            self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close the descriptor; Trio wakes the tasks that wait on it."""
        if not self.flow.has_closed:
            self.flow.has_closed = True
            trio.lowlevel.notify_closing(self.socket)
            self.socket.close()

    def fileno(self) -> int:
        """The descriptor; -1 once closed."""
        return self.socket.fileno()

    def idle_ms(self) -> int:
        """How long ago the kernel got the last bytes; 0 if unknown."""
        return self._told_by_tcp(LAST_DATA_RECEIVED_MS)

    def rtt_ms(self) -> int:
        """The kernel's own estimate; 0 if unknown."""
        return self._told_by_tcp(ROUND_TRIP_US) // 1_000

    def _told_by_tcp(self, place: slice) -> int:
        try:
            told = self.socket.getsockopt(socket.IPPROTO_TCP, TCP_INFO, TCP_INFO_BYTES)
        except OSError:  # not TCP, or closed
            return 0
        return int.from_bytes(told[place], sys.byteorder)

    def set_option(self, level: int, name: str, value: int) -> None:
        """Set a socket option where this platform and this kind of socket have it."""
        if (option := getattr(socket, name, None)) is not None:
            with contextlib.suppress(OSError):
                self.socket.setsockopt(level, option, value)


async def see_off(end: End, bytes_max: int) -> None:
    """Send our end, then discard what arrives before the peer's end, up to `bytes_max`."""
    end.shut_down_writing()
    thrown_away_bytes = 0
    while thrown_away_bytes < bytes_max:
        chunk = end.flow.read_nowait(SEE_OFF_BYTES)
        if chunk is None:
            await end.wait_readable()
        elif not chunk:
            return
        else:
            thrown_away_bytes += len(chunk)

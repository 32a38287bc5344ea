"""The transport under a stream: one non-blocking socket, and how it ended.

Owns the descriptor. It must not know frames or who reads. Its `NonblockingIO` reads, writes and
counts the bytes.
"""

import contextlib
import os
import socket
import sys
from typing import Protocol

import trio
from attrs import define, field

from server.net.nonblocking_io import NonblockingIO

# Linux: the first 72 bytes of `struct tcp_info` in linux/tcp.h. They include the milliseconds since
# data last arrived and, at the end, the smoothed round trip in microseconds. Unchanged since 2.6.
TCP_INFO = getattr(socket, "TCP_INFO", -1)
TCP_INFO_BYTES = 72
LAST_DATA_RECEIVED_MS = slice(52, 56)
ROUND_TRIP_US = slice(68, 72)
LINGER_READ_BYTES = 4_096  # discarded per read


class Transport(Protocol):
    """The part of a connection that a stream uses; the tests' simulated network has it too."""

    @property
    def io(self) -> NonblockingIO:
        """Its non-blocking reads and writes."""

    async def wait_readable(self) -> None:
        """Wait until `io.read_nowait` has bytes or the end to return."""

    async def wait_writable(self) -> None:
        """Wait until `io.write_nowait` may take bytes; raises what a Trio stream must."""

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

    def duplicate(self) -> int | None:
        """A descriptor with which another process can serve the peer; None where only this process
        can, because it has the keys.
        """


def socket_transport(sock: socket.socket) -> "SocketTransport":
    """Take over a connected stdlib socket; make it non-blocking, with TCP_NODELAY."""
    sock.setblocking(False)
    transport = SocketTransport(sock)
    transport.set_option(socket.IPPROTO_TCP, "TCP_NODELAY", 1)
    return transport


@define(eq=False)
class SocketTransport:
    """A stdlib socket that this class alone uses. Waiting goes through Trio, by descriptor."""

    socket: socket.socket
    io: NonblockingIO = field(init=False)

    @io.default
    def _of_the_socket(self) -> NonblockingIO:
        return NonblockingIO(self.socket.recv, self.socket.send)

    async def wait_readable(self) -> None:
        """Wait until `io.read_nowait` has bytes or the end to return."""
        await trio.lowlevel.wait_readable(self.socket)

    async def wait_writable(self) -> None:
        """Wait until `io.write_nowait` may take bytes; raises what a Trio stream must."""
        if self.io.has_closed:
            raise trio.ClosedResourceError
        if self.io.is_broken:
            raise trio.BrokenResourceError
        await trio.lowlevel.wait_writable(self.socket)

    def shut_down_writing(self) -> None:
        """Send our end, after everything written."""
        with contextlib.suppress(OSError):  # broken already
            self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Close the descriptor; Trio wakes the tasks that wait on it."""
        if not self.io.has_closed:
            self.io.has_closed = True
            trio.lowlevel.notify_closing(self.socket)
            self.socket.close()

    def fileno(self) -> int:
        """The descriptor; -1 once closed."""
        return self.socket.fileno()

    def duplicate(self) -> int:
        """A second descriptor, which the caller owns."""
        return os.dup(self.socket.fileno())

    def idle_ms(self) -> int:
        """How long ago the kernel got the last bytes; 0 if unknown."""
        return self._tcp_info(LAST_DATA_RECEIVED_MS)

    def rtt_ms(self) -> int:
        """The kernel's own estimate; 0 if unknown."""
        return self._tcp_info(ROUND_TRIP_US) // 1_000

    def _tcp_info(self, field: slice) -> int:
        try:
            tcp_info = self.socket.getsockopt(socket.IPPROTO_TCP, TCP_INFO, TCP_INFO_BYTES)
        except OSError:  # not TCP, or closed
            return 0
        return int.from_bytes(tcp_info[field], sys.byteorder)

    def set_option(self, level: int, name: str, value: int) -> None:
        """Set a socket option where this platform and this kind of socket have it."""
        if (option := getattr(socket, name, None)) is not None:
            with contextlib.suppress(OSError):
                self.socket.setsockopt(level, option, value)


async def linger(transport: Transport, bytes_max: int) -> None:
    """Send our end, then discard what arrives before the peer's end, up to `bytes_max`."""
    transport.shut_down_writing()
    discarded_bytes = 0
    while discarded_bytes < bytes_max:
        chunk = transport.io.read_nowait(LINGER_READ_BYTES)
        if chunk is None:
            await transport.wait_readable()
        elif not chunk:
            return
        else:
            discarded_bytes += len(chunk)

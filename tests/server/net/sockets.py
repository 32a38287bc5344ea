"""Sockets for tests of streams: connected pairs, and one that takes only what a script allows."""

import socket
from collections.abc import Iterator

from attrs import define, field

from server.net.settings import NetSettings
from server.net.stream import TickStream
from server.net.transport import SocketTransport

SETTINGS = NetSettings()
PLENTY = 1_000_000


class StingySocket(socket.socket):
    """A real socket whose `send` takes at most the next number of the script; 0 blocks."""

    script: Iterator[int] = iter(())

    def send(self, content: object, flags: int = 0) -> int:
        most = next(self.script, PLENTY)
        if most == 0:
            raise BlockingIOError
        return super().send(memoryview(content)[:most], flags)  # type: ignore[arg-type]


@define
class Wires:
    """Makes connected pairs, and closes whatever a test leaves open."""

    _open: list[socket.socket] = field(factory=list)

    def pair(self, settings: NetSettings = SETTINGS) -> tuple[TickStream, socket.socket]:
        """A stream, and its peer as a plain non-blocking socket."""
        ours, theirs = self._connected()
        return TickStream.over(ours, settings), theirs

    def framed(self, settings: NetSettings = SETTINGS) -> tuple[TickStream, socket.socket]:
        """A pair whose handshake is done."""
        stream, peer = self.pair(settings)
        stream.begin_frames(settings.message_bytes_max)
        return stream, peer

    def stingy(self, script: list[int]) -> tuple[TickStream, socket.socket]:
        """A framed stream with short writes, and its peer."""
        ours, theirs = self._connected()
        sock = StingySocket(fileno=ours.detach())
        self._open.append(sock)
        sock.setblocking(False)
        sock.script = iter(script)
        stream = TickStream(SocketTransport(sock), SETTINGS)
        stream.begin_frames(SETTINGS.message_bytes_max)
        return stream, theirs

    def close(self) -> None:
        """Close every socket made here."""
        for sock in self._open:
            sock.close()

    def _connected(self) -> tuple[socket.socket, socket.socket]:
        ours, theirs = socket.socketpair()
        self._open += (ours, theirs)
        theirs.setblocking(False)
        return ours, theirs


def everything(peer: socket.socket) -> bytes:
    """The bytes that the peer has received so far."""
    received = b""
    while True:
        try:
            chunk = peer.recv(65_536)
        except BlockingIOError:
            return received
        if not chunk:
            return received
        received += chunk

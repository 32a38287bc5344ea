"""The other end of TLS for tests: contexts for both sides, and a client that never waits."""

import socket
import ssl
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import define, field

from server.security.certificates import read_context
from server.security.x509 import self_signed

NAMES = ("127.0.0.1", "localhost")


@cache
def certificate_text() -> bytes:
    """A self-signed certificate and its key, in PEM."""
    return self_signed(NAMES)


@cache
def server_context() -> ssl.SSLContext:
    """As servers use it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "both.pem"
        path.write_bytes(certificate_text())
        return read_context(path, path)


@cache
def client_context() -> ssl.SSLContext:
    """Of a client that trusts this certificate alone."""
    return ssl.create_default_context(
        cadata=certificate_text().decode().partition("-----BEGIN PR")[0]
    )


@define
class TestTls:
    """What a front wants; see `server.net.front.TlsContext`."""

    __test__ = False
    context: ssl.SSLContext = field(factory=server_context)


@define(eq=False)
class TlsPeer:
    """A TLS client on a non-blocking socket. `pump` does whatever can be done now."""

    socket: socket.socket
    context: ssl.SSLContext = field(factory=client_context)
    received: bytes = b""
    has_ended: bool = False  # by TLS's end or TCP's
    incoming: ssl.MemoryBIO = field(factory=ssl.MemoryBIO)
    outgoing: ssl.MemoryBIO = field(factory=ssl.MemoryBIO)
    tls: ssl.SSLObject = field(init=False)
    is_established: bool = False
    _unsent: bytes = b""

    def __attrs_post_init__(self) -> None:
        self.socket.setblocking(False)
        self.tls = self.context.wrap_bio(self.incoming, self.outgoing, server_hostname="localhost")

    def pump(self, bytes_max: int = 65_536) -> None:
        """Shake hands if need be, and exchange what both sides have, in pieces of `bytes_max`."""
        try:
            chunk = self.socket.recv(bytes_max)
        except BlockingIOError:
            pass
        except OSError:
            self.has_ended = True
        else:
            self.has_ended |= not chunk
            self.incoming.write(chunk) if chunk else self.incoming.write_eof()
        try:
            if not self.is_established:
                self.tls.do_handshake()
                self.is_established = True
            while part := self.tls.read(65_536):
                self.received += part
            self.has_ended = True
        except ssl.SSLWantReadError:
            pass
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            self.has_ended = True
        self.flush(bytes_max)

    def send(self, content: bytes) -> None:
        """Encrypt; `pump` and `flush` send it."""
        self.tls.write(content)

    def flush(self, bytes_max: int = 65_536) -> None:
        self._unsent += self.outgoing.read()
        while self._unsent:
            try:
                sent_bytes = self.socket.send(self._unsent[:bytes_max])
            except OSError:
                return
            self._unsent = self._unsent[sent_bytes:]

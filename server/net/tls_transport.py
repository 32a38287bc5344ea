"""TLS over another transport, without waiting: a tick reads, decrypts, encrypts and writes.

Owns: the TLS state of one connection, and encrypted bytes on their way in and out. Must not know:
frames, certificates. Invariants: bytes that `io` accepted are sent in order, or the connection is
broken; a read that returns less than was asked for leaves nothing behind to decrypt.

The handshake needs no step of its own: the first reads carry it out (`ssl.SSLObject` over two
`ssl.MemoryBIO`, see <https://docs.python.org/3/library/ssl.html#memory-bio-support>).
"""

import contextlib
import ssl

import trio
from attrs import define, field

from server.net.nonblocking_io import NonblockingIO
from server.net.responses import canned, text
from server.net.transport import Transport

ENCRYPTED_READ_BYTES = 4_096  # one recv
ENCRYPTED_READS_MAX = 4  # without a byte to return; then other connections have their turn
UNSENT_BYTES_MAX = 65_536  # encrypted and unsent: a peer that leaves more unread is not read
HANDSHAKE_RECORD = 0x16  # the first byte of every TLS connection (RFC 8446, 5.1)
PLAIN_ANSWER = canned(text(400, "this port speaks HTTPS: the address begins with https://"))
# What operators should know about the most frequent failures, by OpenSSL's name.
REASONS = {
    "HTTP_REQUEST": "the client spoke plain HTTP",
    "TLSV1_ALERT_UNKNOWN_CA": "the client does not trust who issued the certificate",
    "SSLV3_ALERT_BAD_CERTIFICATE": "the client refused the certificate",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "the client says that the certificate has expired",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "the client refused the certificate",
    "UNSUPPORTED_PROTOCOL": "the client is too old: it has no TLS 1.2",
    "NO_SHARED_CIPHER": "the client has no cipher in common with this server",
    "UNEXPECTED_EOF_WHILE_READING": "the client hung up during the handshake",
}


@define(eq=False)
class TlsTransport:
    """See the module. It looks like the transport it wraps, but its `io` takes plain bytes."""

    _inner: Transport
    _context: ssl.SSLContext
    io: NonblockingIO = field(init=False)
    is_established: bool = field(default=False, init=False)
    _incoming: ssl.MemoryBIO = field(factory=ssl.MemoryBIO, init=False)
    _outgoing: ssl.MemoryBIO = field(factory=ssl.MemoryBIO, init=False)
    _tls: ssl.SSLObject = field(init=False)
    _unsent: bytes = field(default=b"", init=False, repr=False)  # encrypted, not yet written
    _is_first_read: bool = field(default=True, init=False)

    def __attrs_post_init__(self) -> None:
        """Begin with nothing exchanged."""
        self._tls = self._context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.io = NonblockingIO(self._receive, self._send, self._flush)

    # The Transport.

    async def wait_readable(self) -> None:
        """Wait until `io.read_nowait` may have bytes; send what a handshake has to say before."""
        while not self.io.flush_nowait():
            await self._inner.wait_writable()
        await self._inner.wait_readable()

    async def wait_writable(self) -> None:
        """Wait until `io.write_nowait` may take bytes; before the handshake, carry that on."""
        if self.io.has_closed:
            raise trio.ClosedResourceError
        if self.io.is_broken:
            raise trio.BrokenResourceError
        if self.is_established:
            await self._inner.wait_writable()
            return
        await self.wait_readable()
        try:
            self._read_records()
            self._shake_hands()
        except ssl.SSLWantReadError:
            self._flush()
        except OSError:
            self.io.give_up()
            raise trio.BrokenResourceError from None

    def shut_down_writing(self) -> None:
        """Send TLS's end (close_notify, RFC 8446, 6.1) and then TCP's."""
        if self.is_established and not self.io.is_broken:
            with contextlib.suppress(OSError):  # it waits for the peer's end, which we do not
                self._tls.unwrap()
            self.io.flush_nowait()
        self._inner.shut_down_writing()

    def close(self) -> None:
        """Close the connection; tasks that wait on it get ClosedResourceError."""
        self.io.has_closed = True
        self._inner.close()

    def set_option(self, level: int, name: str, value: int) -> None:
        """Set a socket option where there is such a thing."""
        self._inner.set_option(level, name, value)

    def idle_ms(self) -> int:
        """How long ago the last bytes came in, whether they were read or not."""
        return self._inner.idle_ms()

    def rtt_ms(self) -> int:
        """How long the peer, or a proxy before it, takes to acknowledge bytes; 0 if unknown."""
        return self._inner.rtt_ms()

    def fileno(self) -> int:
        """The descriptor; -1 once closed."""
        return self._inner.fileno()

    def duplicate(self) -> None:
        """None: another process could not decrypt."""

    # What `io` is made of. All three raise OSError once the connection is broken.

    def _receive(self, bytes_max: int) -> bytes:
        """Return decrypted bytes, `b""` at the end. Raises BlockingIOError without any."""
        self.io.has_unread = False
        if len(self._unsent) > UNSENT_BYTES_MAX and not self._flush():
            raise BlockingIOError
        taken = b""
        reads_left = ENCRYPTED_READS_MAX
        while len(taken) < bytes_max:
            if not self._has_records:
                reads_left -= 1
                if reads_left < 0 or not self._read_records():
                    break
            try:
                part = self._read_plain(bytes_max - len(taken))
            except ssl.SSLWantReadError:  # half a record, or a handshake that goes on
                self._flush()
                reads_left -= 1
                if reads_left < 0 or not self._read_records():
                    break
                continue
            if not part:
                return taken
            taken += part
        if not taken:
            raise BlockingIOError
        self.io.has_unread = len(taken) == bytes_max and self._has_records
        return taken

    @property
    def _has_records(self) -> bool:
        """Whether something is left to decrypt, if only a part of a record, or the end."""
        return bool(self._tls.pending() or self._incoming.pending or self._incoming.eof)

    def _read_plain(self, bytes_max: int) -> bytes:
        """Return decrypted bytes, `b""` at the end. Raises SSLWantReadError without any."""
        try:
            self._shake_hands()
            return self._tls.read(bytes_max)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            if not self.is_established:
                raise
            return b""  # hung up without TLS's end, as most do: WebSocket and HTTP have their own

    def _send(self, written: bytes | memoryview) -> int:
        """Encrypt all of `written`, and send what the connection takes; `_flush` sends the rest.

        Raises BlockingIOError while earlier bytes are unsent.
        """
        if not self.is_established or not self._flush():
            raise BlockingIOError
        sent_bytes = self._tls.write(written)
        self._flush()
        return sent_bytes

    def _flush(self) -> bool:
        """Send encrypted bytes; return whether none is left."""
        if self._outgoing.pending:
            self._unsent += self._outgoing.read()
        if self._unsent:
            self._unsent = self._unsent[self._inner.io.write_nowait(self._unsent) :]
            if self._inner.io.is_broken:
                raise ConnectionResetError
        return not self._unsent

    def _read_records(self) -> bool:
        """Take encrypted bytes from the connection; return whether there were any, or its end."""
        chunk = self._inner.io.read_nowait(ENCRYPTED_READ_BYTES)
        if chunk is None:
            return False
        if not chunk:
            self._incoming.write_eof()
        elif self._is_first_read and chunk[0] != HANDSHAKE_RECORD:
            self.io.failure = REASONS["HTTP_REQUEST"]
            self._inner.io.write_nowait(PLAIN_ANSWER)
            raise ConnectionAbortedError
        else:
            self._incoming.write(chunk)
        self._is_first_read = False
        return True

    def _shake_hands(self) -> None:
        """Continue the handshake. Raises SSLWantReadError until it is done, or another SSLError."""
        if self.is_established:
            return
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            raise
        except ssl.SSLError as error:
            reason = error.reason or ""
            self.io.failure = REASONS.get(reason, reason.lower().replace("_", " ") or "not TLS")
            with contextlib.suppress(OSError):
                self._flush()  # the alert that tells the client why
            raise
        self.is_established = True
        self._flush()

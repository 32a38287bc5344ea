"""The TLS state of one connection: plain bytes on one side, encrypted ones on the other.

Owns: the handshake, and encrypted bytes on their way in and out. Must not know: Trio, frames,
certificates. Invariants: bytes that `send` accepted go out in order, or the connection is broken; a
`receive` that returns less than was asked for leaves nothing behind to decrypt.

The handshake needs no step of its own: the first reads carry it out (`ssl.SSLObject` over two
`ssl.MemoryBIO`, see <https://docs.python.org/3/library/ssl.html#memory-bio-support>).
"""

import ssl
from contextlib import suppress
from typing import Final

from server.net.nonblocking_io import NonblockingIO

READ_BYTES: Final = 4_096  # one recv
READS_MAX: Final = 4  # without a byte to return; then other connections have their turn
UNSENT_BYTES_MAX: Final = 65_536  # encrypted and unsent: a peer that leaves more unread is not read
HANDSHAKE_RECORD: Final = 0x16  # the first byte of every TLS connection (RFC 8446, 5.1)
# What operators should know about the most frequent failures, by OpenSSL's name.
PLAIN_HTTP: Final = "the client spoke plain HTTP"
REASONS: Final = {
    "HTTP_REQUEST": PLAIN_HTTP,
    "TLSV1_ALERT_UNKNOWN_CA": "the client does not trust who issued the certificate",
    "SSLV3_ALERT_BAD_CERTIFICATE": "the client refused the certificate",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": "the client says that the certificate has expired",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": "the client refused the certificate",
    "UNSUPPORTED_PROTOCOL": "the client is too old: it has no TLS 1.2",
    "NO_SHARED_CIPHER": "the client has no cipher in common with this server",
}
HUNG_UP: Final = "the client hung up during the handshake"


class TlsChannel:
    """See the module. `io` takes plain bytes; its functions raise OSError once it is broken."""

    def __init__(self, encrypted: NonblockingIO, context: ssl.SSLContext, answer: bytes) -> None:
        """Begin with nothing exchanged. `answer` is sent to a client that speaks plain HTTP."""
        self.io = NonblockingIO(self._receive, self._send, self._flush)
        self.is_established = False
        self._encrypted = encrypted
        self._answer = answer
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._unsent = b""
        self._is_first_read = True
        self._has_rest = False  # something may be left to decrypt

    def advance(self) -> None:
        """Read once and continue the handshake, for somebody who waits to write."""
        try:
            self._read_records()
            self._shake_hands()
        except ssl.SSLWantReadError:
            self.io.flush_nowait()
        except OSError:
            self.io.give_up()

    def end(self) -> None:
        """Send TLS's end (close_notify, RFC 8446, 6.1)."""
        if not self.is_established or self.io.is_broken:
            return
        with suppress(OSError):  # it waits for the peer's end, which we do not
            self._tls.unwrap()
        self.io.flush_nowait()

    def _receive(self, bytes_max: int) -> bytes:
        """Return decrypted bytes, `b""` at the end. Raises BlockingIOError without any."""
        if self._has_rest or not self.is_established or self._unsent:
            return self._receive_slowly(bytes_max)
        if not self._read_records():
            raise BlockingIOError
        try:
            part = self._tls.read(bytes_max)
        except ssl.SSLWantReadError:
            self._has_rest = True
            return self._receive_slowly(bytes_max)
        if len(part) == bytes_max or self._incoming.pending:
            self._has_rest = self.io.has_unread = True
            if len(part) < bytes_max and part:
                return part + self._rest(bytes_max - len(part))
        return part

    def _rest(self, bytes_max: int) -> bytes:
        """More decrypted bytes, or none."""
        try:
            return self._receive_slowly(bytes_max)
        except BlockingIOError:
            return b""

    def _receive_slowly(self, bytes_max: int) -> bytes:
        """The same in all cases: a handshake, half a record, several records, a slow reader."""
        if len(self._unsent) > UNSENT_BYTES_MAX and not self._flush():
            raise BlockingIOError  # what is unread stays so
        self.io.has_unread = False
        taken = b""
        reads_left = READS_MAX
        while len(taken) < bytes_max:
            if not self._has_records():
                reads_left -= 1
                if reads_left < 0 or not self._read_records():
                    break
            try:
                self._shake_hands()
                part = self._tls.read(bytes_max - len(taken))
            except ssl.SSLWantReadError:  # half a record, or a handshake that goes on
                self._flush()
                reads_left -= 1
                if reads_left < 0 or not self._read_records():
                    break
                continue
            if not part:
                return taken
            taken += part
        self._has_rest = self._has_records()
        if not taken:
            raise BlockingIOError
        self.io.has_unread = len(taken) == bytes_max and self._has_rest
        return taken

    def _has_records(self) -> bool:
        """Whether something is left to decrypt, if only a part of a record, or the end."""
        return bool(self._tls.pending() or self._incoming.pending or self._incoming.eof)

    def _send(self, written: bytes | memoryview) -> int:
        """Encrypt all of `written`, and send what the connection takes; `_flush` sends the rest.

        Raises BlockingIOError while earlier bytes are unsent.
        """
        if not self.is_established or (self._unsent and not self._flush()):
            raise BlockingIOError
        accepted_bytes = self._tls.write(written)
        self._flush()
        return accepted_bytes

    def _flush(self) -> bool:
        """Send encrypted bytes; return whether none is left."""
        unsent = self._outgoing.read()
        if self._unsent:
            unsent = self._unsent + unsent
        if not unsent:
            return True
        sent_bytes = self._encrypted.write_nowait(unsent)
        if self._encrypted.is_broken:
            raise ConnectionResetError
        self._unsent = b"" if sent_bytes == len(unsent) else unsent[sent_bytes:]
        return not self._unsent

    def _read_records(self) -> bool:
        """Take encrypted bytes from the connection; return whether there were any, or its end."""
        chunk = self._encrypted.read_nowait(READ_BYTES)
        if chunk is None:
            return False
        if not chunk:
            self._incoming.write_eof()
        elif self._is_first_read and chunk[0] != HANDSHAKE_RECORD:
            self.io.failure = PLAIN_HTTP
            self._encrypted.write_nowait(self._answer)
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
            self.io.failure = self._reason_of(error)
            self.io.flush_nowait()  # the alert that tells the client why
            raise
        self.is_established = True
        self._flush()

    def _reason_of(self, error: ssl.SSLError) -> str:
        """Say why a handshake failed; nothing of a probe that only connects."""
        if self._encrypted.has_ended:
            return HUNG_UP if self._encrypted.bytes_in else ""
        name: str | None = getattr(error, "reason", None)  # typeshed says that it is never None
        if not name:
            return "it is not TLS"
        return REASONS.get(name, name.lower().replace("_", " "))

"""TLS over another transport: a tick reads, decrypts, encrypts and writes without waiting.

Owns: the half of an encrypted connection that waits; `TlsChannel` is the half that does not. Must
not know: frames, certificates.
"""

import ssl

import trio
from attrs import define, field

from server.net.nonblocking_io import NonblockingIO
from server.net.responses import canned, text
from server.net.tls_channel import TlsChannel
from server.net.transport import Transport

PLAIN_ANSWER = canned(text(400, "this port speaks HTTPS: the address begins with https://"))


@define(eq=False)
class TlsTransport:
    """It looks like the transport that it wraps, but its `io` takes plain bytes."""

    _inner: Transport
    _context: ssl.SSLContext
    _channel: TlsChannel = field(init=False)

    @_channel.default
    def _new_channel(self) -> TlsChannel:
        return TlsChannel(self._inner.io, self._context, PLAIN_ANSWER)

    @property
    def io(self) -> NonblockingIO:
        """Its non-blocking reads and writes."""
        return self._channel.io

    @property
    def is_established(self) -> bool:
        """Whether the handshake is done."""
        return self._channel.is_established

    async def wait_readable(self) -> None:
        """Wait until `io.read_nowait` may have bytes; send what a handshake has to say before."""
        while not self.io.flush_nowait():
            await self._inner.wait_writable()
        if self.io.has_unread:  # the kernel would wake nobody for it
            await trio.lowlevel.checkpoint()
        else:
            await self._inner.wait_readable()

    async def wait_writable(self) -> None:
        """Wait until `io.write_nowait` may take bytes; before the handshake, carry that on."""
        if not self.is_established and not self.io.has_closed and not self.io.is_broken:
            await self.wait_readable()
            self._channel.advance()
        if self.io.has_closed:
            raise trio.ClosedResourceError
        if self.io.is_broken:
            raise trio.BrokenResourceError
        if self.is_established:
            await self._inner.wait_writable()

    def shut_down_writing(self) -> None:
        """Send TLS's end and then TCP's."""
        self._channel.end()
        self._inner.shut_down_writing()

    def close(self) -> None:
        """Close the connection; tasks that wait on it get ClosedResourceError."""
        self.io.close()
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

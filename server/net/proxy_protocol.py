"""The PROXY protocol, version 2: a proxy that forwards bytes names the client before them.

Owns: the header, from <https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt>, section 2.2.
Must not know: who is trusted to send one. Invariant: not a byte behind the header is read, because
TLS or HTTP begins there.
"""

import socket
import struct

from server.net.transport import Transport

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
HEAD = struct.Struct("!12sBBH")  # signature, version and command, family and protocol, length
VERSION = 2
LOCAL, PROXY = 0, 1  # commands; the first is the proxy's own connection, such as a health check
TCP_OVER_IPV4, TCP_OVER_IPV6 = 0x11, 0x21
LENGTH_MAX = 2_048  # addresses take 36 bytes; the rest is for extensions, which are skipped


class ProxyProtocolError(Exception):
    """The bytes are no header of version 2; the text says what they are."""


def length_of(head: bytes) -> int:
    """Return how many bytes follow these 16. Raises ProxyProtocolError."""
    signature, version_and_command, _, length = HEAD.unpack(head)
    if signature != SIGNATURE:
        raise ProxyProtocolError("the connection does not begin with a PROXY header of version 2")
    if version_and_command >> 4 != VERSION or version_and_command & 15 not in (LOCAL, PROXY):
        raise ProxyProtocolError(f"an unknown version or command: {version_and_command:#04x}")
    if length > LENGTH_MAX:
        raise ProxyProtocolError(f"a header of {length} bytes")
    return int(length)


def source_of(head: bytes, body: bytes) -> str | None:
    """Return the client's address; None when the header names none: the proxy speaks for itself.

    Raises ProxyProtocolError.
    """
    _, version_and_command, family, _ = HEAD.unpack(head)
    if version_and_command & 15 == LOCAL:
        return None
    if family == TCP_OVER_IPV4 and len(body) >= 12:
        return socket.inet_ntop(socket.AF_INET, body[:4])
    if family == TCP_OVER_IPV6 and len(body) >= 36:
        return socket.inet_ntop(socket.AF_INET6, body[:16])
    if family in (TCP_OVER_IPV4, TCP_OVER_IPV6):
        raise ProxyProtocolError(f"addresses in {len(body)} bytes")
    return None


async def read_source(transport: Transport) -> str | None:
    """Read a header; returns what it names, as `source_of`. Raises ProxyProtocolError."""
    head = await _read(transport, HEAD.size)
    return source_of(head, await _read(transport, length_of(head)))


async def _read(transport: Transport, count: int) -> bytes:
    received = b""
    while len(received) < count:
        chunk = transport.io.read_nowait(count - len(received))
        if chunk is None:
            await transport.wait_readable()
        elif not chunk:
            raise ProxyProtocolError("the connection ended in the header")
        else:
            received += chunk
    return received

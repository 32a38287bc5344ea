"""A request head: read with a size limit, taken apart by h11, and nothing of it believed.

Owns what the rest of the room asks of a request: method, path, headers, whether it wants a
WebSocket. It must not know routes. Invariant: a `Head` is valid HTTP/1.1 by h11's rules.
"""

import re
from urllib.parse import unquote

import h11
from attrs import field, frozen

from server.net.settings import NetSettings
from server.net.stream import READ_BYTES, TickStream

BLANK_LINE = re.compile(rb"\n\r?\n")  # as h11 has it: a lone LF is tolerated
TLS_HANDSHAKE = 0x16


class RequestError(Exception):
    """A request that is not served: a status, a reason for people, and advice in headers."""

    def __init__(self, status: int, reason: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        """Keep them apart: the status and headers are for programs."""
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers


@frozen
class Head:
    """One request without its body."""

    method: str
    target: str
    version: str
    headers: tuple[tuple[str, str], ...]  # names in lower case
    raw: bytes
    path: str = field(init=False)  # decoded, without the query
    query: str = field(init=False)

    @path.default
    def _path_of_target(self) -> str:
        return unquote(self.target.partition("?")[0], errors="replace")

    @query.default
    def _query_of_target(self) -> str:
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The first value of a header, by its name in lower case."""
        return next((value for key, value in self.headers if key == name), None)

    def tokens(self, name: str) -> list[str]:
        """The members of a list header, from all its lines, in order."""
        lines = ",".join(value for key, value in self.headers if key == name)
        return [token.strip() for token in lines.split(",") if token.strip()]

    @property
    def wants_websocket(self) -> bool:
        """Whether it asks for an upgrade to a WebSocket, rightly or wrongly made."""
        return any(token.lower() == "websocket" for token in self.tokens("upgrade"))


async def read_head(stream: TickStream, settings: NetSettings) -> bytes:
    """The bytes of the next head, blank line included, or `b""` when the peer ended before one.

    What was read beyond it stays in the stream. Raises RequestError when it is too long, or plainly
    no HTTP. The caller sets the deadline.
    """
    received = bytearray()
    while (end := BLANK_LINE.search(received)) is None:
        if len(received) > settings.head_bytes_max:
            raise _too_long(received, settings)
        chunk = await stream.receive_some(READ_BYTES)
        if not chunk:
            return b""
        received += chunk
        if not received.strip(b"\r\n"):
            received.clear()  # empty lines before a request are to be ignored (RFC 9112, 2.2)
        elif received[0] == TLS_HANDSHAKE:
            raise RequestError(400, "this port speaks HTTP, not TLS")
    if end.end() > settings.head_bytes_max:
        raise _too_long(received, settings)
    stream.unread(bytes(received[end.end() :]))
    return bytes(received[: end.end()].lstrip(b"\r\n"))


def parse_head(raw: bytes, settings: NetSettings) -> tuple[Head, h11.Connection]:
    """The head, and the h11 connection that goes on with the body. Raises RequestError."""
    parser = h11.Connection(h11.SERVER, max_incomplete_event_size=settings.head_bytes_max)
    parser.receive_data(raw)
    try:
        event = parser.next_event()
    except h11.RemoteProtocolError as error:
        raise RequestError(error.error_status_hint, f"malformed request: {error}") from None
    if not isinstance(event, h11.Request):
        raise RequestError(400, "malformed request")
    if len(event.target) > settings.target_bytes_max:
        raise RequestError(414, "the request's target is too long")
    headers = tuple((k.decode("ascii"), v.decode("latin-1")) for k, v in event.headers)
    method, target = event.method.decode("ascii"), event.target.decode("ascii")
    return Head(method, target, event.http_version.decode("ascii"), headers, raw), parser


def _too_long(received: bytearray, settings: NetSettings) -> RequestError:
    if b"\n" not in received[: settings.target_bytes_max + 64]:
        return RequestError(414, "the request's target is too long")
    return RequestError(431, f"the request's head is longer than {settings.head_bytes_max} bytes")

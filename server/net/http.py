"""HTTP/1.1 beside the WebSockets: one request in, one answer out, by h11.

Owns reading a head and a body within limits, finding the answer, and writing it in time. It must
not know what routes say. Invariant: a bug in a route is a 500 for one client.
"""

import re
from typing import Protocol

import h11
import structlog
import trio
from attrs import evolve, frozen

from server.net.head import RequestError, check_lines
from server.net.hosts import host_of
from server.net.responses import Request, Response, Routes, header_lines, text
from server.net.settings import NetSettings
from server.net.static import StaticFiles
from server.net.stream import TickStream
from server.net.tick_core import READ_BYTES

log = structlog.get_logger("net")

PIECE_BYTES = 16_384  # of an answer; the client must read each at the minimum rate
PIECE_GRACE_S = 5.0
READABLE_METHODS = ("GET", "HEAD")
HEAD_END = b"\r\n\r\n"
EMPTY_LINES = re.compile(rb"(?:\r\n)+")
TLS_HANDSHAKE = b"\x16"
HTTPS_PORT = 443


class Answering(Protocol):
    """What answers the requests of a front."""

    async def answer(self, request: Request) -> Response:
        """The answer to one request; raises RequestError for those that have none."""

    def reloaded(self, settings: NetSettings) -> "Answering":
        """The same under new settings."""


async def read_head(stream: TickStream, settings: NetSettings) -> bytes:
    """The bytes of the next head, blank line included, or `b""` when the peer ended before one.

    Bytes read beyond it go back to the stream. Raises RequestError when the head is too long, or
    plainly not HTTP. The caller sets the deadline.
    """
    received = bytearray()
    searched_bytes = 0
    while True:
        chunk = await stream.receive_some(READ_BYTES)
        if not chunk:
            return b""
        received += chunk
        if empty := EMPTY_LINES.match(received):
            del received[: empty.end()]  # ignored before a request (RFC 9112, 2.2)
            searched_bytes = 0
        if received[:1] == TLS_HANDSHAKE:
            raise RequestError(400, "this port speaks HTTP, not TLS")
        if (end := received.find(HEAD_END, searched_bytes)) >= 0:
            break
        check_lines(received, searched_bytes, settings)
        if len(received) > settings.head_bytes_max:
            raise _too_long(received, settings)
        searched_bytes = max(0, len(received) - len(HEAD_END) + 1)
    size = end + len(HEAD_END)
    if size > settings.head_bytes_max:
        raise _too_long(received, settings)
    stream.unread(bytes(received[size:]))
    return bytes(received[:size])


@frozen
class Site:
    """Everything that can be read over HTTP: routes of the server, then files of the client.

    A route whose path ends in `/` answers for all names directly under it.
    """

    routes: Routes
    static: StaticFiles
    settings: NetSettings

    def reloaded(self, settings: NetSettings) -> "Site":
        """The same under new settings."""
        return evolve(self, settings=settings)

    async def answer(self, request: Request) -> Response:
        """The answer to one request; raises RequestError for those that have none."""
        head = request.head
        if not head.path:  # `/game` in place of `/game/`: the page's own addresses need the slash
            query = f"?{head.query}" if head.query else ""
            location = ("location", f"{self.settings.base_path}/{query}")
            return text(308, "this address must end with a slash", (location,))
        prefix = head.path[: head.path.rfind("/") + 1]
        route = self.routes.get(head.path) or (self.routes.get(prefix) if prefix != "/" else None)
        file = self.static.find(head.path)
        if route is None and file is None:
            raise RequestError(404, "there is nothing here")
        if head.method not in READABLE_METHODS:
            raise RequestError(405, "this is read-only", (("allow", "GET, HEAD"),))
        if route is None:
            assert file is not None
            return file.answer(head)
        with trio.move_on_after(self.settings.answer_timeout_s):
            try:
                return await route(request)
            except Exception:
                log.exception("route_fault", path=head.path, peer=request.peer)
                return text(500, "an error in the server")
        return text(503, "the server is too busy for this", (("retry-after", "5"),))


@frozen
class RedirectSite:
    """Leads every request for plain HTTP to the same address with TLS."""

    port: int

    def reloaded(self, _: NetSettings) -> "RedirectSite":
        """The same: the port is bound at the start."""
        return self

    async def answer(self, request: Request) -> Response:
        """A redirect that browsers remember; raises RequestError without a host to lead to."""
        host = request.head.header("host")
        if not host:
            raise RequestError(
                400, "this port only leads to https://, and the request names no host"
            )
        name = host_of(host)
        if ":" in name:
            name = f"[{name}]"
        port = "" if self.port == HTTPS_PORT else f":{self.port}"
        location = f"https://{name}{port}{request.head.target}"
        return text(308, "this address is served with TLS", (("location", location),))


@frozen
class Exchange:
    """One request whose head was parsed, and the connection that waits for its answer."""

    stream: TickStream
    request: Request
    parser: h11.Connection
    settings: NetSettings

    async def serve(self, site: Answering) -> int:
        """Discard the body, answer, and return the status."""
        with self.request.at_end:
            try:
                await self._read_body()
                response = await site.answer(self.request)
            except RequestError as error:
                response = text(error.status, error.reason, error.headers)
            await self.write(response)
        return response.status

    async def write(self, response: Response) -> None:
        """Send the answer; raises TooSlowError for a client that does not read it in time.

        All clients share a body's bytes: a slow reader ties up one socket buffer, no more.
        """
        has_whole_request = self.parser.their_state is h11.DONE  # else the next head is not found
        hsts_s = self.settings.hsts_s if self.settings.uses_tls else 0  # RFC 6797, 7.2
        lines = header_lines(response, is_last=not has_whole_request, hsts_s=hsts_s)
        head = self.parser.send(h11.Response(status_code=response.status, headers=lines)) or b""
        body = b""
        if response.body and self.request.head.method != "HEAD":
            self.parser.send_with_data_passthrough(h11.Data(data=response.body))
            body = response.body
        self.parser.send(h11.EndOfMessage())
        with trio.fail_after(self.settings.response_timeout_s):
            await self._send(head + body[:PIECE_BYTES])
            whole = memoryview(body)
            for at in range(PIECE_BYTES, len(body), PIECE_BYTES):
                await self._send(whole[at : at + PIECE_BYTES])

    async def _send(self, piece: bytes | memoryview) -> None:
        least_bytes_per_s = self.settings.answer_bytes_per_s_min
        with trio.fail_after(PIECE_GRACE_S + len(piece) / least_bytes_per_s):
            await self.stream.send_all(piece)

    def keeps_alive(self) -> bool:
        """Whether another request may follow; its first bytes, if read, go back to the stream."""
        self.stream.unread(self.parser.trailing_data[0])
        return self.parser.our_state is h11.DONE and self.parser.their_state is h11.DONE

    async def _read_body(self) -> None:
        with trio.move_on_after(self.settings.body_timeout_s) as reading:
            await self._drop_body()
        if reading.cancelled_caught:
            raise RequestError(408, "the body took too long")

    async def _drop_body(self) -> None:
        """Discard the body: no route takes one, but the next request follows it."""
        if int(self.request.head.header("content-length") or 0) > self.settings.body_bytes_max:
            raise RequestError(413, "the body is too long")
        while not self.parser.they_are_waiting_for_100_continue:
            try:
                event = self.parser.next_event()
            except h11.RemoteProtocolError as error:
                raise RequestError(error.error_status_hint, f"malformed body: {error}") from None
            if event is h11.NEED_DATA:
                self.parser.receive_data(await self.stream.receive_some(READ_BYTES))
            elif not isinstance(event, h11.Data):
                return


def _too_long(received: bytearray, settings: NetSettings) -> RequestError:
    if b"\n" not in received[: settings.target_bytes_max + 64]:
        return RequestError(414, "the request's target is too long")
    return RequestError(431, f"the request's head is longer than {settings.head_bytes_max} bytes")

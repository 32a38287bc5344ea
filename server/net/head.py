"""A request head, parsed by h11, with nothing in it trusted.

Owns what the rest of the folder needs of a request: method, path, headers, whether it wants a
WebSocket. It must not know routes. Invariant: a `Head` reads the same to every parser. What RFC
9112 lets a recipient repair (a lone LF, a folded line, two lengths) is refused instead, because a
proxy in front of us may have repaired it differently.
"""

import re
from urllib.parse import unquote

import h11
from attrs import evolve, field, frozen

from server.net.base_path import below
from server.net.hosts import host_of, is_address
from server.net.settings import NetSettings

# For probes and scrapers, which know an address but no host name.
PROBED = ("/healthz", "/metrics")
VERSIONS = ("1.0", "1.1")
REASON_CHARACTERS_MAX = 200
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # all but HTAB, LF and CR
# Headers that decide where a request ends, which host it is for, or if it becomes a WebSocket.
ONCE = frozenset(
    (
        *(b"host", b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"origin"),
        *(b"sec-websocket-key", b"sec-websocket-version"),
    )
)
HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
ABSOLUTE = re.compile(r"(?i:https?)://(?P<authority>[^/?#]+)(?P<path>[^#]*)")


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
        """Whether it asks for an upgrade to a WebSocket, valid or not."""
        return any(token.lower() == "websocket" for token in self.tokens("upgrade"))


def check_lines(received: bytes | bytearray, start: int, settings: NetSettings) -> None:
    """Refuse lines that end in anything but CRLF, and more lines than a head may have.

    It only counts, three times from `start` on and once over all, and so refuses an incomplete head
    before h11 sees a line of it. A CR at the very end may still get its LF. Raises RequestError.
    """
    if received[start - 1 : start] == b"\r":
        start -= 1  # the CR that waited for its LF
    endings = received.count(b"\r\n", start)
    waiting = 1 if received.endswith(b"\r") else 0
    if received.count(b"\n", start) != endings or received.count(b"\r", start) != endings + waiting:
        raise RequestError(400, "malformed request: a line does not end in CRLF")
    if received.count(b"\n") > settings.head_headers_max + 2:  # request line and blank line
        reason = f"the request has more than {settings.head_headers_max} headers"
        raise RequestError(431, reason)


def parse_head(raw: bytes, settings: NetSettings) -> tuple[Head, h11.Connection]:
    """Return the head, and the h11 connection that reads the body. Raises RequestError."""
    check_lines(raw, 0, settings)
    _check_fields(raw)
    parser = h11.Connection(h11.SERVER, max_incomplete_event_size=settings.head_bytes_max)
    parser.receive_data(raw)
    try:
        event = parser.next_event()
    except h11.RemoteProtocolError as error:
        reason = f"malformed request: {error}"[:REASON_CHARACTERS_MAX]
        raise RequestError(error.error_status_hint, reason) from None
    if not isinstance(event, h11.Request):
        raise RequestError(400, "malformed request")
    if len(event.target) > settings.target_bytes_max:
        raise RequestError(414, "the request's target is too long")
    headers = tuple((k.decode("ascii"), v.decode("latin-1")) for k, v in event.headers)
    method, target = event.method.decode("ascii"), event.target.decode("ascii")
    version = event.http_version.decode("ascii")
    if version not in VERSIONS:
        raise RequestError(505, "this server speaks HTTP/1.1")
    head = Head(method, target, version, headers, raw)
    host = head.header("host")
    if host is not None and HOST.fullmatch(host) is None:
        raise RequestError(400, "malformed request: Host is not a name or address with a port")
    head = evolve(head, target=below(settings.base_path, _origin_form(target, host)))
    _check_host(head, settings.allowed_hosts)
    return head, parser


def _check_fields(raw: bytes) -> None:
    """Refuse fields that are folded, hold control characters, or are repeated but must not be."""
    if CONTROL.search(raw):
        raise RequestError(400, "malformed request: it has a control character")
    lines = raw.split(b"\r\n")[1:-2]
    if any(line[:1] in (b" ", b"\t") for line in lines):
        raise RequestError(400, "malformed request: a header is folded over two lines")
    names = [line.partition(b":")[0].lower() for line in lines]
    for name in names:
        if name in ONCE and names.count(name) > 1:
            raise RequestError(400, f"malformed request: {name.decode()} comes twice")
    if b"transfer-encoding" in names:
        if b"content-length" in names:
            raise RequestError(400, "malformed request: two lengths of its body")
        # No route takes a body, so this server need not interpret chunked framing.
        raise RequestError(411, "a body needs a Content-Length, not a Transfer-Encoding")
    for line in lines:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length" and not value.strip(b" \t").isdigit():
            raise RequestError(400, "malformed request: Content-Length is not one number")


def _check_host(head: Head, allowed: tuple[str, ...]) -> None:
    """Answer only for our own hosts: another site may have pointed its own name at us."""
    if not allowed:
        return
    named = head.header("host")
    host = host_of(named) if named is not None else ""
    if host in allowed or (head.path in PROBED and (named is None or is_address(host))):
        return
    reason = f"this server does not answer for {host[:100]!r}: net.allowed_hosts has others"
    raise RequestError(421, reason)


def _origin_form(target: str, host: str | None) -> str:
    """Return a target's path and query; an absolute target must name the same host as Host."""
    if target.startswith("/") and "#" not in target:
        return target
    absolute = ABSOLUTE.fullmatch(target)
    if absolute is None:
        raise RequestError(400, "malformed request: its target is not a path")
    if host is None or absolute["authority"].lower() != host.lower():
        raise RequestError(400, "malformed request: its target and Host name different hosts")
    path = absolute["path"]
    return path if path.startswith("/") else f"/{path}"

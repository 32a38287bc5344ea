"""A request head, taken apart by h11, and nothing of it believed.

Owns what the rest of the room asks of a request: method, path, headers, whether it wants a
WebSocket. It must not know routes. Invariant: a `Head` is valid HTTP/1.1 by h11's rules.
"""

from urllib.parse import unquote

import h11
from attrs import field, frozen

from server.net.settings import NetSettings


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

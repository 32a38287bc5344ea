"""A route's request and response, with the headers that every response carries.

Pure; it must not know connections. Invariant: no answer can be sniffed, framed, or made to run
foreign scripts.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from attrs import field, frozen

from server.budget.ledger import Account
from server.net.head import Head

TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"
JSON = "application/json"

# `'self'` in connect-src covers ws: and wss: of the same host and port (CSP level 3, 6.7.2.8).
# PixiJS needs no eval when its unsafe-eval module is imported, but it loads through data: and
# blob: addresses and starts workers from blobs.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
COMMON_HEADERS = (
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
)

Headers = tuple[tuple[str, str], ...]


def _stay() -> None:
    """Do nothing: there is no connection to end."""


@frozen
class Request:
    """One HTTP request; bodies are read and dropped, because nothing here takes one."""

    head: Head
    peer: str
    account: Account | None = None  # charged for the answer's cost; None: uncharged
    hang_up: Callable[[], None] = _stay  # end the connection now, even in the middle of an answer
    # Closed when the answer was sent, or cannot be: releases what a route holds until then.
    at_end: ExitStack = field(factory=ExitStack, eq=False)


@frozen
class Response:
    """One whole answer. Its length, the date and the common headers are added on the way out."""

    status: int
    content_type: str
    body: bytes
    headers: Headers = ()


RouteHandler = Callable[[Request], Awaitable[Response]]
Routes = Mapping[str, RouteHandler]


def text(status: int, message: str, headers: Headers = ()) -> Response:
    """A sentence for a person, on a line that starts with the status."""
    line = f"{status} {HTTPStatus(status).phrase}: {message}\n"
    return Response(status, TEXT, line.encode(), (("cache-control", "no-store"), *headers))


def json_response(status: int, value: Any) -> Response:
    """A value for programs, never cached."""
    return Response(status, JSON, json.dumps(value).encode(), (("cache-control", "no-store"),))


def header_lines(response: Response, *, is_last: bool, hsts_s: int = 0) -> list[tuple[str, str]]:
    """All headers of an answer; `is_last` announces that the connection ends after it. With
    `hsts_s`, the browser refuses plain HTTP to this host for as long (RFC 6797).
    """
    lines = [("date", formatdate(usegmt=True)), *COMMON_HEADERS, *response.headers]
    if hsts_s:
        lines.append(("strict-transport-security", f"max-age={hsts_s}"))
    if response.status != HTTPStatus.NOT_MODIFIED:
        lines.append(("content-type", response.content_type))
        lines.append(("content-length", str(len(response.body))))
    if is_last:
        lines.append(("connection", "close"))
    return lines


def canned(response: Response) -> bytes:
    """Return a whole last answer as bytes, for connections that end with it."""
    phrase = HTTPStatus(response.status).phrase
    lines = [f"HTTP/1.1 {response.status} {phrase}"]
    lines += [f"{name}: {value}" for name, value in header_lines(response, is_last=True)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + response.body

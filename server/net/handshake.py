"""Whether a request may become a WebSocket (RFC 6455, section 4.2.1), and the reason if not.

Pure: a head in, a verdict out. trio-websocket writes the answer, but only for heads that passed
here, because it gives no reason when it refuses one.
"""

import binascii
from base64 import b64decode

from attrs import frozen

from game.wire.messages import SUBPROTOCOL
from server.net.head import Head, RequestError

VERSION = "13"
KEY_BYTES = 16
DEFAULT_PORTS = {"http": "80", "https": "443"}
PAGE_SCHEMES = {"http": "http", "ws": "http", "https": "https", "wss": "https"}
PROXY_HEADERS = ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")


@frozen
class AllowedOrigins:
    """The origins whose pages may open WebSockets; none named: pages of the same host."""

    named: tuple[str, ...] = ()  # as in `net.allowed_origins`
    own_scheme: str = "http"  # that this port speaks


def check_handshake(head: Head, origins: AllowedOrigins, *, needs_subprotocol: bool) -> str | None:
    """Return the subprotocol to answer with, or None without one. Raises RequestError."""
    if head.method != "GET":
        raise RequestError(405, "not a GET", (("allow", "GET"),))
    if head.version < "1.1":
        raise RequestError(400, "HTTP/1.0 has no upgrades")
    if "upgrade" not in (token.lower() for token in head.tokens("connection")):
        raise RequestError(400, "missing Connection: Upgrade; a proxy may have removed it")
    if len(head.tokens("upgrade")) != 1:
        raise RequestError(400, "an upgrade to something besides a WebSocket")
    if head.header("content-length") not in (None, "0"):
        raise RequestError(400, "an upgrade with a body")
    version = head.header("sec-websocket-version")
    if version != VERSION:
        headers = (("sec-websocket-version", VERSION),)
        raise RequestError(426 if version else 400, "bad version", headers)
    _check_key(head.header("sec-websocket-key"))
    check_origin(head, origins)
    if SUBPROTOCOL in head.tokens("sec-websocket-protocol"):
        return SUBPROTOCOL
    if needs_subprotocol:
        raise RequestError(400, f"wrong subprotocol: this server speaks {SUBPROTOCOL}")
    return None


def check_origin(head: Head, allowed: AllowedOrigins) -> None:
    """Keep other sites' pages out by Origin, which browsers always send (section 10.2).

    Raises RequestError.
    """
    origin = head.header("origin")
    named = [each.lower() for each in allowed.named]
    if origin is None or "*" in named or origin.lower() in named:
        return
    schemes = schemes_of(head, allowed.own_scheme)
    scheme, separator, authority = origin.lower().partition("://")
    host = (head.header("host") or "").lower()
    is_same = (
        bool(separator)
        and scheme in schemes
        and _with_port(authority, scheme) == _with_port(host, scheme)
    )
    if named or not is_same:
        came_as = " or ".join(f"{each}://{host}" for each in schemes)
        expected = f"one of {len(named)} in net.allowed_origins" if named else came_as[:300]
        raise RequestError(403, f"wrong origin {origin[:100]!r}: expected {expected}")


def _check_key(key: str | None) -> None:
    if key is None:
        raise RequestError(400, "missing key")
    try:
        nonce = b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        nonce = b""
    if len(nonce) != KEY_BYTES:
        raise RequestError(400, "bad key")


def schemes_of(head: Head, own_scheme: str) -> tuple[str, ...]:
    """Return the schemes that a browser's page can have if it took the same route as this request.

    A proxy that terminates TLS says so in X-Forwarded-Proto. Any peer is believed, because the
    header matters only for pages in browsers, and a page cannot set it on a WebSocket. A proxy that
    does not say leaves both schemes possible; without a proxy it is `own_scheme`, this port's.
    """
    told = head.tokens("x-forwarded-proto")
    if told:  # the outermost proxy is the first
        return (PAGE_SCHEMES.get(told[0].lower(), ""),)
    came_by_proxy = any(head.header(name) is not None for name in PROXY_HEADERS)
    return ("http", "https") if came_by_proxy else (own_scheme,)


def _with_port(authority: str, scheme: str) -> str:
    """Return host and port; a missing port becomes the scheme's default."""
    has_port = ":" in authority.rpartition("]")[2]
    return authority if has_port else f"{authority}:{DEFAULT_PORTS[scheme]}"

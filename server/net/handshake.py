"""Whether a request may become a WebSocket (RFC 6455, section 4.2.1), and what to say when not.

Pure: a head in, a verdict out. trio-websocket makes the answer; it is asked only for heads that
passed here, because it explains nothing to those it refuses.
"""

import binascii
from base64 import b64decode

from game.wire.messages import SUBPROTOCOL
from server.net.head import Head, RequestError

VERSION = "13"
KEY_BYTES = 16
DEFAULT_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443"}


def check_handshake(
    head: Head, allowed_origins: tuple[str, ...], *, needs_subprotocol: bool
) -> str | None:
    """The subprotocol to answer with, or None without one. Raises RequestError."""
    if head.method != "GET":
        raise RequestError(405, "not a GET", (("allow", "GET"),))
    if head.version < "1.1":
        raise RequestError(400, "HTTP/1.0 has no upgrades")
    if "upgrade" not in (token.lower() for token in head.tokens("connection")):
        raise RequestError(400, "missing Connection: Upgrade; a proxy may have removed it")
    version = head.header("sec-websocket-version")
    if version != VERSION:
        headers = (("sec-websocket-version", VERSION),)
        raise RequestError(426 if version else 400, "bad version", headers)
    _check_key(head.header("sec-websocket-key"))
    _check_origin(head, allowed_origins)
    if SUBPROTOCOL in head.tokens("sec-websocket-protocol"):
        return SUBPROTOCOL
    if needs_subprotocol:
        raise RequestError(400, f"wrong subprotocol: this server speaks {SUBPROTOCOL}")
    return None


def _check_key(key: str | None) -> None:
    if key is None:
        raise RequestError(400, "missing key")
    try:
        nonce = b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        nonce = b""
    if len(nonce) != KEY_BYTES:
        raise RequestError(400, "bad key")


def _check_origin(head: Head, allowed: tuple[str, ...]) -> None:
    """Browsers always send Origin; this is what keeps other sites' pages out (section 10.2)."""
    origin = head.header("origin")
    if origin is None or "*" in allowed or origin.lower() in (each.lower() for each in allowed):
        return
    if allowed or _authority(origin) != _authority(f"http://{head.header('host')}", origin):
        raise RequestError(403, f"wrong origin {origin[:100]!r}")


def _authority(url: str, like: str = "") -> str:
    """Host and port. A missing port is that of the scheme, or of the scheme of `like`."""
    scheme, separator, authority = url.lower().partition("://")
    if not separator:
        return ""  # "null", or no URL at all
    if like:
        scheme = like.lower().partition("://")[0]
    has_port = ":" in authority.rpartition("]")[2]
    return authority if has_port else f"{authority}:{DEFAULT_PORTS.get(scheme, '')}"

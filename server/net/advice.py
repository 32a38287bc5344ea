"""Advice for operators on a refused WebSocket: the setting or the proxy directive to change.

Owns: the advice logged with refusals that a proxy's configuration causes. Must not know: logs.
Invariant: a client's text appears only as an origin or a path that would be valid in a setting.
"""

import re

from server.net.base_path import base_path
from server.net.handshake import PROXY_HEADERS
from server.net.head import Head
from server.net.hosts import allowed_origin

LENGTH_MAX = 100
ROUTES = re.compile(r"(/.+?)/(?:lobby|echo|match/[^/]*|replay/.*)")
HOW_UPGRADE = (
    "it has to forward Upgrade and Connection (nginx: proxy_set_header Upgrade $http_upgrade)"
)


def advice(head: Head, status: int, address: str) -> dict[str, str]:
    """Fields for the log line of a refused WebSocket; `address` is the connection's own."""
    words = _words(head, status)
    if not words:
        return {}
    by_proxy = any(head.header(name) is not None for name in PROXY_HEADERS)
    return {"proxy": address, "advice": words} if by_proxy else {"advice": words}


def _words(head: Head, status: int) -> str:
    if status == 403:
        return _of_origin(head.header("origin") or "")
    is_upgrade = "upgrade" in (token.lower() for token in head.tokens("connection"))
    if status == 426 or (status == 400 and not is_upgrade):
        return f"if a proxy is in between, {HOW_UPGRADE}"
    if status == 404 and (below := ROUTES.fullmatch(head.path[: LENGTH_MAX * 2])):
        return _of_path(below[1])
    return ""


def _of_origin(origin: str) -> str:
    passing = "let the proxy forward Host unchanged (nginx: proxy_set_header Host $http_host)"
    try:
        named = allowed_origin(origin[:LENGTH_MAX])
    except ValueError:
        return ""
    if named == "*":
        return ""
    return (
        f'if this is the address of your page, {passing}, or set net.allowed_origins = ["{named}"]'
    )


def _of_path(path: str) -> str:
    try:
        base = base_path(path[:LENGTH_MAX])
    except ValueError:
        return ""
    return f'if a proxy keeps {base}, set net.base_path = "{base}", or make it strip the path'

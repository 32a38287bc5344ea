"""Request heads for tests that need no connection."""

from server.net.head import Head, parse_head
from server.net.settings import NetSettings


def head_of(target: str = "/", method: str = "GET", version: str = "1.1", **headers: str) -> Head:
    """A head with these headers; underscores stand for hyphens."""
    lines = [f"{method} {target} HTTP/{version}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    raw = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    return parse_head(raw, NetSettings())[0]

"""A server's address, used for both HTTP and WebSocket."""

import re
from urllib.parse import quote, urlsplit

from attrs import frozen

from clients.net.errors import ClientError

_SECURE = {"http": False, "ws": False, "https": True, "wss": True}


@frozen
class Address:
    """A host, a port and the server's base path; routes such as `/lobby` are appended to it."""

    host: str
    port: int
    is_secure: bool = False
    base: str = ""  # `/game` for https://play.example/game/

    @property
    def authority(self) -> str:
        """Host and port, as in URLs and the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Parse `http://host:port`, `ws://…`, `https://…` or `wss://…`, with or without a path.

        An address copied from a browser works: its query and page name are dropped. Raises
        `ClientError`.
        """
        wrong = ClientError(f"{url!r:.60} is not an address like http://127.0.0.1:8000")
        try:
            parts = urlsplit(url)
            port = parts.port
            host = (parts.hostname or "").encode("ascii" if url.isascii() else "idna").decode()
        except ValueError:
            raise wrong from None
        if parts.scheme not in _SECURE or not host:
            raise wrong
        is_secure = _SECURE[parts.scheme]
        base = re.sub(r"/*(/index\.html)?$", "", quote(parts.path, safe="/%:@!$&'()*+,;=~"))
        return cls(host, port or (443 if is_secure else 80), is_secure, base)

    def target(self, path: str) -> str:
        """The request target for one of the server's own paths."""
        return self.base + path

    def websocket(self, path: str) -> str:
        """The URL of a WebSocket route."""
        return f"{'wss' if self.is_secure else 'ws'}://{self.authority}{self.target(path)}"

    def http(self, path: str) -> str:
        """The URL of a file."""
        return f"{'https' if self.is_secure else 'http'}://{self.authority}{self.target(path)}"

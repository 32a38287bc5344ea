"""Where a server is: one address, spoken to by HTTP and by WebSocket."""

from urllib.parse import urlsplit

from attrs import frozen

from clients.link.errors import LinkError

_SECURE = {"http": False, "ws": False, "https": True, "wss": True}


@frozen
class Address:
    """A host and port; paths are added by those who ask."""

    authority: str
    is_secure: bool = False

    @classmethod
    def parse(cls, url: str) -> "Address":
        """From `http://host:port`, `ws://…`, `https://…` or `wss://…`. Raises `LinkError`."""
        parts = urlsplit(url)
        if parts.scheme not in _SECURE or not parts.hostname:
            raise LinkError(f"{url!r:.60} is no address like http://127.0.0.1:8000")
        return cls(parts.netloc, _SECURE[parts.scheme])

    def websocket(self, path: str) -> str:
        """The URL of a WebSocket route."""
        return f"{'wss' if self.is_secure else 'ws'}://{self.authority}{path}"

    def http(self, path: str) -> str:
        """The URL of a file."""
        return f"{'https' if self.is_secure else 'http'}://{self.authority}{path}"

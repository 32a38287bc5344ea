"""A small reverse proxy that can be misconfigured, as people misconfigure theirs.

Owns: one request per connection, its head rewritten, the bytes after it forwarded as is. Must not
know: the game. Invariant: whatever goes wrong ends that one connection.
"""

import contextlib
import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from attrs import define, field, frozen

HEAD_BYTES_MAX = 65_536
UPGRADE = re.compile(rb"^(?:upgrade|connection):.*\r\n", re.IGNORECASE | re.MULTILINE)
CONNECTION = re.compile(rb"^connection:.*\r\n", re.IGNORECASE | re.MULTILINE)
HOST = re.compile(rb"^host:.*\r\n", re.IGNORECASE | re.MULTILINE)
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


@frozen
class Setup:
    """The proxy's treatment of a request. The first four are correct."""

    path: str = "/"  # the game is below this path, and the server sees the rest of it
    passes_upgrades: bool = True
    keeps_host: bool = True
    passes: str = ".*"  # the paths that reach the server, as it sees them
    answer: bytes = b""  # the answer to every request, in place of forwarding it


@define
class Proxy:
    """A running proxy. `setup` may be changed at any time, for new connections."""

    server: str  # host:port
    setup: Setup
    port: int = 0
    _upstreams: set[socket.socket] = field(factory=set)

    @property
    def url(self) -> str:
        """The page's URL."""
        return f"http://127.0.0.1:{self.port}{self.setup.path.rstrip('/')}"

    def dial(self) -> socket.socket:
        """Connect to the server. Raises `OSError`."""
        host, _, port = self.server.rpartition(":")
        upstream = socket.create_connection((host, int(port)))
        self._upstreams.add(upstream)
        return upstream

    def hang_up(self, upstream: socket.socket) -> None:
        """End one connection."""
        self._upstreams.discard(upstream)
        with contextlib.suppress(OSError):
            upstream.shutdown(socket.SHUT_RDWR)
        upstream.close()

    def cut(self) -> None:
        """End all connections."""
        for upstream in list(self._upstreams):
            with contextlib.suppress(OSError):
                upstream.shutdown(socket.SHUT_RDWR)

    def rewritten(self, head: bytes) -> bytes | None:
        """The head to forward to the server; None when this request must not reach it."""
        setup = self.setup
        method, target, rest = head.split(b" ", 2)
        prefix = setup.path.encode()
        if not target.startswith(prefix):
            return None
        target = b"/" + target[len(prefix) :]
        if re.fullmatch(setup.passes.encode(), target.partition(b"?")[0]) is None:
            return None
        is_upgrade = re.search(rb"^upgrade:", rest, re.IGNORECASE | re.MULTILINE) is not None
        if not is_upgrade:
            rest = CONNECTION.sub(b"", rest)
            rest = rest.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        elif not setup.passes_upgrades:
            rest = UPGRADE.sub(b"", rest)
            rest = rest.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        if not setup.keeps_host:
            rest = HOST.sub(b"Host: skirmish.internal\r\n", rest)
        return b" ".join((method, target, rest))


@contextlib.contextmanager
def proxied(server_url: str, setup: Setup) -> Iterator[Proxy]:
    """Run a proxy in front of this server, on a free port."""
    proxy = Proxy(urlsplit(server_url).netloc, setup)

    class Visit(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                pass_on(self.request, proxy)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Visit) as server:
        proxy.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()


def pass_on(client: socket.socket, proxy: Proxy) -> None:
    """Forward one request, and what follows it in both directions."""
    data = b""
    while b"\r\n\r\n" not in data and len(data) < HEAD_BYTES_MAX:
        more = client.recv(HEAD_BYTES_MAX)
        if not more:
            return
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    if proxy.setup.answer:
        client.sendall(proxy.setup.answer)
        return
    rewritten = proxy.rewritten(head + b"\r\n\r\n")
    if rewritten is None:
        client.sendall(NOT_FOUND)
        return
    try:
        upstream = proxy.dial()
    except OSError:
        client.sendall(BAD_GATEWAY)
        return
    try:
        upstream.sendall(rewritten + body)
        upwards = threading.Thread(target=pump, args=(client, upstream), daemon=True)
        upwards.start()
        pump(upstream, client)
    finally:
        proxy.hang_up(upstream)


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Copy bytes one way until either end closes."""
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

"""A front on a free loopback port, and a raw client that can send any bytes."""

import base64
import socket
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import trio
from attrs import define, evolve, field
from wsproto.connection import Connection, ConnectionType

from server.budget.settings import BudgetSettings
from server.net.echo import echo_routes
from server.net.front import Front, guard_of
from server.net.http import Site
from server.net.listen import open_listeners
from server.net.responses import Request, Response, json_response
from server.net.settings import NetSettings
from server.net.static import load_static
from server.net.websocket import Handler, Route
from tests.server.net.tls_peers import TestTls, client_context

# No deadline hits an honest client here, however slow the machine is.
PATIENT = evolve(NetSettings(), linger_s=0.2, echo_tick=True)
# Short deadlines, so that a test which waits for one ends soon.
QUICK = evolve(
    PATIENT,
    head_timeout_s=0.3,
    keep_alive_s=0.3,
    body_timeout_s=0.3,
    handshake_timeout_s=0.3,
    close_timeout_s=0.3,
)
Stream = trio.SocketStream | trio.SSLStream[trio.SocketStream]
KEY = base64.b64encode(b"0123456789abcdef").decode()
DEFAULT_TLS: TestTls | None = None  # of all servers here: see `plain_and_tls`
PATIENCE_S = 10  # a test that waits longer has failed


def upgrade_head(path: str = "/echo", **changes: str | None) -> bytes:
    """A handshake; keyword `sec_websocket_key=None` leaves a header out."""
    headers = {
        "host": "here",
        "upgrade": "websocket",
        "connection": "Upgrade",
        "sec-websocket-key": KEY,
        "sec-websocket-version": "13",
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode()


async def healthz(request: Request) -> Response:
    return json_response(200, {"status": "ok"})


@define
class Running:
    """A running front."""

    front: Front
    port: int
    host: str = "127.0.0.1"
    tls: TestTls | None = None
    clients: "list[Client]" = field(factory=list)
    _scope: trio.CancelScope = field(factory=trio.CancelScope)

    async def serve(self, listeners: list, *, task_status: trio.TaskStatus[None]) -> None:
        with self._scope:
            await self.front.serve(listeners, task_status=task_status)

    def stop(self) -> None:
        """Cancel everything at once."""
        self._scope.cancel()

    async def dial(self) -> "Client":
        plain = await trio.open_tcp_stream(self.host, self.port)
        stream: Stream = plain
        if self.tls is not None:
            stream = trio.SSLStream(
                plain, client_context(), server_hostname="localhost", https_compatible=True
            )
            await stream.do_handshake()
        self.clients.append(Client(stream))
        return self.clients[-1]

    async def upgraded(self, path: str = "/echo", **changes: str | None) -> "Client":
        client = await self.dial()
        await client.stream.send_all(upgrade_head(path, **changes))
        head = await client.head()
        assert head.startswith(b"HTTP/1.1 101"), head
        return client

    async def still_works(self) -> bool:
        """Whether a new client is served: over HTTP, and by an echo in and out of ticks."""
        client = await self.dial()
        await client.stream.send_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        if b"200" not in await client.head():
            return False
        await client.stream.aclose()
        for path in ("/echo", "/echo/tick"):
            client = await self.upgraded(path)
            await client.stream.send_all(b"\x82\x81\0\0\0\0!")
            if await client.exactly(3) != b"\x82\x01!":
                return False
            await client.stream.aclose()
        return True


@define
class Client:
    """A TCP connection; every wait is bounded."""

    stream: Stream
    received: bytes = b""

    @property
    def socket(self) -> trio.socket.SocketType:
        """The socket itself, below TLS if there is any."""
        is_secured = isinstance(self.stream, trio.SSLStream)
        return (self.stream.transport_stream if is_secured else self.stream).socket

    async def send(self, content: bytes) -> None:
        await self.stream.send_all(content)

    async def more(self) -> bytes:
        with trio.fail_after(PATIENCE_S):
            chunk = await self.stream.receive_some(65_536)
        self.received += chunk
        return chunk

    async def head(self) -> bytes:
        """Read up to the blank line."""
        while b"\r\n\r\n" not in self.received:
            if not await self.more():
                break
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        return head

    async def exactly(self, count: int) -> bytes:
        while len(self.received) < count:
            assert await self.more(), "the server ended early"
        taken, self.received = self.received[:count], self.received[count:]
        return taken

    async def rest(self) -> bytes:
        """Read to the end, which may be a reset."""
        try:
            while await self.more():
                pass
        except trio.BrokenResourceError:
            pass
        taken, self.received = self.received, b""
        return taken

    async def frames_to_the_end(self) -> list:
        """Parse the rest with wsproto."""
        parser = Connection(ConnectionType.CLIENT)
        parser.receive_data(await self.rest())
        return list(parser.events())

    def reset(self) -> None:
        """End with an RST, as a crash or a hostile client does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


@asynccontextmanager
async def running(
    settings: NetSettings = PATIENT,
    routes: Mapping[str, Route | Handler] | None = None,
    folder: Path | None = None,
    host: str = "127.0.0.1",
    *,
    budget: BudgetSettings | None = None,
) -> AsyncIterator[Running]:
    """Serve until the block ends; check that nothing failed on our side or was left over."""
    site = Site({"/healthz": healthz}, load_static(folder), settings)
    websockets = {**echo_routes(settings), **(routes or {})}
    guard = guard_of(settings, budget or BudgetSettings(), lambda: True)
    front = Front(settings, site, websockets, guard=guard, tls=DEFAULT_TLS)
    listeners = open_listeners(host, 0)
    async with trio.open_nursery() as nursery:
        server = Running(front, listeners[0].getsockname()[1], host, DEFAULT_TLS)
        await nursery.start(server.serve, listeners)
        try:
            yield server
        finally:
            for client in server.clients:
                client.socket.close()
            server.stop()
    assert front.statistics().limits.connections == 0
    assert front.statistics().limits.handshakes == 0

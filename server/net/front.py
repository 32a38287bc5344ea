"""The front: every connection arrives here, is counted, and gets a task of its own.

Owns the lifetime of connections. It must not know what they carry (`front_connection.py` does).
Invariant: no connection can end another one, or the front.

    serve ─ whole ─┬─ share.run     turns for all work but match ticks
                   └─ connections ─┬─ accepting ─ one accept loop per listening socket
                                   └─ one task per connection (its own nursery begins in
                                      websocket.serve)
"""

import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog
import trio
from attrs import define, field, frozen

from server.budget.costs import CONNECTION, REQUEST, TLS_HANDSHAKE
from server.budget.guard import Guard, make_guard
from server.budget.ledger import Account, ArrivalLimits
from server.budget.meter import Meter
from server.budget.settings import BudgetSettings
from server.net.addresses import is_in, plain
from server.net.front_connection import FrontConnection, FrontContext
from server.net.http import Answering
from server.net.limits import ConnectionPermit, Limits, LimitsStatistics, Refused
from server.net.listen import AcceptLoop, accept_for_ever
from server.net.proxy_protocol import ProxyProtocolError, read_source
from server.net.settings import NetSettings
from server.net.stream import TickStream
from server.net.tls_transport import TlsTransport
from server.net.transport import Transport
from server.net.websocket import Handler, HandOffRoute, Route

log = structlog.get_logger("net")


def guard_of(
    settings: NetSettings, budget: BudgetSettings, is_playing: Callable[[], bool]
) -> Guard:
    """The budgets behind a front with these settings."""
    return make_guard(budget, _arrivals(settings), is_playing)


def _arrivals(settings: NetSettings) -> ArrivalLimits:
    return ArrivalLimits(
        settings.connections_per_address_per_s,
        settings.connections_per_address_burst,
        settings.addresses_max,
    )


@frozen
class FrontStatistics:
    """Counts since the start, by kind, and the current use of the limits."""

    accepted: int
    refused: dict[str, int]  # by the name of the limit
    explained: int  # refused connections that were sent the reason; the others were cut off
    requests: dict[int, int]  # HTTP answers by status
    handshakes: dict[str, int]  # WebSockets by outcome: done, fault, broken, handshake, refused,
    # or passed: another process serves it
    closes: dict[int, int]  # WebSockets that we closed, by code
    tls_failures: int  # TLS handshakes that failed
    faults: int  # bugs of ours that ended a connection
    bytes_in: int  # of ended connections
    bytes_out: int
    limits: LimitsStatistics


class TlsContext(Protocol):
    """The context of new connections, which changes when the certificate does."""

    @property
    def context(self) -> ssl.SSLContext:
        """The context for a connection that begins now."""


@define(eq=False)
class Front:
    """One public port. `serve` runs it; `begin_stop` lets it end when its connections have."""

    _settings: NetSettings
    _site: Answering
    _websockets: Mapping[str, Route | HandOffRoute | Handler]  # a path that ends in `/` is a prefix
    _accept: AcceptLoop = accept_for_ever
    tls: TlsContext | None = None  # None: plain HTTP
    guard: Guard = field(kw_only=True)
    _context: FrontContext = field(init=False)
    _connections: trio.Nursery | None = field(default=None, init=False)
    _accepting: trio.CancelScope = field(factory=trio.CancelScope, init=False)
    _lingering_count: int = field(default=0, init=False)
    _explained_count: int = field(default=0, init=False)
    _accepted_count: int = field(default=0, init=False)
    _fault_count: int = field(default=0, init=False)
    _bytes_in: int = field(default=0, init=False)
    _bytes_out: int = field(default=0, init=False)

    @guard.default
    def _of_its_own(self) -> Guard:
        return guard_of(self._settings, BudgetSettings(), lambda: True)

    @_context.default
    def _new_context(self) -> FrontContext:
        limits = Limits(self._settings, self.guard.ledger)
        return FrontContext(self._settings, self._site, self._websockets, limits)

    async def serve(
        self,
        listeners: list[socket.socket],
        *,
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Accept until `begin_stop`, then return when the last connection has ended."""
        try:
            async with trio.open_nursery() as whole:
                await whole.start(self.guard.share.run)
                async with trio.open_nursery() as connections:
                    self._connections = connections
                    await self._accept_until_stopped(listeners, connections, task_status)
                whole.cancel_scope.cancel()
        finally:
            for listener in listeners:
                listener.close()

    async def _accept_until_stopped(
        self,
        listeners: list[socket.socket],
        connections: trio.Nursery,
        task_status: trio.TaskStatus[None],
    ) -> None:
        def on_accept(transport: Transport, address: str) -> None:
            address = plain(address)
            if self._settings.proxy_protocol and is_in(address, self._context.proxies):
                connections.start_soon(self._admit_named, connections, transport, address)
            else:
                self._admit(connections, transport, address)

        async def pace() -> None:
            await self.guard.share.turn("accept")

        with self._accepting:
            async with trio.open_nursery() as accepting:
                for listener in listeners:
                    accepting.start_soon(self._accept, listener, on_accept, pace)
                accepting.start_soon(trio.sleep_forever)  # others may pass sockets in
                task_status.started()
        for listener in listeners:
            listener.close()

    def take_over(self, transport: Transport, address: str, unread: bytes) -> None:
        """Serve a connection that another process accepted and already read `unread` from."""
        if self._connections is None or self._context.is_stopping:
            transport.close()
        else:
            self._admit(self._connections, transport, address, unread)

    def reload(self, settings: NetSettings, budget: BudgetSettings) -> None:
        """Put new settings in force. A connection keeps the buffers and the rate that it began
        with.
        """
        self._settings = settings
        self._site = self._site.reloaded(settings)
        self._context.reload(settings, self._site)
        self.guard.reload(budget, _arrivals(settings))

    def begin_stop(self) -> None:
        """Stop accepting, and end idle HTTP connections. WebSockets stay."""
        self._context.is_stopping = True
        self._accepting.cancel()
        for scope in self._context.idle:
            scope.cancel()

    def statistics(self) -> FrontStatistics:
        """Counts for metrics and tests."""
        return FrontStatistics(
            accepted=self._accepted_count,
            refused=dict(self._context.refused),
            explained=self._explained_count,
            requests=dict(self._context.requests),
            handshakes=dict(self._context.handshakes),
            closes=dict(self._context.closes),
            tls_failures=self._context.tls_failures,
            faults=self._fault_count,
            bytes_in=self._bytes_in,
            bytes_out=self._bytes_out,
            limits=self._context.limits.statistics(),
        )

    def _admit(
        self, connections: trio.Nursery, transport: Transport, address: str, unread: bytes = b""
    ) -> None:
        """Count a new connection and give it a task. Synchronous, so that limits are exact."""
        self._accepted_count += 1
        head_wait, limits = trio.CancelScope(), self._context.limits
        permit = limits.admit(address, head_wait.cancel)
        if isinstance(permit, ConnectionPermit):
            ledger = self.guard.ledger
            is_proxy = is_in(address, self._context.proxies)
            account = (
                ledger.open_shared_connection() if is_proxy else self._context.open_account(permit)
            )
            account.spend(CONNECTION)
            transport = self._secured(transport, account)
            meter = Meter(account, self.guard.share)
            stream = TickStream(transport, self._settings, meter)
            stream.unread(unread)
            transport.set_option(socket.SOL_SOCKET, "SO_SNDBUF", self._settings.send_buffer_bytes)
            connection = FrontConnection(
                self._context, stream, address, permit, meter, head_wait, address
            )
            connections.start_soon(self._serve, connection)
            return
        self._context.note_refused(permit, address)
        account = (
            self.guard.ledger.open_shared_connection()
        )  # charged to no address, but it takes time
        account.spend(CONNECTION)
        if self._lingering_count < self._settings.refusals_lingering_max:
            self._lingering_count += 1
            account.spend(REQUEST)
            meter = Meter(account, self.guard.share, "refusal")
            stream = TickStream(self._secured(transport, account), self._settings, meter)
            connections.start_soon(self._turn_away, stream, permit)
        else:  # a flood: close it without a task or a reason
            transport.close()

    async def _admit_named(
        self, connections: trio.Nursery, transport: Transport, proxy: str
    ) -> None:
        """Admit a connection of a proxy that names its client in a PROXY header."""
        reason = "no header in time"
        try:
            with trio.move_on_after(self._settings.head_timeout_s):
                address = await read_source(transport)
                self._admit(connections, transport, proxy if address is None else plain(address))
                return
        except ProxyProtocolError as error:
            reason = str(error)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            reason = "the connection broke"
        transport.close()
        if (more := self._context.ask_log("proxy header")) is not None:
            log.warning("proxy_header_missing", proxy=proxy, reason=reason, **more)

    def _secured(self, transport: Transport, account: Account) -> Transport:
        """Put TLS over a transport, if this port speaks it, and charge its handshake."""
        if self.tls is None:
            return transport
        account.spend(TLS_HANDSHAKE)
        return TlsTransport(transport, self.tls.context)

    async def _turn_away(self, stream: TickStream, refused: Refused) -> None:
        try:
            await self._context.send_last(
                stream, self._context.refusal(refused.status, refused.reason)
            )
            self._explained_count += 1
        except trio.BrokenResourceError:
            pass  # the peer left before it read the reason
        finally:
            await self._finish(stream, "refused")
            self._lingering_count -= 1
            self._count_bytes(stream)

    async def _serve(self, connection: FrontConnection) -> None:
        """The border of a connection: exceptions inside it end here."""
        try:
            await connection.serve()
        except* (trio.BrokenResourceError, trio.ClosedResourceError, trio.TooSlowError):
            pass  # caused by the peer
        except* Exception:
            self._fault_count += 1
            log.exception("connection_fault", peer=connection.peer)
        finally:
            # Shielded, so that the next lines always run.
            await self._finish(connection.stream, connection.peer)
            self._context.note_failure(connection.stream.failure, connection.peer)
            self._context.limits.release(connection.permit)
            self._count_bytes(connection.stream)

    async def _finish(self, stream: TickStream, peer: str) -> None:
        """Close a connection; a bug in that ends no other one."""
        try:
            await stream.finish()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            pass  # somebody was faster
        except Exception:
            self._fault_count += 1
            log.exception("connection_fault", peer=peer)

    def _count_bytes(self, stream: TickStream) -> None:
        statistics = stream.statistics()
        self._bytes_in += statistics.bytes_in
        self._bytes_out += statistics.bytes_out

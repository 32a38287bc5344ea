"""The front: every connection arrives here, is counted, and goes to HTTP or to a WebSocket handler.

Owns the lives of connections and their limits. It must not know what handlers do. Invariant: no
connection can end another one, or the front.

    serve ─ connections ─┬─ accepting ─ one accept loop per listening socket
                         └─ one task per connection (its own nursery begins in websocket.serve)
"""

import socket
from collections import Counter
from collections.abc import Mapping

import structlog
import trio
from attrs import define, field, frozen

from server.net.addresses import Networks, forwarded_for, networks, plain
from server.net.handshake import check_handshake, check_origin
from server.net.head import Head, RequestError, parse_head
from server.net.http import Exchange, Site, read_head
from server.net.limits import Limits, LimitsStatistics, Refused
from server.net.listen import AcceptLoop, accept_for_ever
from server.net.responses import Request, Response, canned, text
from server.net.settings import NetSettings
from server.net.socket_end import End
from server.net.stream import TickStream
from server.net.websocket import Handler, Passage, Route, Upgrade, serve

log = structlog.get_logger("net")


@frozen
class FrontStatistics:
    """Counts since the start, by kind, and the limits of this moment."""

    accepted: int
    refused: dict[str, int]  # by the name of the limit
    requests: dict[int, int]  # HTTP answers by status
    handshakes: dict[str, int]  # WebSockets by outcome: done, fault, broken, handshake, refused,
    # or passed: another process serves it
    faults: int  # bugs of ours that ended a connection
    bytes_in: int  # of ended connections
    bytes_out: int
    limits: LimitsStatistics


@define(eq=False)
class _Visit:
    """One connection, and whom it counts towards."""

    stream: TickStream
    address: str
    revealed: str | None = None  # the address a trusted proxy named
    is_handshaking: bool = True

    @property
    def peer(self) -> str:
        return self.revealed or self.address


@define(eq=False)
class Front:
    """One public port. `serve` runs it; `begin_stop` lets it end when its connections have."""

    _settings: NetSettings
    _site: Site
    _websockets: Mapping[str, Route | Passage | Handler]  # a path that ends in `/` is a prefix
    _accept: AcceptLoop = accept_for_ever
    _limits: Limits = field(init=False)
    _proxies: Networks = field(init=False)
    _connections: trio.Nursery | None = field(default=None, init=False)
    _accepting: trio.CancelScope = field(factory=trio.CancelScope, init=False)
    _idle: set[trio.CancelScope] = field(factory=set, init=False)  # waits for a further request
    _is_stopping: bool = field(default=False, init=False)
    _lingering_count: int = field(default=0, init=False)
    _accepted_count: int = field(default=0, init=False)
    _fault_count: int = field(default=0, init=False)
    _bytes_in: int = field(default=0, init=False)
    _bytes_out: int = field(default=0, init=False)
    _refused: Counter[str] = field(factory=Counter, init=False)
    _requests: Counter[int] = field(factory=Counter, init=False)
    _handshakes: Counter[str] = field(factory=Counter, init=False)

    @_limits.default
    def _fresh_limits(self) -> Limits:
        return Limits(self._settings)

    @_proxies.default
    def _known_proxies(self) -> Networks:
        return networks(self._settings.trusted_proxies)

    async def serve(
        self,
        listeners: list[socket.socket],
        *,
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Accept until `begin_stop`, then return when the last connection has ended."""
        try:
            async with trio.open_nursery() as connections:
                self._connections = connections

                def on_accept(connection: End, address: str) -> None:
                    self._admit(connections, connection, plain(address))

                with self._accepting:
                    async with trio.open_nursery() as accepting:
                        for listener in listeners:
                            accepting.start_soon(self._accept, listener, on_accept)
                        accepting.start_soon(trio.sleep_forever)  # others may pass sockets on
                        task_status.started()
                for listener in listeners:
                    listener.close()
        finally:
            for listener in listeners:
                listener.close()

    def take_over(self, end: End, address: str, unread: bytes) -> None:
        """Serve a connection that another process has accepted, and read `unread` from."""
        if self._connections is None or self._is_stopping:
            end.close()
        else:
            self._admit(self._connections, end, address, unread)

    def begin_stop(self) -> None:
        """Accept nobody further, and end HTTP connections that only wait. WebSockets stay."""
        self._is_stopping = True
        self._accepting.cancel()
        for scope in self._idle:
            scope.cancel()

    def statistics(self) -> FrontStatistics:
        """Counts for metrics and tests."""
        return FrontStatistics(
            accepted=self._accepted_count,
            refused=dict(self._refused),
            requests=dict(self._requests),
            handshakes=dict(self._handshakes),
            faults=self._fault_count,
            bytes_in=self._bytes_in,
            bytes_out=self._bytes_out,
            limits=self._limits.statistics(),
        )

    def _admit(
        self, connections: trio.Nursery, end: End, address: str, unread: bytes = b""
    ) -> None:
        """Count a new connection in, and give it a task; synchronous, so limits are exact."""
        self._accepted_count += 1
        stream = TickStream(end, self._settings)
        stream.unread(unread)
        refused = self._limits.admit(address, trio.current_time())
        if refused is None:
            connections.start_soon(self._visit, _Visit(stream, address))
        elif self._lingering_count < self._settings.refusals_lingering_max:
            self._refused[refused.name] += 1
            self._lingering_count += 1
            connections.start_soon(self._turn_away, stream, refused)
        else:  # a flood: no task and no words for it
            self._refused[refused.name] += 1
            stream.close_nowait()

    async def _turn_away(self, stream: TickStream, refused: Refused) -> None:
        try:
            await self._say(stream, self._refusal(refused))
        except trio.BrokenResourceError:
            pass  # it does not care to know
        finally:
            await stream.finish()
            self._lingering_count -= 1

    def _refusal(self, refused: Refused) -> Response:
        retry_after = ("retry-after", str(self._settings.retry_after_s))
        return text(refused.status, refused.reason, (retry_after,))

    async def _visit(self, visit: _Visit) -> None:
        """The border of a connection: whatever happens inside ends here."""
        try:
            await self._converse(visit)
        except* (trio.BrokenResourceError, trio.ClosedResourceError, trio.TooSlowError):
            pass  # the peer's doing
        except* Exception:
            self._fault_count += 1
            log.exception("connection_fault", peer=visit.peer)
        finally:
            await visit.stream.finish()  # shielded, so that what follows is never left out
            self._limits.release(visit.address, visit.revealed)
            statistics = visit.stream.statistics()
            self._bytes_in += statistics.bytes_in
            self._bytes_out += statistics.bytes_out

    async def _converse(self, visit: _Visit) -> None:
        """Requests one after another, until a WebSocket, an error or the end."""
        try:
            while raw := await self._next_head(visit):
                head, parser = parse_head(raw, self._settings)
                if refused := self._reveal(visit, head):
                    self._refused[refused.name] += 1
                    await visit.stream.send_all(canned(self._refusal(refused)))
                    return
                if head.wants_websocket:
                    await self._upgrade(visit, head)
                    return
                self._refuse_plain(head)
                request = Request(head, visit.peer)
                exchange = Exchange(visit.stream, request, parser, self._settings)
                self._requests[await exchange.serve(self._site)] += 1
                if not exchange.may_go_on() or self._is_stopping:
                    return
        except RequestError as error:
            self._requests[error.status] += 1
            log.info("bad_request", peer=visit.peer, status=error.status, reason=error.reason)
            await self._say(visit.stream, text(error.status, error.reason, error.headers))

    async def _next_head(self, visit: _Visit) -> bytes:
        """The next request's head; `b""` when there is none. The deadline is for all of it."""
        is_first = visit.is_handshaking
        timeout_s = self._settings.head_timeout_s if is_first else self._settings.keep_alive_s
        with trio.move_on_after(timeout_s) as scope:
            self._idle.add(scope)
            try:
                return await read_head(visit.stream, self._settings)
            finally:
                self._idle.discard(scope)
                self._finish_handshake(visit)
        if visit.stream.statistics().bytes_in and is_first:
            raise RequestError(408, "the request took too long")
        return b""

    def _finish_handshake(self, visit: _Visit) -> None:
        if visit.is_handshaking:
            visit.is_handshaking = False
            self._limits.finish_handshake()

    def _reveal(self, visit: _Visit, head: Head) -> Refused | None:
        """Count the connection towards the address behind a trusted proxy, once."""
        if visit.revealed is not None:
            return None
        address = forwarded_for(visit.address, head.tokens("x-forwarded-for"), self._proxies)
        if address == visit.address:
            return None
        refused = self._limits.reveal(address, trio.current_time())
        if refused is None:
            visit.revealed = address
        return refused

    def _route(self, path: str) -> Route | Passage | None:
        """The WebSocket route of a path, by its whole name or by its prefix."""
        prefix = path[: path.rfind("/") + 1]
        found = self._websockets.get(path) or self._websockets.get(prefix)
        if found is None or isinstance(found, Route | Passage):
            return found
        return Route(found)

    async def _upgrade(self, visit: _Visit, head: Head) -> None:
        """Check the handshake, run the WebSocket, and count how it went."""
        peer = visit.peer
        try:
            route, subprotocol = self._agree(head)
        except RequestError as error:
            self._handshakes["refused"] += 1
            log.info("handshake_refused", peer=peer, path=head.path, reason=error.reason)
            await self._say(visit.stream, text(error.status, error.reason, error.headers))
            return
        if isinstance(route, Passage):
            await route.pass_on(visit.stream, visit.address, head)
            self._handshakes["passed"] += 1
            return
        upgrade = Upgrade(peer, head.path, head.raw, subprotocol, route)
        outcome = await serve(visit.stream, upgrade, self._settings)
        self._handshakes[outcome] += 1
        if outcome == "handshake":
            log.info("handshake_refused", peer=peer, path=head.path, reason="gone or timed out")

    def _agree(self, head: Head) -> tuple[Route | Passage, str | None]:
        """The route of a WebSocket and the subprotocol spoken there. Raises RequestError."""
        route = self._route(head.path)
        if route is None:
            raise RequestError(404, "no WebSocket is spoken here")
        origins = self._settings.allowed_origins
        return route, check_handshake(head, origins, needs_subprotocol=route.needs_subprotocol)

    def _refuse_plain(self, head: Head) -> None:
        """Tell a request without an upgrade that it needs one; raises RequestError.

        A page that cannot get through asks so, by POST: whether its origin is welcome comes first.
        """
        if self._route(head.path):
            check_origin(head, self._settings.allowed_origins)
            headers = (("upgrade", "websocket"), ("connection", "upgrade"))
            raise RequestError(426, "this is a WebSocket", headers)

    async def _say(self, stream: TickStream, response: Response) -> None:
        with trio.move_on_after(self._settings.response_timeout_s):
            await stream.send_all(canned(response))

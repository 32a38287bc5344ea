"""One connection of a front: requests one after another, until a WebSocket, an error or the end.

Owns: the cost of a request, the address that it counts towards, and the answer to a refused one.
Must not know: listeners, or what routes and handlers do. Invariant: nothing is done for a request
before its account has paid.
"""

from collections import Counter
from collections.abc import Mapping

import h11
import structlog
import trio
from attrs import define, field

from server.budget.costs import HANDSHAKE, HEAD, HEADER, KILOBYTE_OUT, REQUEST
from server.budget.ledger import Account, OverBudgetError
from server.budget.log_limiter import LogLimiter
from server.budget.meter import Meter
from server.net.addresses import (
    Networks,
    forwarded_for,
    forwarded_members,
    is_in,
    networks,
    untrusted_label,
)
from server.net.advice import advice
from server.net.handshake import AllowedOrigins, check_handshake, check_origin
from server.net.head import Head, RequestError, parse_head
from server.net.http import Answering, Exchange, read_head
from server.net.limits import ConnectionPermit, Limits, Refused
from server.net.responses import Request, Response, canned, text
from server.net.settings import NetSettings
from server.net.stream import TickStream
from server.net.websocket import AcceptedHandshake, Handler, HandOffRoute, Route, serve

log = structlog.get_logger("net")

FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")  # only proxies write these
KILOBYTE = 1_024


@define(eq=False)
class FrontContext:
    """The context that all connections of a front share."""

    settings: NetSettings
    site: Answering
    websockets: Mapping[str, Route | HandOffRoute | Handler]  # a path that ends in `/` is a prefix
    limits: Limits
    proxies: Networks = field(init=False)
    lines: LogLimiter = field(factory=LogLimiter)
    idle: set[trio.CancelScope] = field(factory=set)  # waits for a request
    is_stopping: bool = False
    refused: Counter[str] = field(factory=Counter)  # by the name of the limit
    requests: Counter[int] = field(factory=Counter)  # by status
    handshakes: Counter[str] = field(factory=Counter)  # by outcome
    closes: Counter[int] = field(factory=Counter)  # WebSockets that we closed, by code
    tls_failures: int = 0  # handshakes

    @proxies.default
    def _known_proxies(self) -> Networks:
        return networks(self.settings.trusted_proxies)

    def reload(self, settings: NetSettings, site: Answering) -> None:
        """Put new settings in force for later requests and connections."""
        self.settings, self.site = settings, site
        self.proxies = networks(settings.trusted_proxies)
        self.limits.reload(settings)

    @property
    def origins(self) -> AllowedOrigins:
        """The origins whose pages may connect."""
        return AllowedOrigins(self.settings.allowed_origins, self.settings.scheme)

    def open_account(self, permit: ConnectionPermit) -> Account:
        """The account of one person's connection."""
        return self.limits.ledger.open_connection(permit.source)

    def note_refused(self, refused: Refused, peer: str) -> None:
        """Count and log a refusal by a limit."""
        self.refused[refused.name] += 1
        if (more := self.ask_log(refused.name)) is not None:
            limit = refused.name.lower()
            log.warning("connection_refused", peer=peer, limit=limit, status=refused.status, **more)

    def note_failure(self, failure: str, peer: str) -> None:
        """Count and log a TLS handshake that failed, if there is something to tell."""
        if not failure:
            return
        self.tls_failures += 1
        if (more := self.ask_log("tls")) is not None:
            log.info("tls_failed", peer=peer, reason=failure, **more)

    def ask_log(self, kind: str) -> dict[str, int] | None:
        """Fields to add to a log line about a refusal, or None to leave the line out: a flood of
        refusals is sampled.
        """
        left_out = self.lines.ask(kind, trio.current_time())
        return {"left_out": left_out} if left_out else None if left_out is None else {}

    async def send_last(self, stream: TickStream, response: Response) -> None:
        """Send a last answer, within a bounded time."""
        with trio.move_on_after(self.settings.response_timeout_s):
            await stream.send_all(canned(response))

    def refusal(self, status: int, reason: str) -> Response:
        """The answer to a client that may try again later."""
        return text(status, reason, (("retry-after", str(self.settings.retry_after_s)),))

    def route(self, path: str) -> Route | HandOffRoute | None:
        """The WebSocket route of a path, by its whole name or by its prefix."""
        prefix = path[: path.rfind("/") + 1]
        found = self.websockets.get(path) or self.websockets.get(prefix)
        if found is None or isinstance(found, Route | HandOffRoute):
            return found
        return Route(found)


@define(eq=False)
class FrontConnection:
    """One connection, and the address that it counts towards."""

    context: FrontContext
    stream: TickStream
    address: str
    permit: ConnectionPermit
    meter: Meter
    head_wait: trio.CancelScope  # until the first head is whole
    peer: str  # the address, or the one that a trusted proxy named for the newest request
    _is_first: bool = True
    _is_attributed: bool = False

    async def serve(self) -> None:
        """Requests one after another, until a WebSocket, an error or the end."""
        try:
            while raw := await self._next_head():
                if not self._is_proxy:  # a proxy's is charged once its client is known
                    self._pay_head(raw)
                head, parser = parse_head(raw, self.context.settings)
                refused = self._attribute(head)
                if refused is None and self._is_proxy:
                    self._pay_head(raw)
                if refused is not None:
                    self.context.note_refused(refused, self.address)
                    response = self.context.refusal(refused.status, refused.reason)
                    await self.context.send_last(self.stream, response)
                    return
                if head.wants_websocket:
                    self.meter.account.must_spend(HANDSHAKE)
                    await self._upgrade(head)
                    return
                self._refuse_plain(head)
                if not await self._exchange(head, parser):
                    return
        except OverBudgetError as error:
            self.context.requests[429] += 1
            if (more := self.context.ask_log("request")) is not None:
                log.warning("request_refused", peer=self.peer, work=error.work.name, **more)
            await self.context.send_last(self.stream, self.context.refusal(429, str(error)))
        except RequestError as error:
            self.context.requests[error.status] += 1
            if (more := self.context.ask_log("bad request")) is not None:
                status, reason = error.status, error.reason
                log.info("bad_request", peer=self.peer, status=status, reason=reason, **more)
            await self.context.send_last(
                self.stream, text(error.status, error.reason, error.headers)
            )

    @property
    def _is_proxy(self) -> bool:
        return is_in(self.address, self.context.proxies)

    def _pay_head(self, raw: bytes) -> None:
        """Charge a head and its headers. Raises OverBudgetError."""
        self.meter.account.must_spend(HEAD)
        self.meter.account.must_spend(HEADER, raw.count(b"\n"))

    async def _exchange(self, head: Head, parser: h11.Connection) -> bool:
        """Answer one request; return whether another may follow. Raises OverBudgetError."""
        account = self.meter.account
        account.must_spend(REQUEST)
        await self.meter.turn()
        request = Request(head, self.peer, account, self.stream.close_nowait)
        exchange = Exchange(self.stream, request, parser, self.context.settings)
        sent_bytes = self.stream.statistics().bytes_out
        try:
            self.context.requests[await exchange.serve(self.context.site)] += 1
        finally:  # a client that resets the connection pays as well
            sent_bytes = self.stream.statistics().bytes_out - sent_bytes
            account.spend(KILOBYTE_OUT, sent_bytes / KILOBYTE)
            if self._is_proxy:
                account.source = None  # the next request may be another client's
        return exchange.keeps_alive() and not self.context.is_stopping

    async def _next_head(self) -> bytes:
        """Read the next request's head; `b""` when there is none. One deadline covers all of it."""
        is_first, self._is_first = self._is_first, False
        scope = self.head_wait if is_first else trio.CancelScope()
        settings = self.context.settings
        timeout_s = settings.head_timeout_s if is_first else settings.keep_alive_s
        scope.deadline = trio.current_time() + timeout_s
        with scope:
            self.context.idle.add(scope)
            try:
                return await read_head(self.stream, settings)
            finally:
                self.context.idle.discard(scope)
                self.context.limits.finish_head(self.permit)
        if self.stream.statistics().bytes_in and is_first:
            raise RequestError(408, "the request took too long")
        return b""

    def _attribute(self, head: Head) -> Refused | None:
        """Count the connection towards the address that a trusted proxy names for this request: a
        proxy's connection carries requests of many people, one after the other.
        """
        if not is_in(self.address, self.context.proxies):
            if any(head.header(name) for name in FORWARDED):
                self._warn_of_proxy(self.address)
                self.peer = untrusted_label(self.address, self._chain(head))
            return None
        address = forwarded_for(self.address, self._chain(head), self.context.proxies)
        if address == self.peer and self._is_attributed:
            self.meter.account.source = self.permit.source
            return None
        limits = self.context.limits
        refused = limits.reassign(self.permit, address, is_new=not self._is_attributed)
        if refused is None:
            self.peer, self._is_attributed = address, True
            self.meter.account.source = self.permit.source
        return refused

    def _chain(self, head: Head) -> list[str]:
        """The clients that proxies name, the nearest last."""
        name = self.context.settings.forwarded_header
        members = head.tokens(name)
        return forwarded_members(members) if name == "forwarded" else members

    def _warn_of_proxy(self, address: str) -> None:
        """Warn that all clients behind a proxy count as one address without the setting."""
        if (more := self.context.ask_log("proxy")) is not None:
            log.warning(
                "proxy_not_trusted",
                peer=address,
                advice="all clients behind it count as one address and share its limits; if it is "
                f'your proxy, set net.trusted_proxies = ["{address}"]',
                **more,
            )

    async def _upgrade(self, head: Head) -> None:
        """Check the handshake, run the WebSocket, and count how it went."""
        peer = self.peer
        try:
            route, subprotocol = self._negotiate(head)
        except RequestError as error:
            self.context.handshakes["refused"] += 1
            self._log_handshake(head, error)
            await self.context.send_last(
                self.stream, text(error.status, error.reason, error.headers)
            )
            return
        if isinstance(route, HandOffRoute):
            await route.hand_off(self.stream, self.address, head)
            self.context.handshakes["passed"] += 1
            await self.stream.relay()
            return
        if self._is_proxy:  # from here on it serves one person
            self.meter.account = self.context.open_account(self.permit)
        self.meter.lane = route.lane
        await self.meter.turn()
        accepted = AcceptedHandshake(peer, head.path, head.raw, subprotocol, route)
        outcome = await serve(self.stream, accepted, self.context.settings, self.context.closes)
        self.context.handshakes[outcome] += 1
        if outcome == "handshake":
            self._log_handshake(head, RequestError(408, "gone or timed out"))

    def _log_handshake(self, head: Head, error: RequestError) -> None:
        """Log a refused handshake, naming the proxy and the setting that could change it."""
        if (more := self.context.ask_log("handshake")) is not None:
            told = {"path": head.path, "reason": error.reason}
            told |= advice(head, error.status, self.address)
            log.info("handshake_refused", peer=self.peer, **told, **more)

    def _negotiate(self, head: Head) -> tuple[Route | HandOffRoute, str | None]:
        """The route of a WebSocket and the subprotocol spoken there. Raises RequestError."""
        route = self.context.route(head.path)
        if route is None:
            raise RequestError(404, "there is no WebSocket at this address")
        return route, check_handshake(
            head, self.context.origins, needs_subprotocol=route.needs_subprotocol
        )

    def _refuse_plain(self, head: Head) -> None:
        """Refuse a request that lacks the upgrade its path needs; raises RequestError.

        A page that cannot connect probes with this POST, so check its origin first.
        """
        if self.context.route(head.path) is None:
            return
        headers = (("upgrade", "websocket"), ("connection", "upgrade"))
        refusal = RequestError(426, "this is a WebSocket", headers)
        try:
            check_origin(head, self.context.origins)
        except RequestError as error:
            refusal = error
        self._log_handshake(head, refusal)
        raise refusal

"""WebSocket connections for handlers: trio-websocket on a TickStream, with a deadline on all of it.

Owns the life of one WebSocket from a checked head to its last close frame, and is the only file of
the server that imports trio_websocket. It must not know the messages. Invariant: whatever a
client, a handler or the library does, `serve` returns, and the peer was told why.

    serve ─ nursery of the connection ─┬─ trio-websocket's reader
                                       ├─ keep_alive
                                       └─ the handler, in this task
"""

import math
from collections import Counter
from collections.abc import Awaitable, Callable

import structlog
import trio
from attrs import define, field, frozen
from trio_websocket import ConnectionClosed, WebSocketConnection, wrap_server_stream

from game.wire.messages import MESSAGE_BYTES_MAX, CloseCode
from server.budget.costs import Work
from server.budget.ledger import Account
from server.net.head import Head
from server.net.settings import NetSettings
from server.net.stream import TickStream

log = structlog.get_logger("net")

NORMAL, GOING_AWAY, PROTOCOL_ERROR, UNSUPPORTED, ABNORMAL = 1000, 1001, 1002, 1003, 1006
INTERNAL_ERROR = 1011
NOT_FOR_THE_WIRE = (1005, 1006, 1015)  # RFC 6455, section 7.4.1


# All connections ping at this many shared moments per heartbeat. Waking a sleeping process costs
# more than the pings, and connections that arrived one by one would wake it one by one.
MOMENTS_PER_HEARTBEAT = 64


def next_shared_moment(due_s: float, heartbeat_s: float) -> float:
    """Return the first shared moment at or after `due_s`."""
    apart_s = heartbeat_s / MOMENTS_PER_HEARTBEAT
    return math.ceil(due_s / apart_s) * apart_s


class ConnectionEnded(Exception):
    """The connection has ended; `code` as in RFC 6455, 1006 without a close frame."""

    def __init__(self, code: int, reason: str) -> None:
        """Keep both apart, for handlers that care why."""
        super().__init__(f"{code} {reason}".strip())
        self.code = code
        self.reason = reason


Handler = Callable[["Connection"], Awaitable[None]]


@frozen
class Route:
    """A handler, and what it wants of its connections."""

    handler: Handler
    needs_subprotocol: bool = True
    message_bytes_max: int = MESSAGE_BYTES_MAX
    takes_fragments: bool = True
    lane: str = "other"  # its work waits for this lane's turns: see server.budget.share


@frozen
class HandOffRoute:
    """A route that another process serves: the connection is handed off before any answer is sent.

    `hand_off` gets the stream, the address it came from and the head. Raises RequestError.
    """

    hand_off: Callable[[TickStream, str, Head], Awaitable[None]]
    needs_subprotocol: bool = True


@define
class Connection:
    """One WebSocket, as its handler sees it."""

    peer: str  # the address, behind trusted proxies too
    path: str
    stream: TickStream
    _websocket: WebSocketConnection
    _settings: NetSettings
    sent_close_code: int | None = field(default=None, init=False)  # the code of our close

    @property
    def account(self) -> Account | None:
        """The account charged for this peer's work; None: nothing is charged."""
        return self.stream.account

    def pay(self, work: Work, count: float = 1) -> bool:
        """Charge work that is about to be done; False when the budget does not allow it."""
        return self.account is None or self.account.spend(work, count)

    async def receive(self) -> bytes:
        """The next binary message; raises ConnectionEnded. Text ends the connection."""
        message = await self.receive_any()
        if isinstance(message, str):
            await self.close(UNSUPPORTED, "only binary messages are accepted here")
            raise ConnectionEnded(UNSUPPORTED, "the peer sent text")
        return message

    async def receive_any(self) -> bytes | str:
        """The next message of either kind; raises ConnectionEnded."""
        try:
            return await self._websocket.get_message()
        except ConnectionClosed as closed:
            raise self._ended(closed) from None

    async def send(self, message: bytes | str) -> None:
        """Send one message; raises ConnectionEnded, also when the peer does not read in time."""
        with trio.move_on_after(self._settings.send_timeout_s):
            try:
                return await self._websocket.send_message(message)
            except ConnectionClosed as closed:
                raise self._ended(closed) from None
        self.stream.close_nowait()  # half a frame may be out: nothing can follow it
        raise ConnectionEnded(CloseCode.SLOW, "the peer did not read in time")

    async def close(self, code: int, reason: str) -> None:
        """Send a close frame, wait a limited time for the peer's, and end. Only the first call
        counts.
        """
        if self.sent_close_code is not None:
            return
        self.sent_close_code = code
        if code == CloseCode.FLOOD:  # nothing more is read, not even its close frame
            self.stream.cut_off((CloseCode.FLOOD, reason))
            return
        self.stream.end_ticks()
        with trio.move_on_after(self._settings.close_timeout_s):
            await self._websocket.aclose(code, reason)
        self.stream.detach()

    async def keep_alive(self) -> None:
        """Ping a peer that was silent for a heartbeat; close if it stays silent. Never returns."""
        while True:
            heard_bytes = self.stream.bytes_in
            due_s = trio.current_time() + self._settings.heartbeat_s
            await trio.sleep_until(next_shared_moment(due_s, self._settings.heartbeat_s))
            if self.stream.bytes_in == heard_bytes and not await self._is_answering():
                await self.close(CloseCode.IDLE, "no answer to a ping")
                await trio.sleep_forever()

    async def _is_answering(self) -> bool:
        heard_bytes = self.stream.bytes_in
        with trio.move_on_after(self._settings.heartbeat_timeout_s):
            try:
                await self._websocket.ping()
            except ConnectionClosed:
                await trio.sleep_forever()  # `receive` tells the handler
            return True
        return self.stream.bytes_in > heard_bytes  # it sent something, though no pong

    async def round_trip_s(self) -> float:
        """Measure a ping and its pong; wait for ever if none comes. Raises ConnectionEnded.

        The pong may have waited for a tick, at least since the last bytes came; that wait is
        subtracted.
        """
        began_s = trio.current_time()
        try:
            await self._websocket.ping()
        except ConnectionClosed as closed:
            raise self._ended(closed) from None
        return max(0.0, trio.current_time() - began_s - self.stream.idle_ms() / 1_000)

    def _ended(self, closed: ConnectionClosed) -> ConnectionEnded:
        if self.stream.excess is not None:
            return ConnectionEnded(*self.stream.excess)
        if closed.reason is None:
            return ConnectionEnded(ABNORMAL, "")
        return ConnectionEnded(closed.reason.code, closed.reason.reason or "")

    def intended_close(self) -> tuple[int, str] | None:
        """Return the intended close, which may not have been sent: trio-websocket drops broken
        peers, and the stream cuts off those that ask for too much.
        """
        if self.stream.excess is not None:
            return self.stream.excess
        closed = self._websocket.closed
        if closed is None or closed.code in NOT_FOR_THE_WIRE:
            return None
        return closed.code, closed.reason or ""


@define(eq=False)
class _LibraryStream(trio.abc.Stream):
    """The stream as trio-websocket holds it: closing it detaches the library; the socket stays."""

    _stream: TickStream
    handshake: trio.CancelScope = field(factory=trio.CancelScope, init=False)

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        return await self._stream.receive_some(max_bytes)

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await self._stream.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self._stream.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        self.handshake.cancel()  # a bad head would leave `wrap_server_stream` waiting for ever
        self._stream.detach()
        await trio.lowlevel.checkpoint()


@frozen
class AcceptedHandshake:
    """A head that passed `check_handshake`, and what was agreed."""

    peer: str
    path: str
    raw: bytes
    subprotocol: str | None
    route: Route


async def serve(
    stream: TickStream, accepted: AcceptedHandshake, settings: NetSettings, closes: Counter[int]
) -> str:
    """Run one WebSocket to its end; return how it went: done, fault, broken or handshake. Our
    closes are counted in `closes`, by code.
    """
    outcome = "broken"
    connection: Connection | None = None
    goodbye = (GOING_AWAY, "the server is stopping")  # kept when we are cancelled
    try:
        async with trio.open_nursery() as nursery:
            connection = await _shake_hands(nursery, stream, accepted, settings)
            if connection is None:
                outcome = "handshake"
            else:
                nursery.start_soon(connection.keep_alive)
                outcome = await _handle(connection, accepted.route.handler)
                if outcome == "fault":
                    goodbye = (INTERNAL_ERROR, "an error in the server")
            nursery.cancel_scope.cancel()
    except* Exception as group:
        # Only the library's reader can fail here: it answers a ping that crosses our close frame.
        log.debug("websocket_broken", peer=accepted.peer, path=accepted.path, error=repr(group))
    finally:
        if connection is not None:
            code, reason = connection.intended_close() or goodbye
            stream.send_close_nowait(code, reason)
            if connection.sent_close_code is not None or stream.excess is not None:
                closes[connection.sent_close_code or code] += 1
    return outcome


async def _shake_hands(
    nursery: trio.Nursery, stream: TickStream, accepted: AcceptedHandshake, settings: NetSettings
) -> Connection | None:
    """Return the connection, or None when the peer was gone or too slow."""
    library = _LibraryStream(stream)
    stream.begin_handshake(accepted.raw)
    with library.handshake as scope:
        scope.deadline = trio.current_time() + settings.handshake_timeout_s
        request = await wrap_server_stream(
            nursery,
            library,
            message_queue_size=settings.message_queue_count,
            max_message_size=accepted.route.message_bytes_max,
            receive_buffer_size=None,
        )
        try:
            websocket = await request.accept(subprotocol=accepted.subprotocol)
        except ConnectionClosed:
            return None
        stream.begin_frames(
            accepted.route.message_bytes_max, takes_fragments=accepted.route.takes_fragments
        )
        return Connection(accepted.peer, accepted.path, stream, websocket, settings)
    return None


async def _handle(connection: Connection, handler: Handler) -> str:
    """The border of a handler: its bugs are logged with context and end this connection only."""
    outcome = "done"
    try:
        await handler(connection)
        await connection.close(NORMAL, "")
    except* ConnectionEnded:
        pass
    except* Exception:
        log.exception("handler_fault", peer=connection.peer, path=connection.path)
        outcome = "fault"
    return outcome

"""Binary messages over a WebSocket: the only client file that uses trio-websocket.

Owns: connecting, deadlines, and the code and reason of an end. Must not know: what the messages
say. Invariant: only `ClientError` and its subclasses are raised from here, and only `receive` and
`wait_released` may wait forever.

    connect(nursery, address, path)
      └─ _hold            one task for each socket, until the socket is released
           └─ trio-websocket's reader
"""

import random

import h11
import trio
import trio_websocket
from attrs import define, field
from wsproto.utilities import ProtocolError

from clients.net import troubles
from clients.net.address import Address
from clients.net.dialing import agent, open_stream
from clients.net.direct import DirectStream, direct_over
from clients.net.ended_stream import EndedStream
from clients.net.errors import ABNORMAL, ClientError, ConnectionEndedError
from clients.net.frames import masked_frame
from game.wire.messages import SUBPROTOCOL

CONNECT_S = 10.0
CLOSE_S = 2.0
SEND_S = 10.0
MESSAGE_BYTES_MAX = 1 << 17  # from a server: a full snapshot of 128 players has about 8 KiB
# The last two are what trio-websocket lets through when an answer breaks the protocol.
FAILURES = (
    *(ClientError, trio_websocket.HandshakeError, trio.TooSlowError, OSError),
    *(ProtocolError, h11.ProtocolError),
)
QUEUE_MESSAGES = 64  # two seconds of snapshots; beyond it a TLS socket is not read


@define(eq=False)
class Socket:
    """One open WebSocket. `_direct` is its stream when the game reads frames; None over TLS."""

    _connection: trio_websocket.WebSocketConnection
    _direct: DirectStream | None
    _dice: random.Random = field(factory=random.Random)  # for masks
    _released: trio.Event = field(factory=trio.Event)

    async def receive(self) -> bytes:
        """The next message. Raises `ConnectionEndedError`."""
        direct = self._direct
        if direct is None:
            return await self._receive_through_library()
        while True:
            try:
                frame = await direct.receive_frame()
            except EOFError:
                return await self._receive_through_library()  # it knows the close code
            if frame.is_whole_message:
                return frame.payload
            direct.pass_on(frame.raw)
            if frame.ends_message or frame.is_close:
                return await self._receive_through_library()

    async def send(self, message: bytes) -> None:
        """Send one message whole. Raises `ConnectionEndedError`."""
        try:
            rest = self._send_nowait(message)
            if rest:
                await self._send_patiently(rest)
        except trio_websocket.ConnectionClosed as closed:
            raise _ended(closed) from None
        except (trio.BrokenResourceError, trio.ClosedResourceError, OSError):
            raise ConnectionEndedError(ABNORMAL, "the connection was lost") from None

    def release(self) -> None:
        """Close the socket cleanly in the background, for a bounded time.

        No task may still be waiting in `receive`.
        """
        self._released.set()

    async def say_goodbye(self) -> None:
        """Run the closing handshake, for a bounded time."""
        if self._direct is not None:
            self._direct.end_direct()
        with trio.move_on_after(CLOSE_S):
            await self._connection.aclose()

    async def wait_released(self) -> None:
        """Wait for `release`."""
        await self._released.wait()

    def _send_nowait(self, message: bytes) -> bytes:
        """Return what could not be sent at once: the message over TLS, else the rest of a frame."""
        if self._direct is None:
            return message
        if self._connection.closed:
            raise trio_websocket.ConnectionClosed(self._connection.closed)
        return self._direct.send_nowait(masked_frame(message, self._dice))

    async def _send_patiently(self, rest: bytes) -> None:
        with trio.move_on_after(SEND_S) as patience:
            if self._direct is None:
                await self._connection.send_message(rest)
            else:
                await self._direct.send_rest(rest)
        if patience.cancelled_caught:  # half a frame may be sent: nothing can follow it
            self.release()
            raise ConnectionEndedError(ABNORMAL, "the server does not read")

    async def _receive_through_library(self) -> bytes:
        try:
            message = await self._connection.get_message()
        except trio_websocket.ConnectionClosed as closed:
            raise _ended(closed) from None
        if isinstance(message, str):
            raise ClientError("the server sent text, which is not this protocol")
        return message


async def connect(nursery: trio.Nursery, address: Address, path: str, origin: str = "") -> Socket:
    """Open a WebSocket that lives in `nursery` until `release`, which the caller must always call.

    `origin` is the header that a browser would send, for callers that act as one. Raises
    `ClientError` when it cannot be opened.
    """
    socket = await nursery.start(_hold, address, path, origin)
    assert isinstance(socket, Socket)
    return socket


async def _hold(
    address: Address, path: str, origin: str, *, task_status: trio.TaskStatus[Socket]
) -> None:
    """Open a socket, hand it out, close it. Once handed out, only its holder ends it, even when the
    surrounding scope is cancelled: the holder may have a farewell to send.
    """
    failure: ClientError | None = None
    is_lent = False
    beginning = b""  # of what the other side sends: it may not be HTTP
    with trio.CancelScope() as scope:
        try:
            async with trio.open_nursery() as nursery, await _open_stream(address) as stream:
                telling = EndedStream(stream)
                try:
                    socket = await _shake_hands(nursery, telling, address, path, origin)
                finally:
                    beginning = telling.beginning
                # A caller cancelled meanwhile gets no socket, and so would never release it.
                await trio.lowlevel.checkpoint_if_cancelled()
                scope.shield = is_lent = True
                task_status.started(socket)
                await socket.wait_released()
                await socket.say_goodbye()
                nursery.cancel_scope.cancel()
        except* FAILURES as errors:
            failure = _failure(address, errors, beginning)
    # Anything the library raises later only ends the socket, and the holder learns that from the
    # socket. It raises for a ping that crosses our close frame, which it may no longer answer.
    if failure is not None and not is_lent:
        raise failure


async def _open_stream(address: Address) -> trio.abc.Stream:
    stream = await open_stream(address)
    if isinstance(stream, trio.SocketStream):
        return direct_over(stream, MESSAGE_BYTES_MAX)
    return stream


async def _shake_hands(
    nursery: trio.Nursery, telling: EndedStream, address: Address, path: str, origin: str
) -> Socket:
    headers = [(b"User-Agent", agent().encode())]
    if origin:
        headers.append((b"Origin", origin.encode()))
    connection = None
    with trio.fail_after(CONNECT_S):
        async with trio.open_nursery() as answer:
            answer.start_soon(_cancel_at_the_end, telling, answer.cancel_scope)
            connection = await trio_websocket.wrap_client_stream(
                nursery,
                telling,  # type: ignore[arg-type]  # it accepts any Stream, and declares less
                address.authority,
                address.target(path),
                subprotocols=[SUBPROTOCOL],
                extra_headers=headers,
                message_queue_size=QUEUE_MESSAGES,
                max_message_size=MESSAGE_BYTES_MAX,
            )
            answer.cancel_scope.cancel()
    if connection is None:
        raise ClientError(troubles.of_end(address, telling.beginning))
    stream = telling.inner
    if not isinstance(stream, DirectStream):
        return Socket(connection, None)
    stream.begin_direct()
    return Socket(connection, stream)


async def _cancel_at_the_end(stream: EndedStream, scope: trio.CancelScope) -> None:
    await stream.has_ended.wait()
    scope.cancel()


def _ended(closed: trio_websocket.ConnectionClosed) -> ConnectionEndedError:
    if closed.reason is None:
        return ConnectionEndedError(ABNORMAL, "the connection was lost")
    return ConnectionEndedError(closed.reason.code, closed.reason.reason or "")


def _failure(
    address: Address, errors: BaseExceptionGroup[Exception], beginning: bytes
) -> ClientError:
    """Put the first of several errors into words."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, ClientError):
        return error
    if isinstance(error, trio_websocket.ConnectionRejected):
        told = {name.decode("latin-1"): value.decode("latin-1") for name, value in error.headers}
        body = error.body or b""
        return ClientError(troubles.of_status(address, error.status_code, told, body))
    if isinstance(error, trio.TooSlowError):
        return ClientError(troubles.of_slowness(address))
    if isinstance(error, ProtocolError | h11.ProtocolError):
        return ClientError(troubles.of_end(address, beginning))
    return ClientError(troubles.of_connecting(address, error))

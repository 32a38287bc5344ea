"""Binary messages over a WebSocket: the only file of the clients that knows trio-websocket.

Owns: connecting, deadlines, and what an end is called. Must not know: what the messages say.
Invariant: only `LinkError` and its kinds come out of here, and no call waits forever but `receive`.

    connect(nursery, url)
      └─ _hold            one task for each socket, until the socket is released or the nursery
      ends;
           └─ trio-websocket's reader
"""

import trio
import trio_websocket
from attrs import define, field

from clients.link.errors import ABNORMAL, LinkEndedError, LinkError
from game.wire.messages import SUBPROTOCOL

CONNECT_S = 10.0
CLOSE_S = 2.0
SEND_S = 10.0
MESSAGE_BYTES_MAX = 1 << 17  # from a server: a full snapshot of 128 players has some 8 KiB
QUEUE_MESSAGES = 64  # two seconds of snapshots; beyond it the socket is not read


@define(eq=False)
class Socket:
    """One open WebSocket."""

    _connection: trio_websocket.WebSocketConnection
    _released: trio.Event = field(factory=trio.Event)

    async def receive(self) -> bytes:
        """The next message. Raises `LinkEndedError`."""
        try:
            message = await self._connection.get_message()
        except trio_websocket.ConnectionClosed as closed:
            raise _ended(closed) from None
        if isinstance(message, str):
            raise LinkError("the server sent text, which is not this protocol")
        return message

    async def send(self, message: bytes) -> None:
        """Send one message whole. Raises `LinkEndedError`."""
        with trio.move_on_after(SEND_S) as patience:
            try:
                await self._connection.send_message(message)
            except trio_websocket.ConnectionClosed as closed:
                raise _ended(closed) from None
        if patience.cancelled_caught:  # half a frame may be out: nothing can follow it
            self.release()
            raise LinkEndedError(ABNORMAL, "the server does not read")

    def release(self) -> None:
        """Close the socket politely in the background, for a bounded time."""
        self._released.set()

    async def wait_released(self) -> None:
        """Wait for `release`."""
        await self._released.wait()


async def connect(nursery: trio.Nursery, url: str) -> Socket:
    """Open a WebSocket that lives in `nursery`. Raises `LinkError` when that fails."""
    socket = await nursery.start(_hold, url)
    assert isinstance(socket, Socket)
    return socket


async def _hold(url: str, *, task_status: trio.TaskStatus[Socket]) -> None:
    socket: Socket | None = None
    try:
        async with trio_websocket.open_websocket_url(
            url,
            subprotocols=[SUBPROTOCOL],
            message_queue_size=QUEUE_MESSAGES,
            max_message_size=MESSAGE_BYTES_MAX,
            connect_timeout=CONNECT_S,
            disconnect_timeout=CLOSE_S,
        ) as connection:
            socket = Socket(connection)
            task_status.started(socket)
            await socket.wait_released()
    except trio_websocket.HandshakeError as error:
        if socket is None:
            raise LinkError(_words(url, error)) from None
        # The farewell of a socket that is given up took too long: it is closed all the same.


def _ended(closed: trio_websocket.ConnectionClosed) -> LinkEndedError:
    if closed.reason is None:
        return LinkEndedError(ABNORMAL, "the connection was lost")
    return LinkEndedError(closed.reason.code, closed.reason.reason or "")


def _words(url: str, error: trio_websocket.HandshakeError) -> str:
    if isinstance(error, trio_websocket.ConnectionRejected):
        return f"{url} answers {error.status_code} instead of a WebSocket"
    if isinstance(error, trio_websocket.ConnectionTimeout):
        return f"{url} does not answer"
    return f"{url} cannot be reached: {error.__cause__ or error}"

"""A TCP stream that trio-websocket and the game share: handshake and control frames there, data
here.

Owns: who reads and who writes. Must not know: what a message says. Invariant: frames of both are
sent whole and one after the other, and each received byte goes to exactly one reader.

Through trio-websocket, a snapshot and the input after it cost a client 240 µs; this way costs about
half, which matters when hundreds of bots share a core with the server they test. The server sends
nothing before our first message, so no data frame is in flight at `begin_direct`.
"""

import os
import socket

import trio
from attrs import define, field

from clients.net.frames import FrameSplitter, WebSocketFrame

RECEIVE_BYTES = 65_536


@define(eq=False)
class DirectStream(trio.abc.Stream):
    """`receive_some`, `send_all` and `aclose` are trio-websocket's; the others are the game's."""

    _plain: socket.socket  # the stream's socket, for writes without Trio when all fits at once
    _raw: trio.SocketStream
    _splitter: FrameSplitter
    _is_halfway: bool = False
    _sending: trio.Lock = field(factory=trio.Lock)
    _is_direct: bool = False
    _reading: trio.CancelScope | None = None
    _passed: bytearray = field(factory=bytearray)  # for trio-websocket, in direct mode
    _is_at_end: bool = False
    _arrived: trio.Event = field(factory=trio.Event)

    def begin_direct(self) -> None:
        """Let `receive_frame` read from now on; trio-websocket gets what `pass_on` gives it."""
        self._is_direct = True
        if self._reading is not None:
            self._reading.cancel()

    def end_direct(self) -> None:
        """Hand reading back for the closing handshake; no task may be in `receive_frame` now."""
        self._is_direct = False
        self._passed += self._splitter.take_rest()
        self._arrived.set()

    async def receive_frame(self) -> WebSocketFrame:
        """The next frame. Raises `EOFError` when the connection is over."""
        while True:
            frame = self._splitter.next()
            if frame is not None:
                return frame
            try:
                received = await self._raw.receive_some(RECEIVE_BYTES)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                received = b""
            if not received:
                self._is_at_end = True
                self._arrived.set()
                raise EOFError
            self._splitter.feed(received)

    def pass_on(self, raw: bytes) -> None:
        """Give a frame to trio-websocket."""
        self._passed += raw
        self._arrived.set()

    def send_nowait(self, frame: bytes) -> bytes:
        """Write as much of a frame as the socket takes at once; returns the rest.

        Writes nothing while something else is being sent. After a partial write, all other senders
        wait until `send_rest` has sent the rest. Raises `OSError` when the connection is over.
        """
        if self._sending.locked():
            return frame
        try:
            taken = self._plain.send(frame)
        except BlockingIOError:
            return frame
        if 0 < taken < len(frame):
            self._sending.acquire_nowait()
            self._is_halfway = True
        return frame[taken:]

    async def send_rest(self, rest: bytes) -> None:
        """Send what `send_nowait` returned. Raises what `SocketStream.send_all` raises."""
        if self._is_halfway:
            self._is_halfway = False
            try:
                await self._raw.send_all(rest)
            finally:
                self._sending.release()
        else:
            await self.send_all(rest)

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes, after anything already being sent."""
        async with self._sending:
            await self._raw.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        """Wait until the socket is writable."""
        await self._raw.wait_send_all_might_not_block()

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """Return the socket's bytes, or in direct mode only those that were passed on."""
        while not self._passed and not self._is_at_end:
            if self._is_direct:
                self._arrived = trio.Event()
                await self._arrived.wait()
            else:
                with trio.CancelScope() as self._reading:  # `begin_direct` ends it
                    return await self._raw.receive_some(max_bytes)
        passed = bytes(self._passed)
        self._passed.clear()
        return passed

    async def aclose(self) -> None:
        """Close the socket."""
        self._is_at_end = True
        self._arrived.set()
        self._plain.close()
        await self._raw.aclose()


def direct_over(stream: trio.SocketStream, payload_bytes_max: int) -> DirectStream:
    """Share an open connection."""
    plain = socket.socket(fileno=os.dup(stream.socket.fileno()))  # same socket, twice open
    plain.setblocking(False)
    return DirectStream(plain, stream, FrameSplitter(payload_bytes_max))

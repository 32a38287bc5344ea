"""A simulated client's WebSocket: the clients' own frames over a simulated end.

Owns: handshake, messages, pings, the close. Must not know: what messages say. Invariant: only
`ClientError` and its subclasses are raised here, and only `receive` waits without a deadline. It
replaces `clients.net.websocket.Socket`, without trio-websocket.
"""

import random

import trio
from attrs import define, field

from clients.net.errors import ABNORMAL, ClientError, ConnectionEndedError
from clients.net.frames import FrameSplitter, masked_frame
from game.wire.messages import SUBPROTOCOL
from tests.simulation.network import Network
from tests.simulation.sim_transport import SimTransport

HANDSHAKE_S = 6.0
SEND_S = 5.0
MESSAGE_BYTES_MAX = 1 << 17
READ_BYTES = 65_536
HEAD_BYTES_MAX = 4_096
PING, PONG, CLOSE = 0x89, 0x8A, 0x88
KEY = "c2ltdWxhdGVkIGNsaWVudA=="


def upgrade_head(path: str) -> bytes:
    """The head of a client's upgrade request."""
    lines = (
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {KEY}",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}",
    )
    return "\r\n".join((*lines, "", "")).encode()


def control_frame(first: int, payload: bytes, dice: random.Random) -> bytes:
    """A masked control frame: a binary one with another first byte."""
    return bytes((first,)) + masked_frame(payload, dice)[1:]


@define(eq=False)
class Wire:
    """One open WebSocket."""

    transport: SimTransport
    dice: random.Random
    splitter: FrameSplitter = field(factory=lambda: FrameSplitter(MESSAGE_BYTES_MAX))
    is_open: bool = False  # the handshake is done

    async def receive(self) -> bytes:
        """The next message. Raises `ConnectionEndedError`."""
        while True:
            frame = self.splitter.next()
            if frame is None:
                await self._read()
            elif frame.is_whole_message:
                return frame.payload
            elif frame.first == PING:
                await self.send_raw(control_frame(PONG, frame.payload, self.dice))
            elif frame.is_close:
                self.say_close(frame.payload[:2])
                self.transport.close()
                code = int.from_bytes(frame.payload[:2], "big") or 1005
                raise ConnectionEndedError(code, frame.payload[2:].decode())

    async def send(self, message: bytes) -> None:
        """Send one message whole. Raises `ConnectionEndedError`."""
        await self.send_raw(masked_frame(message, self.dice))

    async def send_raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        left = data[self.transport.io.write_nowait(data) :]
        with trio.move_on_after(SEND_S):
            while left:
                try:
                    await self.transport.wait_writable()
                except (trio.BrokenResourceError, trio.ClosedResourceError):
                    break
                left = left[self.transport.io.write_nowait(left) :]
        if left:
            self.transport.close()
            raise ConnectionEndedError(ABNORMAL, "the connection was lost, or nobody reads")

    def say_close(self, payload: bytes = b"\x03\xe8") -> None:
        """Send a close frame if there is room for it."""
        self.transport.io.write_nowait(control_frame(CLOSE, payload, self.dice))

    def leave(self) -> None:
        """Send a close frame and close the connection."""
        self.say_close()
        self.transport.close()

    async def _read(self) -> None:
        chunk = self.transport.io.read_nowait(READ_BYTES)
        while chunk is None:
            try:
                await self.transport.wait_readable()
            except trio.ClosedResourceError:
                chunk = b""
                break
            chunk = self.transport.io.read_nowait(READ_BYTES)
        if not chunk:
            self.transport.close()
            raise ConnectionEndedError(ABNORMAL, "the connection was lost")
        self.splitter.feed(chunk)


async def open_wire(network: Network, path: str, address: str, dice: random.Random) -> Wire:
    """Connect and shake hands. Raises `ClientError`."""
    try:
        transport = await network.connect(address)
    except ConnectionRefusedError as error:
        raise ClientError("nothing listens") from error
    wire = Wire(transport, dice)
    try:
        with trio.fail_after(HANDSHAKE_S):
            await wire.send_raw(upgrade_head(path))
            await _read_answer(wire)
    except trio.TooSlowError:
        raise ClientError("no answer to the handshake") from None
    finally:
        if not wire.is_open:
            transport.close()
    return wire


async def _read_answer(wire: Wire) -> None:
    head = b""
    while b"\r\n\r\n" not in head:
        if len(head) > HEAD_BYTES_MAX:
            raise ClientError("the answer has no end")
        await wire._read()
        head += wire.splitter.take_rest()
    answer, _, rest = head.partition(b"\r\n\r\n")
    status = answer.split(b" ", 2)[1].decode()
    if status != "101":
        raise ClientError(f"the answer was {status}")
    wire.is_open = True
    wire.splitter.feed(rest)

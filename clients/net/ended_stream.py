"""A stream that also sets an event when it ends. trio-websocket's handshake keeps waiting when the
other side hangs up instead of answering; the event lets its caller stop.

Owns: that event. Must not know: what is sent. Invariant: everything else is the inner stream's.
"""

import trio
from attrs import define, field

BEGINNING_BYTES = 256
_OVER = (trio.BrokenResourceError, trio.ClosedResourceError)


@define(eq=False)
class EndedStream(trio.abc.Stream):
    """A wrapper around `inner`."""

    inner: trio.abc.Stream
    has_ended: trio.Event = field(factory=trio.Event)
    beginning: bytes = b""  # of what was received: it may not be HTTP

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        """Receive from the inner stream."""
        try:
            received = await self.inner.receive_some(max_bytes)
        except _OVER:
            self.has_ended.set()
            raise
        if not received:
            self.has_ended.set()
        elif not self.beginning:
            self.beginning = bytes(received[:BEGINNING_BYTES])
        return received

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """Send to the inner stream."""
        try:
            await self.inner.send_all(data)
        except _OVER:
            self.has_ended.set()
            raise

    async def wait_send_all_might_not_block(self) -> None:
        """Wait for the inner stream."""
        await self.inner.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        """Close the inner stream."""
        self.has_ended.set()
        await self.inner.aclose()

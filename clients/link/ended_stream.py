"""A stream that tells when it is over, beside raising it: for whoever waits for trio-websocket's
handshake, which waits on when the other side hangs up instead of answering.

Owns: that event. Must not know: what is sent. Invariant: all else is the inner stream's.
"""

import trio
from attrs import define, field

BEGINNING_BYTES = 256
_OVER = (trio.BrokenResourceError, trio.ClosedResourceError)


@define(eq=False)
class EndedStream(trio.abc.Stream):
    """See the module."""

    inner: trio.abc.Stream
    has_ended: trio.Event = field(factory=trio.Event)
    beginning: bytes = b""  # of what was received: it may be no HTTP at all

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        """As the inner one."""
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
        """As the inner one."""
        try:
            await self.inner.send_all(data)
        except _OVER:
            self.has_ended.set()
            raise

    async def wait_send_all_might_not_block(self) -> None:
        """As the inner one."""
        await self.inner.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        """As the inner one."""
        self.has_ended.set()
        await self.inner.aclose()

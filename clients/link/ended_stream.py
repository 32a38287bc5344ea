"""A stream that tells when it is over, beside raising it: for whoever waits for trio-websocket's
handshake, which waits on when the other side hangs up instead of answering.

Owns: that event. Must not know: what is sent. Invariant: all else is the inner stream's.
"""

import trio
from attrs import define, field

_OVER = (trio.BrokenResourceError, trio.ClosedResourceError)


@define(eq=False)
class EndedStream(trio.abc.Stream):
    """See the module."""

    _inner: trio.abc.Stream
    has_ended: trio.Event = field(factory=trio.Event)

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        """As the inner one."""
        try:
            received = await self._inner.receive_some(max_bytes)
        except _OVER:
            self.has_ended.set()
            raise
        if not received:
            self.has_ended.set()
        return received

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """As the inner one."""
        try:
            await self._inner.send_all(data)
        except _OVER:
            self.has_ended.set()
            raise

    async def wait_send_all_might_not_block(self) -> None:
        """As the inner one."""
        await self._inner.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        """As the inner one."""
        self.has_ended.set()
        await self._inner.aclose()

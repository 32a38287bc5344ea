"""A road between a client and a server that can be cut, and closed for a while."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio
from attrs import define, field

from clients.net.address import Address


@define
class Relay:
    """`cut` ends all connections; while `is_closed`, new ones end at once."""

    port_behind: int
    is_closed: bool = False
    _roads: list[trio.CancelScope] = field(factory=list)

    def cut(self) -> None:
        for road in self._roads:
            road.cancel()
        self._roads.clear()

    async def carry(self, near: trio.SocketStream) -> None:
        if self.is_closed:
            return
        with trio.CancelScope() as road:
            self._roads.append(road)
            async with (
                await trio.open_tcp_stream("127.0.0.1", self.port_behind) as far,
                trio.open_nursery() as nursery,
            ):
                nursery.start_soon(_pump, near, far, road)
                nursery.start_soon(_pump, far, near, road)


async def _pump(source: trio.SocketStream, sink: trio.SocketStream, road: trio.CancelScope) -> None:
    try:
        async for some in source:
            await sink.send_all(some)
    except trio.BrokenResourceError:
        pass
    road.cancel()


@asynccontextmanager
async def relay_to(port: int) -> AsyncIterator[tuple[Relay, Address]]:
    relay = Relay(port)
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        nursery.start_soon(trio.serve_listeners, relay.carry, listeners)
        yield relay, Address("127.0.0.1", listeners[0].socket.getsockname()[1])
        nursery.cancel_scope.cancel()

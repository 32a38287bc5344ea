"""`/echo` returns every message, so that people can check for a proxy or firewall in the way.

`/echo/tick` does the same through the stream's tick side, so that outside tools can test that side
against RFC 6455; it is off unless the settings enable it. Both are limited in number per address
and in time. It must not know anything else of the server.
"""

import trio

from game.wire.messages import CloseCode
from server.budget.costs import ECHO_MESSAGE, ECHOES
from server.net.settings import NetSettings
from server.net.websocket import Connection, Handler, Route

ECHO_BYTES_MAX = 131_072  # above 65,535, so that all three forms of a length can be tried
TICK_HZ = 60


async def echo(connection: Connection) -> None:
    """Return every message, text or binary, until the peer ends."""
    while True:
        message = await connection.receive_any()
        if not connection.pay(ECHO_MESSAGE):
            await connection.close(CloseCode.FLOOD, "more messages than are echoed")
            return
        await connection.send(message)


async def echo_by_tick(connection: Connection) -> None:
    """Echo as a match would: the tick's messages on a tick, trio-websocket's as they arrive."""
    connection.stream.begin_ticks()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_tick, connection)
        while True:
            await connection.send(await connection.receive_any())


async def _tick(connection: Connection) -> None:
    core = connection.stream.core
    owed: list[bytes] = []  # bounded: nothing is drained while it is not empty
    next_s = trio.current_time()
    while True:
        owed = owed or core.messages_nowait()
        core.flush_nowait()
        while owed and core.send_nowait(owed[0]):
            del owed[0]
        next_s += 1 / TICK_HZ
        await trio.sleep_until(next_s)


def echo_routes(settings: NetSettings) -> dict[str, Route]:
    """Return the routes for the front. No subprotocol is needed: any client may try."""
    handlers: dict[str, Handler] = {"/echo": echo}
    if settings.echo_tick:
        handlers["/echo/tick"] = echo_by_tick
    return {path: _route(handler, settings.echo_s) for path, handler in handlers.items()}


def _route(handler: Handler, seconds: float) -> Route:
    async def bounded(connection: Connection) -> None:
        account = connection.account
        if account is not None and not account.hold(ECHOES):
            await connection.close(CloseCode.FULL, "too many echoes from your address")
            return
        try:
            with trio.move_on_after(seconds) as scope:
                await handler(connection)
            if scope.cancelled_caught:
                await connection.close(CloseCode.IDLE, f"an echo lasts {seconds:g} s")
        finally:
            if account is not None:
                account.release(ECHOES)

    return Route(bounded, needs_subprotocol=False, message_bytes_max=ECHO_BYTES_MAX, lane="echo")

"""`/echo` returns what it gets: so people find out whether a proxy or firewall is in the way.

`/echo/tick` does the same through the stream's tick side, which is how that is held to RFC 6455
from outside. It must not know anything else of the server.
"""

import trio

from server.net.websocket import Connection, Route

ECHO_BYTES_MAX = 131_072  # above 65,535, so that all three forms of a length can be tried
TICK_HZ = 60


async def echo(connection: Connection) -> None:
    """Every message back, of either kind, until the peer ends."""
    while True:
        await connection.send(await connection.receive_any())


async def echo_by_tick(connection: Connection) -> None:
    """The same, as a match does it: taken messages on a tick, the library's when they come."""
    connection.stream.begin_ticks()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_tick, connection)
        while True:
            await connection.send(await connection.receive_any())


async def _tick(connection: Connection) -> None:
    stream = connection.stream
    owed: list[bytes] = []  # bounded: nothing is drained while it is not empty
    next_s = trio.current_time()
    while True:
        owed = owed or stream.drain_nowait()
        stream.flush_nowait()
        while owed and stream.send_nowait(owed[0]):
            del owed[0]
        next_s += 1 / TICK_HZ
        await trio.sleep_until(next_s)


def echo_routes() -> dict[str, Route]:
    """Both, for the front's mapping. No subprotocol is needed: any client may try."""
    return {
        "/echo": Route(echo, needs_subprotocol=False, message_bytes_max=ECHO_BYTES_MAX),
        "/echo/tick": Route(
            echo_by_tick, needs_subprotocol=False, message_bytes_max=ECHO_BYTES_MAX
        ),
    }

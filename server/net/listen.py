"""Listening sockets on IPv4 and IPv6, and the loop that accepts from one.

Owns what can go wrong with accept(2). It must not know what a connection is for. Invariant: only
cancellation ends an accept loop.
"""

import errno
import socket
from collections.abc import Awaitable, Callable

import structlog
import trio

from server.net.socket_end import End, end_of

log = structlog.get_logger("net")

BACKLOG = 1_024
ACCEPTS_PER_WAKE_MAX = 16  # then others get their turn
EXHAUSTED_WAIT_S = 0.1
EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

OnAccept = Callable[[End, str], None]
Pace = Callable[[], Awaitable[None]]
AcceptLoop = Callable[[socket.socket, OnAccept, Pace], Awaitable[None]]


def open_listeners(host: str | None, port: int) -> list[socket.socket]:
    """A listening socket for each address of `host` (None: all); port 0 takes one free port."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    listeners: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in found:
            if family not in (socket.AF_INET, socket.AF_INET6):
                continue
            listener = socket.socket(family, kind, protocol)
            listeners.append(listener)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address[0], port, *address[2:]))
            port = listener.getsockname()[1]
            listener.setblocking(False)
            listener.listen(BACKLOG)
    except OSError:
        for listener in listeners:
            listener.close()
        raise
    return listeners


async def accept_for_ever(listener: socket.socket, on_accept: OnAccept, pace: Pace) -> None:
    """Hand every new connection and its address to `on_accept`, which must not raise. `pace` waits
    until there is time for some more.
    """
    while True:
        await trio.lowlevel.wait_readable(listener)
        await pace()
        try:
            _accept_waiting(listener, on_accept)
        except OSError as error:
            if error.errno not in EXHAUSTED:
                log.debug("accept_failed", error=repr(error))  # that connection was gone already
                continue
            # The waiting clients keep; the loop must not spin on them meanwhile.
            log.warning("accept_starved", error=repr(error))
            await trio.sleep(EXHAUSTED_WAIT_S)


def _accept_waiting(listener: socket.socket, on_accept: OnAccept) -> None:
    for _ in range(ACCEPTS_PER_WAKE_MAX):
        try:
            connection, address = listener.accept()
        except (BlockingIOError, InterruptedError):
            return
        on_accept(end_of(connection), address[0] if address else "")

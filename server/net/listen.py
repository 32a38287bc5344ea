"""Listening sockets on IPv4 and IPv6, and the loop that accepts from one.

Owns error handling for accept(2). It must not know what a connection is for. Invariant: only
cancellation ends an accept loop.
"""

import errno
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
import trio
from attrs import frozen

from server.budget.log_limiter import LogInterval
from server.net.addresses import plain
from server.net.transport import Transport, socket_transport

log = structlog.get_logger("net")

BACKLOG = 1_024
ACCEPTS_PER_WAKE_MAX = 2  # then other tasks get a turn
EXHAUSTED_WAIT_S = 0.1
FREE_PORT_TRIES = 8
NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)
EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

OnAccept = Callable[[Transport, str], None]
Pace = Callable[[], Awaitable[None]]
AcceptLoop = Callable[[socket.socket, OnAccept, Pace], Awaitable[None]]


def open_listeners(host: str | None, port: int) -> list[socket.socket]:
    """Open a listening socket for each address of `host`, all on one port.

    None and `::` mean all IPv6 and IPv4 addresses, `0.0.0.0` all IPv4 ones. Port 0 takes a port
    that is free on all. Addresses that this machine cannot bind (another machine's under the same
    name, IPv6 where it is off) are left out with a warning, unless none is left. Raises OSError.
    """
    addresses = _addresses_of(host, port)
    for _ in range(FREE_PORT_TRIES):
        try:
            return _open_all(addresses, port)
        except OSError as error:
            if port or error.errno != errno.EADDRINUSE:
                raise  # else the port that was free on the first is taken on another
    return _open_all(addresses, port)


def local_host(host: str, listeners: Sequence[socket.socket]) -> str:
    """Return the host by which a browser on this machine reaches these listeners."""
    addresses = [str(listener.getsockname()[0]) for listener in listeners]
    if "0.0.0.0" in addresses:
        return "127.0.0.1"
    if "::" in addresses:
        return "[::1]"
    if host and not _is_numeric(host):
        return host
    first = addresses[0]
    return f"[{first.replace('%', '%25')}]" if ":" in first else first


def why_not(error: Exception, host: str, port: int) -> str:
    """Tell an operator why `open_listeners` failed, and what to do."""
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, UnicodeError):
        return f"cannot listen on {host!r}: it is not a host name"
    if number == errno.EADDRINUSE:
        return f"port {port} is in use: stop the other program, or choose a port with --port"
    if number == errno.EACCES:
        return f"port {port} needs more privileges: choose one above 1023 with --port"
    if number == errno.EADDRNOTAVAIL:
        return f"cannot listen on {host}: this machine has no such address"
    return f"cannot listen on {host}, port {port}: {getattr(error, 'strerror', None) or error}"


@frozen
class _Address:
    family: int
    address: tuple[Any, ...]


def _addresses_of(host: str | None, port: int) -> list[_Address]:
    """Return each address once: hosts files name the same address twice."""
    if host in (None, "", "::"):
        both = (
            _Address(socket.AF_INET, ("0.0.0.0", port)),
            _Address(socket.AF_INET6, ("::", port)),
        )
        return [each for each in both if each.family == socket.AF_INET or socket.has_ipv6]
    found = socket.getaddrinfo(
        plain(host) if host is not None and "%" not in host else host,
        *(port, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, socket.AI_PASSIVE),
    )
    known = (socket.AF_INET, socket.AF_INET6)
    return list(dict.fromkeys(_Address(each[0], each[4]) for each in found if each[0] in known))


def _open_all(addresses: Sequence[_Address], port: int) -> list[socket.socket]:
    listeners: list[socket.socket] = []
    missing: list[tuple[_Address, OSError]] = []
    try:
        for each in addresses:
            try:
                listeners.append(_open(each, port))
            except OSError as error:
                if error.errno not in NOT_HERE:
                    raise
                missing.append((each, error))
            else:
                port = listeners[-1].getsockname()[1]
        if not listeners:
            raise missing[0][1] if missing else OSError(errno.EADDRNOTAVAIL, "it has no address")
    except OSError:
        for listener in listeners:
            listener.close()
        raise
    for each, why in missing:
        log.warning("address_skipped", address=each.address[0], reason=why.strerror)
    return listeners


def _open(each: _Address, port: int) -> socket.socket:
    listener = socket.socket(each.family, socket.SOCK_STREAM)
    try:
        if each.family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        # On Windows SO_REUSEADDR would let two programs have one port.
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        listener.setsockopt(socket.SOL_SOCKET, option, 1)
        listener.bind((each.address[0], port, *each.address[2:]))
        listener.setblocking(False)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _is_numeric(host: str) -> bool:
    """Whether a host is an address, including short forms such as `127.1`."""
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except OSError:
        return False
    return True


async def accept_for_ever(listener: socket.socket, on_accept: OnAccept, pace: Pace) -> None:
    """Hand every new connection and its address to `on_accept`, which must not raise. `pace` waits
    until there is time for more.
    """
    starved = LogInterval()
    while True:
        await trio.lowlevel.wait_readable(listener)
        await pace()
        try:
            _accept_waiting(listener, on_accept)
        except OSError as error:
            if error.errno not in EXHAUSTED:
                log.debug("accept_failed", error=repr(error))  # that connection was gone already
                continue
            # Clients stay in the backlog; the loop must not spin on them meanwhile.
            if times := starved.due(trio.current_time()):
                log.warning("accept_starved", error=repr(error), times=times)
            await trio.sleep(EXHAUSTED_WAIT_S)


def _accept_waiting(listener: socket.socket, on_accept: OnAccept) -> None:
    for _ in range(ACCEPTS_PER_WAKE_MAX):
        try:
            connection, address = listener.accept()
        except (BlockingIOError, InterruptedError):
            return
        on_accept(socket_transport(connection), address[0] if address else "")

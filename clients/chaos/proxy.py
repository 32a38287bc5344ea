"""A TCP proxy that makes the network between its clients and a server bad.

Owns: listening, connecting to the target, and a line of output for each connection. Must not know:
what the bytes say; WebSockets, HTTP and everything else on TCP pass. Invariant: at most
`connections_max` connections are open, and a fault of one does not affect the others.

    serve
      └─ nursery ─── one task for each connection    connection.py has the tasks within
"""

import os
import random
import socket
import struct
from collections.abc import Callable
from typing import Final

import trio
from attrs import define, field, frozen

from clients.chaos.connection import SimulatedConnection
from clients.chaos.profiles import NetworkProfile

# The kernel's own buffers would hide the slow line: they may grow to megabytes.
SOCKET_BUFFER_BYTES: Final = 16_384
CONNECT_S: Final = 10.0
ACCEPT_PAUSE_S: Final = 0.1  # after a failed accept, for example without free descriptors
BACKLOG: Final = 128


@frozen
class Target:
    """The server behind the proxy."""

    host: str
    port: int

    def __str__(self) -> str:
        """As people write it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@define(eq=False)
class Proxy:
    """One proxy. `say` gets a line for each event that a person might want to know about."""

    profile: NetworkProfile
    target: Target
    seed: int
    say: Callable[[str], None]
    connections_max: int = 256
    open_count: int = 0
    _number: int = field(default=0, init=False)

    async def serve(self, listener: trio.socket.SocketType) -> None:
        """Carry the bytes of every client, until cancelled."""
        async with trio.open_nursery() as nursery:
            while True:
                client, address = await self._accept(listener)
                self._number += 1
                who = f"#{self._number} {address}"
                if self.open_count >= self.connections_max:
                    self.say(f"{who} refused: {self.connections_max} connections are open")
                    abort(client)
                else:
                    self.open_count += 1
                    nursery.start_soon(self._serve_one, client, who, self._number)

    async def connect(self) -> trio.SocketStream:
        """Connect to the target. Raises `OSError`."""
        family_and_address = await trio.socket.getaddrinfo(
            self.target.host, self.target.port, type=socket.SOCK_STREAM
        )
        error: OSError = OSError("it has no address")
        for family, kind, protocol, _, address in family_and_address:
            sock = trio.socket.socket(family, kind, protocol)
            _keep_small(sock)
            try:
                with trio.fail_after(CONNECT_S):
                    await sock.connect(address)
            except (OSError, trio.TooSlowError) as failure:
                sock.close()
                error = failure if isinstance(failure, OSError) else OSError("no answer in time")
            except BaseException:
                sock.close()
                raise
            else:
                return trio.SocketStream(sock)
        raise error

    async def _accept(self, listener: trio.socket.SocketType) -> tuple[trio.SocketStream, str]:
        while True:
            try:
                sock, address = await listener.accept()
            except OSError as error:
                self.say(f"cannot accept: {words(error)}")
                await trio.sleep(ACCEPT_PAUSE_S)
            else:
                return trio.SocketStream(sock), str(Target(*address[:2]))

    async def _serve_one(self, client: trio.SocketStream, who: str, number: int) -> None:
        outcome = "ended with the proxy"
        try:
            try:
                server = await self.connect()
            except OSError as error:
                outcome = f"refused: nothing listens at {self.target} ({words(error)})"
                abort(client)
                return
            dice = random.Random(f"{self.seed} {number}")
            connection = SimulatedConnection(self.profile, dice, abort)
            async with client, server:
                await connection.relay(client, server)
            outcome = connection.summary()
        finally:
            client.socket.close()
            self.open_count -= 1
            self.say(f"{who} {outcome}")


async def listen(host: str, port: int) -> trio.socket.SocketType:
    """Open a listening socket; port 0 means any free one. Raises `OSError`."""
    found = await trio.socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    family, kind, protocol, _, address = found[0]
    listener = trio.socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _keep_small(listener)  # accepted sockets inherit this
        await listener.bind(address)
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def abort(stream: trio.abc.Stream) -> None:
    """End a stream with a reset: bytes in flight are lost, and the peer gets an error."""
    assert isinstance(stream, trio.SocketStream)
    if stream.socket.fileno() >= 0:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stream.socket.close()


def words(error: OSError) -> str:
    """The message of an error, without its number."""
    if error.errno is None or isinstance(error, socket.gaierror):
        return str(error).lower()
    return os.strerror(error.errno).lower()


def _keep_small(sock: trio.socket.SocketType) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SOCKET_BUFFER_BYTES)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

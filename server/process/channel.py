"""A channel to another process: packets over a Unix socket, accompanied by descriptors.

Owns: the socket, the outgoing queue, and descriptors until they are delivered. Must not know: what
messages mean. Invariants: messages arrive in the order in which they were sent, whole or not at
all; `send` never waits, and at most `OUTBOX_MAX` messages are queued (policy: close). Messages that
outsiders can cause ask `has_room` first and may be refused. The rest of the queue is reserved for
the processes' own messages, which are bounded where they arise. Every descriptor given to `send` is
eventually closed here.
"""

import errno
import os
import socket
from collections import deque
from typing import Any

import structlog
import trio
from attrs import define, field, frozen

from server.budget.log_limiter import LogInterval
from server.process.messages import DESCRIPTORS_MAX, PACKET_BYTES_MAX, Direction, MessageError

OUTBOX_MAX = 4_096
REFUSABLE_MAX = 128  # with fewer queued, there is room for messages that may be refused
BUFFER_BYTES = 4 * PACKET_BYTES_MAX  # of the kernel, so that a packet of any size fits
BUSY = (errno.EAGAIN, errno.ENOBUFS, errno.ETOOMANYREFS)
RETRY_S = 0.01
OUT_OF_RESOURCES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
STARVED_S = 0.1

log = structlog.get_logger("process")


class ChannelEndedError(Exception):
    """The other process is gone, or broke the protocol."""


@frozen
class ReceivedMessage:
    """A received message. Its descriptors belong to the receiver."""

    name: str
    fields: tuple[Any, ...]
    descriptors: list[int]


@define(eq=False)
class Channel:
    """See the module. `run` must be running: it sends what the kernel does not take at once."""

    _socket: socket.socket
    _outgoing: Direction
    _incoming: Direction
    _outbox: deque[tuple[bytes, tuple[int, ...]]] = field(factory=deque, init=False)
    _wake: trio.Event = field(factory=trio.Event, init=False)
    is_closed: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        """Set the socket up: non-blocking, with a large send buffer."""
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER_BYTES)

    @property
    def is_idle(self) -> bool:
        """Whether the queue is empty, so that periodic reports can be sent without piling up."""
        return not self._outbox and not self.is_closed

    @property
    def has_room(self) -> bool:
        """Whether the queue has room for messages that may be refused."""
        return len(self._outbox) < REFUSABLE_MAX and not self.is_closed

    def send(self, name: str, *fields: Any, descriptors: tuple[int, ...] = ()) -> bool:
        """Send a message, or queue it; False: the channel is closed."""
        if self.is_closed:
            _close_all(descriptors)
            return False
        try:
            packet = self._outgoing.encode(name, fields)
        except MessageError as error:
            _close_all(descriptors)
            log.exception("message_not_sent", message=name, reason=str(error))
            return True
        self._outbox.append((packet, descriptors))
        if len(self._outbox) == 1:
            self._flush()
        elif len(self._outbox) > OUTBOX_MAX:
            log.warning("channel_overrun", way=self._outgoing.name)
            self.close()
        if self._outbox:
            self._wake.set()
        return not self.is_closed

    async def receive(self) -> ReceivedMessage:
        """Wait for the next message. Raises `ChannelEndedError`."""
        await trio.lowlevel.checkpoint()
        while True:
            if self.is_closed:
                raise ChannelEndedError
            try:
                received = socket.recv_fds(self._socket, PACKET_BYTES_MAX + 1, DESCRIPTORS_MAX)
            except BlockingIOError:
                await self._wait_readable()
                continue
            except OSError as error:
                raise ChannelEndedError(str(error)) from None
            return self._parse(*received)

    async def run(self) -> None:
        """Send queued messages until the channel is closed or this is cancelled."""
        while not self.is_closed:
            self._wake = trio.Event()
            if not self._outbox:
                await self._wake.wait()
                continue
            try:
                await trio.lowlevel.wait_writable(self._socket)
            except (trio.ClosedResourceError, OSError, ValueError):
                return
            self._flush()
            if self._outbox:
                await trio.sleep(RETRY_S)  # writable, and yet it did not take everything

    async def drain(self) -> None:
        """Wait until the queue is empty; the connection sets the deadline."""
        while not self.is_idle and not self.is_closed:  # noqa: ASYNC110  # only at the very end
            await trio.sleep(RETRY_S)

    def close(self) -> None:
        """Close the channel; a pending `receive` raises."""
        if not self.is_closed:
            self.is_closed = True
            self._wake.set()
            trio.lowlevel.notify_closing(self._socket)
            self._socket.close()
            while self._outbox:
                _close_all(self._outbox.popleft()[1])

    def _flush(self) -> None:
        while self._outbox:
            packet, descriptors = self._outbox[0]
            try:
                socket.send_fds(self._socket, [packet], descriptors)
            except OSError as error:
                if error.errno not in BUSY:
                    self.close()
                return
            self._outbox.popleft()
            _close_all(descriptors)

    async def _wait_readable(self) -> None:
        try:
            await trio.lowlevel.wait_readable(self._socket)
        except (trio.ClosedResourceError, OSError, ValueError):
            raise ChannelEndedError from None

    def _parse(self, packet: bytes, descriptors: list[int], flags: int, _: Any) -> ReceivedMessage:
        if not packet:
            raise ChannelEndedError
        is_truncated = flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC)
        try:
            # A packet is truncated if it is too long, or if this process has no descriptors left.
            name, fields = self._incoming.decode(b"" if is_truncated else packet, len(descriptors))
        except MessageError as error:
            _close_all(tuple(descriptors))
            log.exception("message_refused", way=self._incoming.name, reason=str(error))
            self.close()
            raise ChannelEndedError(str(error)) from None
        return ReceivedMessage(name, fields, descriptors)


def socket_pair() -> tuple[socket.socket, socket.socket]:
    """The two ends of a channel."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def listen_at(path: str) -> socket.socket:
    """Listen on a path for other processes. Raises OSError."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        listener.bind(path)
        listener.setblocking(False)
        listener.listen(256)
    except OSError:
        listener.close()
        raise
    return listener


async def accept(listener: socket.socket) -> socket.socket:
    """Wait for the next connection. Without a free descriptor, connections wait in the backlog."""
    starved = LogInterval()
    while True:
        await trio.lowlevel.wait_readable(listener)
        try:
            connection, _ = listener.accept()
        except OSError as error:
            if error.errno in OUT_OF_RESOURCES:
                if times := starved.due(trio.current_time()):
                    log.warning("accept_starved", reason=error.strerror, times=times)
                await trio.sleep(STARVED_S)  # it stays readable: the loop must not spin
        else:
            return connection


def connect(path: str) -> socket.socket:
    """Connect to the socket at a path. Raises OSError."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        connection.setblocking(False)
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def _close_all(descriptors: tuple[int, ...]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)

"""Reads and writes of one non-blocking connection, their byte counts, and how it ended.

Owns those counts and states. It must not know frames, or the kind of connection: it gets two
functions that behave like a socket's, and a third one where accepted bytes may stay unsent. A reset
reads as an end; after an error nothing more is written.
"""

from collections.abc import Callable

from mypy_extensions import i64

Received = Callable[[int], bytes]
Sent = Callable[[bytes | memoryview], int]
Flushed = Callable[[], bool]


class NonblockingIO:
    """See the module. The functions raise BlockingIOError when they would block, and another
    OSError once the connection is broken.
    """

    def __init__(self, receive: Received, send: Sent, flush: Flushed | None = None) -> None:
        """Begin with a connection that is open both ways. `flush` sends what `send` has accepted,
        and returns whether nothing of it is left; None: what is accepted is sent.
        """
        self._receive = receive
        self._send = send
        self._flush = flush
        self.failure = ""  # why it broke, where that is known
        self.has_unread = False  # bytes were received that the kernel no longer knows of
        self.has_ended = False  # the peer ended it, or it broke
        self.is_broken = False
        self.has_closed = False  # we closed it
        self.bytes_in: i64 = 0
        self.bytes_out: i64 = 0

    def read_nowait(self, bytes_max: int) -> bytes | None:
        """Return bytes that have arrived; None when there are none yet, `b""` at the end."""
        if self.has_ended:
            return b""
        try:
            chunk = self._receive(bytes_max)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            self.give_up()
            return b""
        if not chunk:
            self.has_ended = True
            return b""
        self.bytes_in += len(chunk)
        return chunk

    def write_nowait(self, written: bytes | memoryview) -> int:
        """Return how many bytes the connection took; 0 when it is full, or broken for good."""
        if self.is_broken:
            return 0
        try:
            sent_bytes = self._send(written)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self.give_up()
            return 0
        self.bytes_out += sent_bytes
        return sent_bytes

    def flush_nowait(self) -> bool:
        """Send accepted bytes; True when none is left, or the connection is broken for good."""
        if self._flush is None or self.is_broken:
            return True
        try:
            return self._flush()
        except OSError:
            self.give_up()
            return True

    def close(self) -> None:
        """Mark it closed by us, and let go of the functions, whose owner may refer to this one."""
        self.has_closed = True
        self._receive, self._send, self._flush = _receive_nothing, _send_nothing, None

    def give_up(self) -> None:
        """Mark it broken: bytes on the wire no longer make sense, or cannot get there."""
        self.is_broken = self.has_ended = True


def _receive_nothing(_: int) -> bytes:
    raise ConnectionAbortedError


def _send_nothing(_: bytes | memoryview) -> int:
    raise ConnectionAbortedError

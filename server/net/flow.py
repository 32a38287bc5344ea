"""The bytes of one non-blocking connection, both ways: how many there were, and how it ended.

Owns those counts and states. It must not know frames, or what a connection is made of: it is given
two functions that behave like a socket's. A reset reads as an end; after an error nothing is ever
written again.
"""

from collections.abc import Callable

from mypy_extensions import i64

Received = Callable[[int], bytes]
Sent = Callable[[bytes | memoryview], int]


class Flow:
    """See the module. Both functions raise BlockingIOError where they would have to wait, and
    another OSError once the connection is broken.
    """

    def __init__(self, receive: Received, send: Sent) -> None:
        """Begin with a connection that is open both ways."""
        self._receive = receive
        self._send = send
        self.has_ended = False  # the peer said so, or it broke
        self.is_broken = False
        self.has_closed = False  # we closed it
        self.bytes_in: i64 = 0
        self.bytes_out: i64 = 0

    def read_nowait(self, bytes_max: int) -> bytes | None:
        """What has come in; None when that is nothing yet, `b""` at the end."""
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
        """How many bytes were taken; 0 when none are now, or never again."""
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

    def give_up(self) -> None:
        """The bytes on the wire make no sense any more, or cannot get there."""
        self.is_broken = self.has_ended = True

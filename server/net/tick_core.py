"""The half of a connection that never waits: what a tick reads from a socket, and writes to it.

Owns bytes read but not yet passed on, and the rest of a partly written frame. It must not know
matches, messages or Trio: `server.net.stream` is the half that waits. Invariants: every byte goes
to exactly one reader, in order; no frame is ever written inside another.
"""

from collections.abc import Callable
from typing import Final

from mypy_extensions import mypyc_attr

from game.wire.messages import CloseCode
from server.net.frames import HEADS, FrameSplitter, Messages, StreamPhase, binary_frame, close_frame
from server.net.nonblocking_io import NonblockingIO
from server.net.settings import NetSettings

FIRST_READ_BYTES: Final = 448  # more than a normal client sends in a tick; avoids malloc
READ_BYTES: Final = 4_096  # for each further recv
FRAMES: Final = StreamPhase.FRAMES  # looking a member up on its enum costs 40 ns
TICKS: Final = StreamPhase.TICKS

Excess = tuple[CloseCode, str]


@mypyc_attr(allow_interpreted_subclasses=True)
class NonblockingStream:
    """The part of a connection that a tick uses. Tests implement their own."""

    def drain_nowait(self, messages: Messages) -> None:
        """Fill `messages` with the complete binary messages that have arrived; never waits."""
        raise NotImplementedError

    @property
    def has_backlog(self) -> bool:
        """Whether the last drain left messages, which the kernel does not know of."""
        raise NotImplementedError

    def send_nowait(self, payload: bytes) -> bool:
        """Write one binary message without waiting. False: busy or closed, and nothing is sent."""
        raise NotImplementedError

    def idle_ms(self) -> int:
        """How long ago the last bytes came in, whether they were drained or not."""
        raise NotImplementedError

    def fileno(self) -> int:
        """The descriptor, for `Readiness`; -1 once closed."""
        raise NotImplementedError


class Hooks:
    """The parts of the blocking half and of the connection that a core uses."""

    def __init__(
        self,
        wake: Callable[[], None],
        pay: Callable[[FrameSplitter], Excess | None],
        idle_ms: Callable[[], int],
        fileno: Callable[[], int],
    ) -> None:
        """`wake` wakes the reader; `pay` charges frames passed on to it, and says when to stop."""
        self.wake = wake
        self.pay = pay
        self.idle_ms = idle_ms
        self.fileno = fileno


class TickCore(NonblockingStream):
    """See the module. In ticks the caller drains; the reader gets only what the tick does not
    take.
    """

    def __init__(self, io: NonblockingIO, settings: NetSettings, hooks: Hooks) -> None:
        """Begin in phase PLAIN, with nothing read or written."""
        self.io = io
        self.phase = StreamPhase.PLAIN
        self.splitter = FrameSplitter(settings.message_bytes_max, settings.drain_messages_max)
        self.remainder = b""  # unsent part of a frame of the tick
        self.is_sending = False  # the half that waits is sending
        self.close_was_sent = False
        self.is_detached = False
        self.excess: Excess | None = None  # why the peer was cut off
        self._hooks = hooks
        self._drain_messages_max: int = settings.drain_messages_max
        self._drain_bytes_max: int = settings.drain_bytes_max
        self._passed_bytes_max: int = settings.passed_bytes_max

    @property
    def is_closed(self) -> bool:
        """Whether the connection is over: closed, broken, ended, or after a close frame."""
        io = self.io
        is_over = self.splitter.is_over or self.close_was_sent or self.is_detached
        return is_over or io.has_ended or io.has_closed

    @property
    def has_backlog(self) -> bool:
        """Whether the last drain left bytes, which the kernel does not know of."""
        return self.io.has_unread or (self.phase is TICKS and self.splitter.has_backlog)

    def end_ticks(self) -> None:
        """Let the reader read the socket again, which it needs to close."""
        if self.phase is TICKS:
            self.phase = FRAMES
            self.splitter.feed(b"", taking=False)
            self._hooks.wake()

    def drain_nowait(self, messages: Messages) -> None:
        """Fill `messages` with the complete binary messages that have arrived; never waits.

        Control frames, text, fragments and broken frames go to the reader, so its messages may
        arrive after taken ones that were sent later.
        """
        splitter = self.splitter
        if self.phase is not TICKS:
            messages.hold([])
            return
        if splitter.is_between_frames:
            chunk = self.io.read_nowait(FIRST_READ_BYTES)
            limit = self._drain_messages_max
            if chunk and len(chunk) < FIRST_READ_BYTES and messages.hold_frames(chunk, limit):
                return
            taken = self._read_messages(chunk, FIRST_READ_BYTES)
        elif splitter.has_backlog:
            taken = splitter.feed(b"", taking=True)
        elif len(splitter.passed) < self._passed_bytes_max:
            taken = self._read_messages(self.io.read_nowait(READ_BYTES), READ_BYTES)
        else:  # the reader is behind: unread bytes make the kernel hold the peer back
            taken = []
        if splitter.passed_count:
            self.cut_off(self._hooks.pay(splitter))
        if splitter.is_over:
            self.phase = FRAMES
        if splitter.passed or splitter.is_over or self.io.has_ended:
            self._hooks.wake()
        messages.hold(taken)

    def messages_nowait(self) -> list[bytes]:
        """Drain, and return the messages as a list of payloads."""
        messages = Messages()
        self.drain_nowait(messages)
        return messages.rest()

    def send_nowait(self, payload: bytes) -> bool:
        """Write one binary message without waiting. False: busy or closed, and nothing is sent."""
        if self.is_sending or self.close_was_sent or self.phase is not TICKS or self.remainder:
            is_free = not self.is_sending and not self.is_closed and self.flush_nowait()
            if not is_free:
                return False
        length = len(payload)
        frame = HEADS[length] + payload if length < len(HEADS) else binary_frame(payload)
        sent_bytes = self.io.write_nowait(frame)
        if sent_bytes == len(frame):
            return True
        if not sent_bytes:
            self.wake_reader_of_broken()
            return False
        self.remainder = frame[sent_bytes:]
        return True

    def flush_nowait(self) -> bool:
        """Continue a partly written message; True when nothing of it is left."""
        if self.remainder:
            self.remainder = self.remainder[self.io.write_nowait(self.remainder) :]
            self.wake_reader_of_broken()
        return not self.remainder and self.io.flush_nowait()

    def send_close_nowait(self, code: int, reason: str) -> None:
        """Send a last close frame, unless one was sent or a frame is half written; best effort."""
        is_too_late = self.close_was_sent or self.io.has_closed or self.is_sending
        if not is_too_late and self.flush_nowait():
            self.close_was_sent = True
            self.io.write_nowait(close_frame(code, reason))

    def cut_off(self, excess: Excess | None) -> None:
        """Stop reading from this peer if there is a reason; the first reason stands."""
        if excess is not None and self.excess is None:
            self.excess = excess
            self.splitter.passed.clear()
            self.end_ticks()
            self.detach()

    def detach(self) -> None:
        """End the reader; the socket stays open."""
        self.is_detached = True
        self._hooks.wake()

    def wake_reader_of_broken(self) -> None:
        """Wake the reader if the connection broke, so that it learns of the error."""
        if self.io.is_broken:
            self._hooks.wake()

    def idle_ms(self) -> int:
        """How long ago the last bytes came in, whether they were drained or not."""
        return self._hooks.idle_ms()

    def fileno(self) -> int:
        """The descriptor, for `Readiness`; -1 once closed."""
        return self._hooks.fileno()

    def _read_messages(self, chunk: bytes | None, asked_bytes: int) -> list[bytes]:
        """Take `chunk`, then read on in small reads within this tick's budgets. The socket is empty
        once a read returns less than was asked for.
        """
        splitter = self.splitter
        taken: list[bytes] = []
        left_bytes = self._drain_bytes_max
        while chunk:
            taken += splitter.feed(chunk, taking=True)
            left_bytes -= asked_bytes
            is_behind = len(splitter.passed) >= self._passed_bytes_max
            if len(chunk) < asked_bytes or splitter.has_backlog or is_behind or left_bytes <= 0:
                break
            asked_bytes = READ_BYTES
            chunk = self.io.read_nowait(asked_bytes)
        return taken

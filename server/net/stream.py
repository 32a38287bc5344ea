"""A connection whose bytes can wait for the tick.

Owns what was read and not handed on, and what was begun to be written. It must not know messages
or matches. Until `begin_ticks` it is an ordinary Trio stream; from then on the tick reads and
writes the socket directly, and trio-websocket, which reads through `receive_some`, sleeps on an
event until a frame that is not the tick's comes by. Invariants: every byte goes to exactly one
reader, in order; no frame is ever written inside another.
"""

import os
import socket

import trio
from attrs import define, field, frozen

from server.budget.ledger import Account
from server.budget.meter import Meter
from server.net.frames import (
    FINAL_CLOSE,
    SMALL_HEADS,
    FrameSplitter,
    Messages,
    Phase,
    binary_frame,
    close_frame,
)
from server.net.settings import NetSettings
from server.net.socket_end import End, end_of, see_off
from server.net.toll import Excess, Toll

READ_BYTES = 4_096  # one recv: more than a well-behaved client sends in a tick
FRAMES_BYTES = 1_024  # the same outside of ticks, where each frame costs a turn of the library
PASS_BYTES = 512  # handed to trio-websocket at once: it parses all of it before others may go on
LINGER_BYTES_MAX = 262_144  # thrown away after our end; a peer that sends more is cut off
CLOSE_START = bytes((FINAL_CLOSE,))
TICKS = Phase.TICKS  # looking a member up on its enum costs 40 ns


@frozen
class StreamStatistics:
    """What went through one stream from its start; `remainder_bytes` is now."""

    bytes_in: int
    bytes_out: int
    remainder_bytes: int


@define(eq=False)
class TickStream(trio.abc.Stream):
    """See the top of this file. One task reads, one at a time sends; the tick never waits."""

    _end: End
    _settings: NetSettings
    meter: Meter | None = None  # None: nothing is charged
    excess: Excess | None = field(default=None, init=False)  # why the peer was cut off
    _phase: Phase = field(default=Phase.PLAIN, init=False)
    _replay: bytes = field(default=b"", init=False, repr=False)  # comes before the socket
    _early: bytes = field(default=b"", init=False, repr=False)  # frames from before our answer
    _splitter: FrameSplitter = field(init=False)
    _remainder: bytes = field(default=b"", init=False, repr=False)  # of a frame of the tick
    _is_sending: bool = field(default=False, init=False)  # a `send_all` is under way
    _close_was_sent: bool = field(default=False, init=False)
    _is_detached: bool = field(default=False, init=False)
    _toll: Toll = field(init=False)
    _bell: trio.Event | None = field(default=None, init=False)  # a reader waits, but not for bytes
    _socket_wait: trio.CancelScope | None = field(default=None, init=False)  # … or for bytes

    @classmethod
    def over(cls, sock: socket.socket, settings: NetSettings) -> "TickStream":
        """Take over a connected stdlib socket."""
        return cls(end_of(sock), settings)

    @_splitter.default
    def _no_frames_yet(self) -> FrameSplitter:
        settings = self._settings
        return FrameSplitter(settings.message_bytes_max, settings.drain_messages_max)

    @_toll.default
    def _as_the_settings_have_it(self) -> Toll:
        return Toll(self._settings.message_frames_max, self.meter)

    # What the match uses.

    @property
    def is_closed(self) -> bool:
        """Nothing more can be said: closed, broken or ended, or a close frame went by."""
        return (
            self._end.has_ended
            or self._splitter.is_over
            or self._close_was_sent
            or self._is_detached
            or self._end.has_closed
        )

    @property
    def account(self) -> Account | None:
        """Who pays for what this peer asks; None: nobody does."""
        return self.meter.account if self.meter is not None else None

    @property
    def bytes_in(self) -> int:
        """How many bytes have arrived. Who looks twice knows whether the peer was silent between,
        and the tick pays nothing for it.
        """
        return self._end.bytes_in

    @property
    def has_backlog(self) -> bool:
        """The last `drain_nowait` left messages, so there is work though the kernel has none."""
        return self._phase is Phase.TICKS and self._splitter.has_backlog

    def begin_ticks(self) -> None:
        """From now on the caller drains; trio-websocket gets only what the tick does not take."""
        assert self._phase is Phase.FRAMES, f"a stream in phase {self._phase.value} cannot tick"
        if self._splitter.is_over:
            return  # the peer is closing: trio-websocket must go on reading to see it through
        self._phase = Phase.TICKS
        settings, set_option = self._settings, self._end.set_option
        set_option(socket.IPPROTO_TCP, "TCP_NOTSENT_LOWAT", settings.tick_unsent_bytes_max)
        set_option(socket.SOL_SOCKET, "SO_SNDBUF", settings.tick_send_buffer_bytes)
        self._wake_reader()

    def end_ticks(self) -> None:
        """Give the bytes back to trio-websocket, which needs them to close."""
        if self._phase is Phase.TICKS:
            self._phase = Phase.FRAMES
            self._splitter.feed(b"", taking=False)
            self._wake_reader()

    def drain_nowait(self, messages: Messages) -> None:
        """Let `messages` go over the complete binary messages that have arrived; never waits.

        Control frames, text, fragments and broken frames go to trio-websocket, whose messages
        may therefore come later than taken ones that were sent after them.
        """
        if self._phase is not TICKS:
            messages.hold([])
            return
        splitter = self._splitter
        if splitter.is_between_frames:
            chunk = self._end.read_nowait(READ_BYTES)
            limit = self._settings.drain_messages_max
            if chunk and len(chunk) < READ_BYTES and messages.hold_frames(chunk, limit):
                return
            taken = self._read_messages(chunk)
        elif splitter.has_backlog:
            taken = splitter.feed(b"", taking=True)
        elif len(splitter.passed) < self._settings.passed_bytes_max:
            taken = self._read_messages(self._end.read_nowait(READ_BYTES))
        else:  # trio-websocket is behind: let the kernel hold the peer back
            taken = []
        if splitter.passed_count:
            self.cut_off(self._toll.pay_frames(splitter))
        if splitter.is_over:
            self._phase = Phase.FRAMES
        if splitter.passed or splitter.is_over or self._end.has_ended:
            self._wake_reader()
        messages.hold(taken)

    def messages_nowait(self) -> list[bytes]:
        """The same as a list of payloads."""
        messages = Messages()
        self.drain_nowait(messages)
        return messages.rest()

    def send_nowait(self, payload: bytes) -> bool:
        """Write one binary message without waiting. False: busy or closed, and none was taken."""
        if self._is_sending or self._remainder or self._close_was_sent or self._phase is not TICKS:
            is_free = not self._is_sending and not self.is_closed and self.flush_nowait()
            if not is_free:
                return False
        length = len(payload)
        frame = SMALL_HEADS[length] + payload if length < 126 else binary_frame(payload)
        sent_bytes = self._end.write_nowait(frame)
        if sent_bytes == len(frame):
            return True
        if not sent_bytes:
            self._wake_reader_of_broken()
            return False
        self._remainder = frame[sent_bytes:]
        return True

    def flush_nowait(self) -> bool:
        """Go on with a message that was cut short; True when none is left."""
        if self._remainder:
            self._remainder = self._remainder[self._end.write_nowait(self._remainder) :]
            self._wake_reader_of_broken()
        return not self._remainder

    def statistics(self) -> StreamStatistics:
        """Counts for metrics and tests."""
        return StreamStatistics(self._end.bytes_in, self._end.bytes_out, len(self._remainder))

    def idle_ms(self) -> int:
        """How long ago the last bytes came in, whether they were read or not."""
        return self._end.idle_ms()

    def rtt_ms(self) -> int:
        """How long it takes to have bytes acknowledged by the next host; 0 where nothing tells."""
        return self._end.rtt_ms()

    def fileno(self) -> int:
        """The descriptor, for `Readiness`; -1 once closed."""
        return self._end.fileno()

    # What the front and the handshake use.

    def unread(self, data: bytes) -> None:
        """Put back what was read too much; it comes first again."""
        self._replay = data + self._replay

    def hand_on(self) -> tuple[int, bytes]:
        """Give the connection away: its descriptor, now the caller's, and what was read too much.

        Here it is closed, and the peer does not notice.
        """
        assert self._phase is Phase.PLAIN, "a WebSocket has its own memory of what went by"
        descriptor = os.dup(self._end.fileno())
        unread, self._replay = self._replay, b""
        self.close_nowait()
        return descriptor, unread

    def begin_handshake(self, head: bytes) -> None:
        """The next reader gets `head`; bytes behind it wait until our answer is out."""
        assert self._phase is Phase.PLAIN, "one handshake per connection"
        self._phase = Phase.HANDSHAKE
        self._replay, self._early = head, self._replay

    def begin_frames(self, message_bytes_max: int, *, takes_fragments: bool = True) -> None:
        """The handshake is done: from here on, the bytes are frames."""
        self._phase = Phase.FRAMES
        self._toll.takes_fragments = takes_fragments
        self._splitter.message_bytes_max = message_bytes_max
        self._take_frames(self._early)
        self._early = b""
        self._wake_reader()

    def detach(self) -> None:
        """trio-websocket is done: its reader ends, and the socket stays open for `finish`."""
        self._is_detached = True
        self._wake_reader()

    def send_close_nowait(self, code: int, reason: str) -> None:
        """A last close frame, unless one was sent or a frame is half written; best effort."""
        is_too_late = self._close_was_sent or self._end.has_closed or self._is_sending
        if not is_too_late and self.flush_nowait():
            self._close_was_sent = True
            self._end.write_nowait(close_frame(code, reason))

    async def finish(self) -> None:
        """Say that nothing more comes, wait a bounded while for the peer's end, and close.

        Closing at once, with bytes unread, would reset the connection and destroy what was said
        last.
        """
        deadline = trio.current_time() + self._settings.linger_s
        try:
            with trio.CancelScope(shield=True, deadline=deadline):
                await self._linger()
        finally:
            self.close_nowait()

    def close_nowait(self) -> None:
        """Close the socket; whoever waits on it gets ClosedResourceError."""
        self._wake_reader()
        self._end.close()

    # trio.abc.Stream, which is what trio-websocket and HTTP use.

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """At least one byte, or `b""` at the end; in ticks, only what the tick passed on.

        Raises OverBudgetError before the handshake; a WebSocket is cut off, see `excess`.
        """
        await self._toll.turn()
        while True:
            if self._end.has_closed or self._is_detached:
                raise trio.ClosedResourceError
            if waiting := self._take_waiting(max_bytes):
                return waiting
            if self._end.has_ended:
                return b""
            if self._phase in (Phase.HANDSHAKE, Phase.TICKS):
                await self._wait_bell()
                await self._toll.turn()
            elif self._phase is Phase.PLAIN:
                if (chunk := self._end.read_nowait(READ_BYTES)) is not None:
                    self._toll.pay_plain(len(chunk))
                    self.unread(chunk)
                else:
                    await self._wait_socket()
                    await self._toll.turn()
            elif (chunk := self._end.read_nowait(FRAMES_BYTES)) is not None:
                self._take_frames(chunk)
            else:
                await self._wait_socket()
                await self._toll.turn()

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """Send behind what the tick has begun; cancelled half way, it breaks the stream."""
        await self._toll.turn()
        if self._end.has_closed or self._is_detached:
            raise trio.ClosedResourceError
        assert not self._is_sending, "trio-websocket sends one frame at a time"
        self._close_was_sent |= data[:1] == CLOSE_START
        self._is_sending = True
        left = memoryview(data)
        try:
            while not self.flush_nowait():
                await self._end.wait_writable()
            while left:
                left = left[self._end.write_nowait(left) :]
                if left:
                    await self._end.wait_writable()
        finally:
            self._is_sending = False
            if 0 < len(left) < len(data):
                self._end.give_up()
            self._wake_reader_of_broken()

    async def wait_send_all_might_not_block(self) -> None:
        """Wait until the socket takes bytes."""
        await self._end.wait_writable()

    async def aclose(self) -> None:
        """Close at once; `finish` is the gentle way."""
        self.close_nowait()
        await trio.lowlevel.checkpoint()

    # Inside.

    def _take_frames(self, chunk: bytes) -> None:
        """Frames outside of ticks: all for trio-websocket, once they are paid for."""
        self._splitter.feed(chunk, taking=False)
        self.cut_off(self._toll.pay_chunk(len(chunk)) or self._toll.pay_frames(self._splitter))

    def cut_off(self, excess: Excess | None) -> None:
        """Read no more of this peer if there is a reason; the first one stands."""
        if excess is not None and self.excess is None:
            self.excess = excess
            self._splitter.passed.clear()
            self.end_ticks()
            self.detach()

    def _read_messages(self, chunk: bytes | None) -> list[bytes]:
        """Read on from `chunk`, in small reads, as far as this tick's budgets go."""
        settings, splitter = self._settings, self._splitter
        taken: list[bytes] = []
        left_bytes = settings.drain_bytes_max
        while chunk:
            taken += splitter.feed(chunk, taking=True)
            left_bytes -= READ_BYTES
            is_behind = len(splitter.passed) >= settings.passed_bytes_max
            if len(chunk) < READ_BYTES or splitter.has_backlog or is_behind or left_bytes <= 0:
                break
            chunk = self._end.read_nowait(READ_BYTES)
        return taken

    def _take_waiting(self, max_bytes: int | None) -> bytes:
        if self._replay:
            stop = max_bytes or len(self._replay)
            taken, self._replay = self._replay[:stop], self._replay[stop:]
            return taken
        passed = self._splitter.passed
        taken = bytes(passed[: min(max_bytes or PASS_BYTES, PASS_BYTES)])
        del passed[: len(taken)]
        return taken

    async def _linger(self) -> None:
        while not self.flush_nowait():
            if self._end.is_broken:
                return
            await self._end.wait_writable()
        await see_off(self._end, LINGER_BYTES_MAX)

    async def _wait_bell(self) -> None:
        self._bell = trio.Event()
        try:
            await self._bell.wait()
        finally:
            self._bell = None

    async def _wait_socket(self) -> None:
        self._socket_wait = trio.CancelScope()
        try:
            with self._socket_wait:
                await self._end.wait_readable()
        finally:
            self._socket_wait = None

    def _wake_reader(self) -> None:
        if self._bell is not None:
            self._bell.set()
        if self._socket_wait is not None:
            self._socket_wait.cancel()

    def _wake_reader_of_broken(self) -> None:
        if self._end.is_broken:
            self._wake_reader()

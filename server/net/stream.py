"""A connection that a match's tick can read and write directly.

Owns the half that waits, for trio-websocket and HTTP; `core` is the half that a tick uses. It must
not know messages or matches. Until `begin_ticks` it is an ordinary Trio stream; from then on the
tick reads and writes the socket directly, and trio-websocket, which reads through `receive_some`,
sleeps on an event until a frame arrives that is not the tick's. Invariants: those of
`server.net.tick_core`.
"""

import socket

import trio
from attrs import define, field, frozen

from game.wire.messages import CloseCode
from server.budget.costs import FRAME, KILOBYTE_IN, READ, Work
from server.budget.ledger import Account, OverBudgetError
from server.budget.meter import Meter
from server.net.frames import FINAL_CLOSE, FrameSplitter, StreamPhase
from server.net.relay import relay
from server.net.settings import NetSettings
from server.net.tick_core import READ_BYTES, Excess, Hooks, TickCore
from server.net.transport import Transport, linger, socket_transport

FRAMES_BYTES = 1_024  # one recv outside of ticks, where each frame costs trio-websocket a turn
PASS_BYTES = 512  # per read of trio-websocket, which parses all of it before other tasks run
LINGER_BYTES_MAX = 262_144  # discarded after our end; a peer that sends more is cut off
KILOBYTE = 1_024
CLOSE_START = bytes((FINAL_CLOSE,))


@frozen
class StreamStatistics:
    """Byte counts of one stream since its start; `remainder_bytes` is the current value."""

    bytes_in: int
    bytes_out: int
    remainder_bytes: int


@define(eq=False)
class Waker:
    """Wakes the one task that reads, whatever it waits for."""

    _event: trio.Event | None = None  # set while it waits for other things than bytes
    _socket_wait: trio.CancelScope | None = None  # set while it waits for bytes

    def wake(self) -> None:
        """Wake the task."""
        if self._event is not None:
            self._event.set()
        if self._socket_wait is not None:
            self._socket_wait.cancel()

    async def wait(self) -> None:
        """Sleep until `wake`."""
        self._event = trio.Event()
        try:
            await self._event.wait()
        finally:
            self._event = None

    async def wait_readable(self, transport: Transport) -> None:
        """Sleep until bytes come or `wake`."""
        self._socket_wait = trio.CancelScope()
        try:
            with self._socket_wait:
                await transport.wait_readable()
        finally:
            self._socket_wait = None


@define(eq=False)
class ReadBudget:
    """Charges for what a peer sends outside of a match's tick, and says when to cut it off. Without
    a meter nothing is charged, but fragments are limited.
    """

    frames_per_message_max: int
    meter: Meter | None = None
    takes_fragments: bool = True

    async def turn(self) -> None:
        """Wait until this connection may do its work; always a checkpoint."""
        if self.meter is None:
            await trio.lowlevel.checkpoint()
        else:
            await self.meter.turn()

    def pay_plain(self, count: int) -> None:
        """Charge bytes received before the handshake. Raises OverBudgetError."""
        if self.meter is not None:
            self.meter.account.must_spend(READ)
            self.meter.account.must_spend(KILOBYTE_IN, count / KILOBYTE)

    def pay_chunk(self, count: int) -> Excess | None:
        """Charge bytes after the handshake, out of ticks; return why to stop reading, or None."""
        return self._pay(READ, 1) or self._pay(KILOBYTE_IN, count / KILOBYTE)

    def pay_frames(self, splitter: FrameSplitter) -> Excess | None:
        """Charge the frames that went to trio-websocket; return why to stop reading, or None."""
        if excess := self._pay(FRAME, splitter.take_passed_count()):
            return excess
        if splitter.has_fragments and not self.takes_fragments:
            return CloseCode.MALFORMED, "a message in a match must be a single frame"
        if splitter.open_count > self.frames_per_message_max:
            return CloseCode.FLOOD, f"a message in more than {self.frames_per_message_max} frames"
        return None

    def _pay(self, work: Work, count: float) -> Excess | None:
        if self.meter is None or not count or self.meter.account.spend_here(work, count):
            return None
        return CloseCode.FLOOD, str(OverBudgetError(work))


@define(eq=False)
class TickStream(trio.abc.Stream):
    """See the top of this file. One task reads, one at a time sends; the tick never waits."""

    _transport: Transport
    _settings: NetSettings
    meter: Meter | None = None  # None: nothing is charged
    core: TickCore = field(init=False)
    _replay: bytes = field(default=b"", init=False, repr=False)  # read before the socket's bytes
    _early: bytes = field(default=b"", init=False, repr=False)  # frames that came before our answer
    _read_budget: ReadBudget = field(init=False)
    _waker: Waker = field(factory=Waker, init=False)
    _relayed: Transport | None = field(default=None, init=False)  # our end of the pair

    def __attrs_post_init__(self) -> None:
        """Join both halves; the core must not refer to this one, or neither is freed."""
        transport = self._transport
        self._read_budget = ReadBudget(self._settings.message_frames_max, self.meter)
        hooks = Hooks(
            self._waker.wake, self._read_budget.pay_frames, transport.idle_ms, transport.fileno
        )
        self.core = TickCore(transport.io, self._settings, hooks)

    @classmethod
    def over(cls, sock: socket.socket, settings: NetSettings) -> "TickStream":
        """Take over a connected stdlib socket."""
        return cls(socket_transport(sock), settings)

    # For handlers.

    @property
    def is_closed(self) -> bool:
        """Whether the connection is over: closed, broken, ended, or after a close frame."""
        return self.core.is_closed

    @property
    def excess(self) -> Excess | None:
        """Why the peer was cut off."""
        return self.core.excess

    @property
    def failure(self) -> str:
        """Why the connection broke, where that is known; else empty."""
        return self._transport.io.failure

    @property
    def account(self) -> Account | None:
        """The account charged for this peer's work; None: nothing is charged."""
        return self.meter.account if self.meter is not None else None

    @property
    def bytes_in(self) -> int:
        """How many bytes have arrived. Two readings tell whether the peer was silent in between,
        at no cost to the tick.
        """
        return self._transport.io.bytes_in

    def begin_ticks(self) -> None:
        """Let the caller drain `core`; trio-websocket gets only what the tick does not take."""
        core = self.core
        assert core.phase is StreamPhase.FRAMES, f"a stream in phase {core.phase.value} cannot tick"
        if core.splitter.is_over:
            return  # the peer is closing: trio-websocket must read on to finish that
        core.phase = StreamPhase.TICKS
        self._limit_buffers()
        self._waker.wake()

    def end_ticks(self) -> None:
        """Let trio-websocket read the socket again, which it needs to close."""
        self.core.end_ticks()

    def statistics(self) -> StreamStatistics:
        """Counts for metrics and tests."""
        io = self._transport.io
        return StreamStatistics(io.bytes_in, io.bytes_out, len(self.core.remainder))

    def idle_ms(self) -> int:
        """How long ago the last bytes came in, whether they were read or not."""
        return self._transport.idle_ms()

    def rtt_ms(self) -> int:
        """How long the next host takes to acknowledge bytes; 0 if unknown."""
        return self._transport.rtt_ms()

    def fileno(self) -> int:
        """The descriptor; -1 once closed."""
        return self._transport.fileno()

    # For the front and the handshake.

    def unread(self, data: bytes) -> None:
        """Put back excess bytes; the next read returns them first."""
        self._replay = data + self._replay

    def hand_over(self) -> tuple[int, bytes]:
        """Hand the connection over: return a descriptor that the caller owns, and excess bytes.

        The stream is closed here, and the peer does not notice. An encrypted one stays open: the
        descriptor is one end of a pair, and the caller runs `relay` next.
        """
        assert self.core.phase is StreamPhase.PLAIN, (
            "a WebSocket has state that cannot be handed over"
        )
        unread, self._replay = self._replay, b""
        descriptor = self._transport.duplicate()
        if descriptor is None:
            ours, theirs = socket.socketpair()
            self._relayed = socket_transport(ours)
            self._limit_buffers()
            return theirs.detach(), unread
        self.close_nowait()
        return descriptor, unread

    async def relay(self) -> None:
        """Carry bytes between the peer and the process that has the other end of the pair."""
        if self._relayed is not None:
            await relay(self._transport, self._relayed)

    def _limit_buffers(self) -> None:
        """Let a peer that reads slowly be noticed early, as a match wants."""
        set_option, settings = self._transport.set_option, self._settings
        set_option(socket.IPPROTO_TCP, "TCP_NOTSENT_LOWAT", settings.tick_unsent_bytes_max)
        set_option(socket.SOL_SOCKET, "SO_SNDBUF", settings.tick_send_buffer_bytes)

    def begin_handshake(self, head: bytes) -> None:
        """Give `head` to the next reader; bytes after it wait until our answer is out."""
        assert self.core.phase is StreamPhase.PLAIN, "one handshake per connection"
        self.core.phase = StreamPhase.HANDSHAKE
        self._replay, self._early = head, self._replay

    def begin_frames(self, message_bytes_max: int, *, takes_fragments: bool = True) -> None:
        """End the handshake: from here on, the bytes are frames."""
        self.core.phase = StreamPhase.FRAMES
        self._read_budget.takes_fragments = takes_fragments
        self.core.splitter.message_bytes_max = message_bytes_max
        self._take_frames(self._early)
        self._early = b""
        self._waker.wake()

    def detach(self) -> None:
        """End trio-websocket's reader; the socket stays open for `finish`."""
        self.core.detach()

    def send_close_nowait(self, code: int, reason: str) -> None:
        """Send a last close frame, unless one was sent or a frame is half written; best effort."""
        self.core.send_close_nowait(code, reason)

    def cut_off(self, excess: Excess | None) -> None:
        """Stop reading from this peer if there is a reason; the first reason stands."""
        self.core.cut_off(excess)

    async def finish(self) -> None:
        """Send our end, wait a bounded time for the peer's, and close.

        Closing at once, with bytes unread, would reset the connection and lose what was sent last.
        """
        deadline = trio.current_time() + self._settings.linger_s
        try:
            with trio.CancelScope(shield=True, deadline=deadline):
                await self._linger()
        finally:
            self.close_nowait()

    def close_nowait(self) -> None:
        """Close the socket; tasks that wait on it get ClosedResourceError."""
        self._waker.wake()
        self._transport.close()

    # trio.abc.Stream, which is what trio-websocket and HTTP use.

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        """Return at least one byte, or `b""` at the end; in ticks, only what the tick passed on.

        Raises OverBudgetError before the handshake; a WebSocket is cut off instead, see `excess`.
        """
        await self._read_budget.turn()
        while True:
            if self._transport.io.has_closed or self.core.is_detached:
                raise trio.ClosedResourceError
            if waiting := self._take_waiting(max_bytes):
                return waiting
            if self._transport.io.has_ended:
                return b""
            if self.core.phase in (StreamPhase.HANDSHAKE, StreamPhase.TICKS):
                await self._waker.wait()
                await self._read_budget.turn()
            elif self.core.phase is StreamPhase.PLAIN:
                if (chunk := self._transport.io.read_nowait(READ_BYTES)) is not None:
                    self._read_budget.pay_plain(len(chunk))
                    self.unread(chunk)
                else:
                    await self._waker.wait_readable(self._transport)
                    await self._read_budget.turn()
            elif (chunk := self._transport.io.read_nowait(FRAMES_BYTES)) is not None:
                self._take_frames(chunk)
            else:
                await self._waker.wait_readable(self._transport)
                await self._read_budget.turn()

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        """Send after what the tick has begun; cancellation half way breaks the stream."""
        await self._read_budget.turn()
        core, io = self.core, self._transport.io
        if io.has_closed or core.is_detached:
            raise trio.ClosedResourceError
        assert not core.is_sending, "trio-websocket sends one frame at a time"
        core.close_was_sent |= data[:1] == CLOSE_START
        core.is_sending = True
        left = memoryview(data)
        try:
            while not core.flush_nowait():
                await self._transport.wait_writable()
            while left:
                left = left[io.write_nowait(left) :]
                if left:
                    await self._transport.wait_writable()
            while not io.flush_nowait():
                await self._transport.wait_writable()
        finally:
            core.is_sending = False
            if 0 < len(left) < len(data):
                io.give_up()
            core.wake_reader_of_broken()

    async def wait_send_all_might_not_block(self) -> None:
        """Wait until the socket takes bytes."""
        await self._transport.wait_writable()

    async def aclose(self) -> None:
        """Close at once; `finish` is the gentle way."""
        self.close_nowait()
        await trio.lowlevel.checkpoint()

    # Inside.

    def _take_frames(self, chunk: bytes) -> None:
        """Pass frames outside of ticks to trio-websocket, and charge for them."""
        core, budget = self.core, self._read_budget
        core.splitter.feed(chunk, taking=False)
        core.cut_off(budget.pay_chunk(len(chunk)) or budget.pay_frames(core.splitter))

    def _take_waiting(self, max_bytes: int | None) -> bytes:
        if self._replay:
            stop = max_bytes or len(self._replay)
            taken, self._replay = self._replay[:stop], self._replay[stop:]
            return taken
        passed = self.core.splitter.passed
        taken = bytes(passed[: min(max_bytes or PASS_BYTES, PASS_BYTES)])
        del passed[: len(taken)]
        return taken

    async def _linger(self) -> None:
        while not self.core.flush_nowait():
            if self._transport.io.is_broken:
                return
            await self._transport.wait_writable()
        await linger(self._transport, LINGER_BYTES_MAX)

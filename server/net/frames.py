"""WebSocket frames (RFC 6455, section 5), split into those for the tick and the rest.

Owns which frames a tick takes itself (complete, final, masked, small and binary) and which pass on
to trio-websocket, the only judge of protocol errors. It must not know sockets or Trio. Invariant:
every byte fed in leaves once and in order, either inside a taken message or through `passed`.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from mypy_extensions import i64

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FINAL_BINARY: Final = 0x82
FINAL_CLOSE: Final = 0x88
MASKED: Final = 0x80
CONTROL_BYTES_MAX: Final = 125
SMALL_BYTES_MAX: Final = 125  # longer payloads have longer headers
SMALL_HEADER_BYTES: Final = 6  # of a frame with a mask
HEADER_BYTES_MAX: Final = 14
HEADS_COUNT: Final = 1_024  # nearly every snapshot is shorter


class StreamPhase(Enum):
    """The meaning of the bytes on the socket."""

    PLAIN = "plain"  # HTTP, or the head of a handshake
    HANDSHAKE = "handshake"  # trio-websocket gets the head, and no more until it has answered
    FRAMES = "frames"  # WebSocket frames, all for trio-websocket
    TICKS = "ticks"  # WebSocket frames, the common ones for the tick


class FrameError(Exception):
    """A frame this side may not read; trio-websocket refuses it and all that follows."""


class Header(NamedTuple):
    """The first bytes of a frame."""

    opcode: int
    is_final: bool
    header_bytes: int
    payload_bytes: int


def read_header(data: bytes, at: int) -> Header | None:
    """The header that starts at `at`, or None when more bytes are needed; raises FrameError."""
    if len(data) - at < 2:
        return None
    first, second = data[at], data[at + 1]
    opcode, is_final, length = first & 0x0F, first >= 0x80, second & 0x7F
    if first & 0x70 or opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
        raise FrameError
    if second < MASKED or (opcode >= CLOSE and (length > CONTROL_BYTES_MAX or not is_final)):
        raise FrameError
    extra = 0 if length < 126 else 2 if length == 126 else 8
    if len(data) - at < 6 + extra:
        return None
    if extra:
        length = int.from_bytes(data[at + 2 : at + 2 + extra], "big")
        if length <= (125 if extra == 2 else 65_535) or length >> 63:
            raise FrameError  # not the shortest form, or the sign bit
    return Header(opcode, is_final, 6 + extra, length)


def unmask(key: bytes, masked: bytes) -> bytes:
    """XOR with the repeated key as one long integer: some ten times faster than byte by byte."""
    length = len(masked)
    pad = (key * ((length + 3) // 4))[:length]
    plain = int.from_bytes(masked, "little") ^ int.from_bytes(pad, "little")
    return plain.to_bytes(length, "little")


class Messages:
    """A cursor over the messages of one drain, which are not copied.

    After `next`, a message lies in `data[at:end]`. Its byte i is masked by byte i mod 4 of `mask`,
    lowest first; a mask of 0 means that it is not masked.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.data = b""
        self.at: i64 = 0
        self.end: i64 = 0
        self.mask: i64 = 0
        self.count: i64 = 0  # of all messages, including those that `next` has passed
        self._header: i64 = 0  # where the next frame begins
        self._taken: list[bytes] | None = None  # messages already unmasked, in place of frames
        self._index: i64 = 0

    def hold_frames(self, chunk: bytes, messages_max: i64) -> bool:
        """Hold `chunk` if it is at most `messages_max` whole small frames that a tick takes; else
        return False and change nothing.

        `chunk` must start at a frame. Nearly everything that a match reads is exactly this: one
        frame, or two when the network delayed one.
        """
        at: i64 = 0
        stop: i64 = len(chunk)
        count: i64 = 0
        while at + SMALL_HEADER_BYTES < stop:
            length: i64 = chunk[at + 1]
            if chunk[at] != FINAL_BINARY or length < MASKED or length > MASKED + SMALL_BYTES_MAX:
                return False
            at += SMALL_HEADER_BYTES + length - MASKED
            count += 1
        if at != stop or count > messages_max:
            return False
        self.data, self._taken, self._header, self.count = chunk, None, 0, count
        return True

    def hold(self, taken: list[bytes]) -> None:
        """Hold messages that are already unmasked."""
        self._taken, self._index, self.count = taken, 0, len(taken)

    def next(self) -> bool:
        """Go to the next message; False when there is none."""
        taken = self._taken
        if taken is not None:
            if self._index >= self.count:
                return False
            self.data = taken[self._index]
            self._index += 1
            self.at, self.end, self.mask = 0, len(self.data), 0
            return True
        data, at = self.data, self._header
        if at >= len(data):
            return False
        second: i64 = data[at + 1]
        key_0: i64 = data[at + 2]
        key_1: i64 = data[at + 3]
        key_2: i64 = data[at + 4]
        key_3: i64 = data[at + 5]
        self.mask = key_0 | key_1 << 8 | key_2 << 16 | key_3 << 24
        self.at = at + SMALL_HEADER_BYTES
        self.end = self._header = self.at + second - MASKED
        return True

    def payload(self) -> bytes:
        """Return the current message, unmasked."""
        masked = self.data[self.at : self.end]
        return unmask(int(self.mask).to_bytes(4, "little"), masked) if self.mask else masked

    def rest(self) -> list[bytes]:
        """Return all messages that `next` has not reached yet."""
        messages: list[bytes] = []
        while self.next():
            messages.append(self.payload())
        return messages


def binary_frame(payload: bytes) -> bytes:
    """One unmasked, final, binary frame, as servers send them."""
    return _head(len(payload)) + payload


def _head(length: int) -> bytes:
    if length < 126:
        return bytes((FINAL_BINARY, length))
    if length < 65_536:
        return bytes((FINAL_BINARY, 126)) + length.to_bytes(2, "big")
    return bytes((FINAL_BINARY, 127)) + length.to_bytes(8, "big")


HEADS: Final = [_head(length) for length in range(HEADS_COUNT)]  # of `binary_frame`, by length


def close_frame(code: int, reason: str) -> bytes:
    """An unmasked close frame; a reason that is too long is cut between characters."""
    text = reason.encode()[: CONTROL_BYTES_MAX - 2].decode(errors="ignore").encode()
    return bytes((FINAL_CLOSE, 2 + len(text))) + code.to_bytes(2, "big") + text


@dataclass(slots=True)
class FrameSplitter:
    """Bytes in, messages for the tick out; the rest waits in `passed` for trio-websocket."""

    message_bytes_max: int
    messages_max: int  # frames per `feed` for a tick; the rest waits, so that no seat delays it
    passed: bytearray = field(default_factory=bytearray, repr=False)
    is_over: bool = False  # after a close frame or a violation: all that follows is passed on
    has_backlog: bool = False  # `feed(b"")` would take more at once
    is_between_frames: bool = True  # nothing is held, nothing passed on, no message is open
    passed_count: int = 0  # frames passed on since `take_passed_count`
    open_count: int = 0  # frames so far of a fragmented message that is not whole yet
    has_fragments: bool = False  # a fragmented message has begun, now or before
    _held: bytes = field(default=b"", repr=False)  # half a frame, or frames over the limit
    _passing_bytes: int = 0  # bytes left of a frame whose start was passed on
    _is_message_open: bool = False  # inside a fragmented message, every frame is passed on

    def feed(self, data: bytes, *, taking: bool) -> list[bytes]:
        """Split `data` into frames; with `taking`, return the messages for the tick."""
        if self._held:
            data, self._held = self._held + data, b""
        self.has_backlog = False
        taken: list[bytes] = []
        at, end = self._pass_rest(data), len(data)
        enough = self.messages_max + self.passed_count
        while at < end:
            if len(taken) + self.passed_count >= enough and taking:
                self.has_backlog = True
                break
            length = data[at + 1] - MASKED if at + 1 < end else -1
            body = at + 6
            if (
                taking
                and data[at] == FINAL_BINARY
                and 0 <= length < 126
                and body + length <= end
                and not self._is_message_open
                and not self.is_over
            ):  # nearly every frame of a match ends here
                taken.append(unmask(data[at + 2 : body], data[body : body + length]))
                at = body + length
                continue
            after = self._cut_other(data, at, taken if taking else None)
            if after == at:
                break
            at = after
        self._held = data[at:]
        self.is_between_frames = not (
            self._held
            or self.passed
            or self._passing_bytes
            or self._is_message_open
            or self.is_over
        )
        return taken

    def take_passed_count(self) -> int:
        """Return how many frames were passed on since the last call."""
        count, self.passed_count = self.passed_count, 0
        return count

    def _pass_rest(self, data: bytes) -> int:
        """Finish the frame that is being passed on; return how many bytes that took."""
        count = min(self._passing_bytes, len(data))
        self.passed += data[:count]
        self._passing_bytes -= count
        return count

    def _cut_other(self, data: bytes, at: int, taken: list[bytes] | None) -> int:
        """Split off one less common frame; return where the next one starts, or `at` to wait."""
        try:
            header = None if self.is_over else self._next_header(data, at)
        except FrameError:
            self.is_over = True
        if self.is_over:
            self.passed += data[at:]
            return len(data)
        if header is None:
            return at
        body = at + header.header_bytes
        stop = body + header.payload_bytes
        if taken is not None and self._is_takeable(header):
            if stop > len(data):
                return at
            taken.append(unmask(data[body - 4 : body], data[body:stop]))
            return stop
        self._note_passed(header)
        self.passed += data[at:stop]
        self._passing_bytes = max(0, stop - len(data))
        return min(stop, len(data))

    def _next_header(self, data: bytes, at: int) -> Header | None:
        header = read_header(data, at)
        if header is None or header.opcode >= CLOSE:
            return header
        if self._is_message_open is not (header.opcode == CONTINUATION):
            raise FrameError
        return header

    def _is_takeable(self, header: Header) -> bool:
        return (
            header.opcode == BINARY
            and header.is_final
            and header.payload_bytes <= self.message_bytes_max
        )

    def _note_passed(self, header: Header) -> None:
        self.passed_count += 1
        if header.opcode < CLOSE:
            self._is_message_open = not header.is_final
            self.open_count = self.open_count + 1 if self._is_message_open else 0
            self.has_fragments |= self._is_message_open
        elif header.opcode == CLOSE:
            self.is_over = True

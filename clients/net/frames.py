"""WebSocket frames (RFC 6455, section 5), as far as a client needs them: splitting and masking.

Owns: where a frame begins and ends. Must not know: sockets, what trio-websocket makes of a frame.
Invariant: every byte fed in leaves once, in order, inside exactly one frame.
"""

import random
from typing import Final, NamedTuple

from attrs import define, field

from clients.net.errors import ClientError

TEXT: Final = 1
CLOSE: Final = 8
FINAL_BINARY: Final = 0x82
_FINAL: Final = 0x80
_MASKED: Final = 0x80
_RESERVED: Final = 0x70


class WebSocketFrame(NamedTuple):
    """One frame from a server. `raw` is the whole frame, for readers that parse it themselves."""

    first: int  # the first byte: final bit, reserved bits, opcode
    payload: bytes
    raw: bytes

    @property
    def is_whole_message(self) -> bool:
        """Whether it is a binary message in one piece; this game's server sends no others."""
        return self.first == FINAL_BINARY

    @property
    def ends_message(self) -> bool:
        """Whether it completes a text or fragmented message."""
        return self.first & _FINAL != 0 and self.first & 0x0F < CLOSE

    @property
    def is_close(self) -> bool:
        """Whether it is a close frame."""
        return self.first & 0x0F == CLOSE


@define
class FrameSplitter:
    """Bytes in, frames out. `payload_bytes_max` bounds what it keeps of an unfinished frame."""

    payload_bytes_max: int
    _kept: bytearray = field(factory=bytearray)

    def feed(self, received: bytes) -> None:
        """Add received bytes."""
        self._kept += received

    def take_rest(self) -> bytes:
        """Remove and return the bytes not yet part of a frame, for another reader."""
        rest = bytes(self._kept)
        self._kept.clear()
        return rest

    def next(self) -> WebSocketFrame | None:
        """The next frame, or None until there are more bytes. Raises `ClientError`."""
        kept = self._kept
        if len(kept) < 2:
            return None
        first, length = kept[0], kept[1]
        if length & _MASKED or first & _RESERVED:
            raise ClientError("the server sent a frame that no server may send")
        start = 2
        if length >= 126:
            start = 4 if length == 126 else 10
            if len(kept) < start:
                return None
            length = int.from_bytes(kept[2:start], "big")
        if length > self.payload_bytes_max:
            raise ClientError(f"the server sent a frame of {length} bytes")
        end = start + length
        if len(kept) < end:
            return None
        raw = bytes(kept[:end])
        del kept[:end]
        return WebSocketFrame(first, raw[start:], raw)


def masked_frame(payload: bytes, dice: random.Random) -> bytes:
    """Build a final binary frame as clients must send it: masked with four random bytes."""
    length = len(payload)
    if length < 126:
        header = bytes((FINAL_BINARY, _MASKED | length))
    elif length < 65_536:
        header = bytes((FINAL_BINARY, _MASKED | 126)) + length.to_bytes(2, "big")
    else:
        header = bytes((FINAL_BINARY, _MASKED | 127)) + length.to_bytes(8, "big")
    key = dice.randbytes(4)
    pad = (key * (length // 4 + 1))[:length]
    masked = int.from_bytes(payload, "little") ^ int.from_bytes(pad, "little")
    return header + key + masked.to_bytes(length, "little")

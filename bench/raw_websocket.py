"""A minimal WebSocket client, so that the load costs little compared to the server.

Owns the parts of RFC 6455 that a load needs: handshake, masked frames out, whole frames in. It
checks nothing that a real client must check. Must not know what the payloads mean.
"""

import os
import socket
import struct
from base64 import b64encode
from collections.abc import Iterator

# First bytes of frames, the final bit and the opcode together (RFC 6455 section 5.2).
BINARY_FINAL, CLOSE_FINAL, PING_FINAL, PONG_FINAL = 0x82, 0x88, 0x89, 0x8A
BINARY_START, MIDDLE = 0x02, 0x00  # the first and a middle fragment of a binary message
TEXT_FINAL, RESERVED_BIT = 0x81, 0xC2
HANDSHAKE_BYTES_MAX = 16_384
READ_BYTES = 65_536
CONNECT_S = 10.0


class Closed(ConnectionError):
    """The server ended the connection."""


def connect(port: int, path: str, subprotocol: str = "") -> tuple[socket.socket, bytes]:
    """Open a WebSocket on this machine; returns it, blocking, and any bytes after the answer."""
    link = ask(port, path, subprotocol)
    return link, hear_answer(link, path)


def ask(port: int, path: str, subprotocol: str = "") -> socket.socket:
    """Connect and send the upgrade request."""
    link = socket.create_connection(("127.0.0.1", port), timeout=CONNECT_S)
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.sendall(request(port, path, subprotocol))
    return link


def hear_answer(link: socket.socket, path: str) -> bytes:
    """Wait for the answer to the upgrade request; returns any bytes after it."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        more = link.recv(READ_BYTES)
        answer += more
        if not more or len(answer) > HANDSHAKE_BYTES_MAX:
            raise Closed(f"no handshake on {path}: {answer[:200]!r}")
    head, _, rest = answer.partition(b"\r\n\r\n")
    if b" 101 " not in head.split(b"\r\n")[0]:
        raise Closed(f"refused on {path}: {answer[:300]!r}")
    return rest


def request(port: int, path: str, subprotocol: str = "") -> bytes:
    """The head of the upgrade request."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        *([f"Sec-WebSocket-Protocol: {subprotocol}"] if subprotocol else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def masked(payload: bytes, opcode: int = BINARY_FINAL) -> bytes:
    """One frame of a client, up to 65,535 bytes."""
    length = len(payload)
    head = struct.pack("!BB", opcode, 0x80 | length)
    if length >= 126:
        head = struct.pack("!BBH", opcode, 0x80 | 126, length)
    mask = os.urandom(4)
    pattern = int.from_bytes((mask * (length // 4 + 1))[:length], "big")
    scrambled = (int.from_bytes(payload, "big") ^ pattern).to_bytes(length, "big")
    return head + mask + scrambled


class FrameReader:
    """Splits incoming bytes into frames."""

    __slots__ = ("_held",)

    def __init__(self, held: bytes = b"") -> None:
        self._held = held

    def frames(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """Every complete frame: its first byte (final bit and opcode), and its payload."""
        held = self._held + chunk if self._held else chunk
        start, have = 0, len(held)
        while have - start >= 2:
            length, begin = held[start + 1], start + 2
            if length == 126:
                begin = start + 4
                length = int.from_bytes(held[start + 2 : begin], "big")
            elif length == 127:
                begin = start + 10
                length = int.from_bytes(held[start + 2 : begin], "big")
            if have < begin + length:
                break
            yield held[start], held[begin : begin + length]
            start = begin + length
        self._held = held[start:]

    def take_held(self) -> bytes:
        """Take the bytes of an incomplete frame, for another reader."""
        held, self._held = self._held, b""
        return held

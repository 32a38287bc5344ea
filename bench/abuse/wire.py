"""The wire as an attacker uses it: sockets from chosen addresses, arbitrary frames, and
conversations with a deadline for every wait.

Owns: bytes, and one word for each way in which a connection ends. Must not know: attacks.
"""

import re
import socket
import struct
import time
from typing import Any, Final

from bench.raw_websocket import (
    BINARY_FINAL,
    CLOSE_FINAL,
    HANDSHAKE_BYTES_MAX,
    PING_FINAL,
    PONG_FINAL,
    READ_BYTES,
    FrameReader,
    masked,
    request,
)
from game.wire.codec import Channel, Decoded, Sender, decode_from_server, encode
from game.wire.fingerprint import fingerprint
from game.wire.messages import SUBPROTOCOL

PATIENCE_S: Final = 5.0
STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


class Ended(Exception):
    """The connection is over, or was never opened. It is counted under `word`."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def frame(first: int, payload: bytes = b"") -> bytes:
    """One frame of a client. The mask is zero, so the payload is sent unchanged."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", first, 0x80 | length)
    elif length < 65_536:
        head = struct.pack("!BBH", first, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, length)
    return head + bytes(4) + payload


def dial(port: int, source: str, *, receive_bytes: int = 0) -> socket.socket:
    """Connect from an address of this machine. Raises `Ended`."""
    link = socket.socket()
    try:
        if receive_bytes:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.settimeout(PATIENCE_S)
        link.bind((source, 0))
        link.connect(("127.0.0.1", port))
    except OSError as error:
        link.close()
        raise Ended(word_of(error)) from None
    return link


def upgrade(port: int, path: str, source: str) -> tuple[socket.socket, bytes]:
    """Open a WebSocket; return it and the bytes after the response. Raises `Ended`."""
    link = dial(port, source)
    answer = b""
    try:
        link.sendall(request(port, path, SUBPROTOCOL))
        while b"\r\n\r\n" not in answer and len(answer) < HANDSHAKE_BYTES_MAX:
            more = link.recv(READ_BYTES)
            if not more:
                break
            answer += more
    except OSError as error:
        link.close()
        raise Ended(word_of(error)) from None
    head, _, rest = answer.partition(b"\r\n\r\n")
    if status_of(head) != "status 101":
        link.close()
        raise Ended(status_of(head))
    return link, rest


def fetch(port: int, path: str, source: str, patience_s: float = PATIENCE_S) -> tuple[int, bytes]:
    """GET on a new connection; return status and body. Raises `Ended`."""
    answer, end_s = b"", time.monotonic() + patience_s
    with dial(port, source) as link:
        try:
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
            link.sendall(head.encode())
            while True:
                link.settimeout(max(0.01, end_s - time.monotonic()))
                if not (more := link.recv(READ_BYTES)):
                    break
                answer += more
        except OSError as error:
            if not answer:
                raise Ended(word_of(error)) from None
    found = STATUS.match(answer)
    if found is None:
        raise Ended("end")
    return int(found[1]), answer.partition(b"\r\n\r\n")[2]


def status_of(answer: bytes) -> str:
    """The word under which a response is counted."""
    found = STATUS.match(answer)
    return f"status {found[1].decode()}" if found else "end"


def word_of(error: OSError) -> str:
    """The word under which a failure is counted."""
    if isinstance(error, TimeoutError):
        return "silence"
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "reset"
    return type(error).__name__


def close_word(payload: bytes) -> str:
    """The word under which a close frame is counted."""
    return f"close {int.from_bytes(payload[:2], 'big')}" if len(payload) >= 2 else "close"


class Talk:
    """A conversation with the lobby or a match: say, and wait for the answer."""

    def __init__(self, port: int, path: str, source: str) -> None:
        """Connect. Raises `Ended`."""
        self.channel = Channel.LOBBY if path == "/lobby" else Channel.MATCH
        self.link, rest = upgrade(port, path, source)
        self._reader = FrameReader()
        self._heard: list[bytes] = []
        try:
            self._take(rest)
        except Ended:
            self.link.close()
            raise

    def say(self, name: str, *fields: object) -> None:
        """Send one message. Raises `Ended`."""
        try:
            self.link.sendall(masked(self.encoded(name, *fields)))
        except OSError as error:
            raise Ended(word_of(error)) from None

    def encoded(self, name: str, *fields: object) -> bytes:
        """The payload of a message."""
        return encode(self.channel, Sender.CLIENT, name, *fields)

    def hear(self, *names: str, patience_s: float = PATIENCE_S) -> Decoded:
        """Wait for the next message of these names; skip others. Raises `Ended`, also for a
        refusal that is not among them.
        """
        end_s = time.monotonic() + patience_s
        while True:
            while self._heard:
                message = decode_from_server(self.channel, self._heard.pop(0))
                if message.name in names:
                    return message
                if message.name == "refused":
                    raise Ended(refusal_word(message.fields))
            self.listen(end_s)

    def listen(self, end_s: float) -> None:
        """Receive the next chunk. Raises `Ended`."""
        try:
            self.link.settimeout(max(0.001, end_s - time.monotonic()))
            chunk = self.link.recv(READ_BYTES)
        except OSError as error:
            raise Ended(word_of(error)) from None
        if not chunk:
            raise Ended("end")
        self._take(chunk)

    def rest(self) -> bytes:
        """What was received and not consumed, as the bytes of its frames."""
        frames = [bytes([BINARY_FINAL, 126]) + len(p).to_bytes(2, "big") + p for p in self._heard]
        return b"".join([*frames, self._reader.take_held()])

    def close(self) -> None:
        """Hang up."""
        self.link.close()

    def _take(self, chunk: bytes) -> None:
        for first, payload in self._reader.frames(chunk):
            if first == BINARY_FINAL:
                self._heard.append(payload)
            elif first == CLOSE_FINAL:
                raise Ended(close_word(payload))
            elif first == PING_FINAL:
                self.link.sendall(masked(payload, PONG_FINAL))


def refusal_word(fields: tuple[Any, ...]) -> str:
    """The word under which a `refused` of either channel is counted."""
    return f"refused {fields[-2]}"


def greet(port: int, name: str, source: str) -> tuple[Talk, tuple[Any, ...]]:
    """Say hello to the lobby; return the conversation and its welcome. Raises `Ended`."""
    lobby = Talk(port, "/lobby", source)
    try:
        lobby.say("hello", fingerprint(), name, b"")
        return lobby, lobby.hear("welcome").fields
    except Ended:
        lobby.close()
        raise


def join(port: int, path: str, ticket: bytes, source: str) -> tuple[Talk, tuple[Any, ...]]:
    """Join a match with a ticket; return the conversation and its welcome. Raises `Ended`."""
    match = Talk(port, path, source)
    try:
        match.say("join", fingerprint(), ticket)
        return match, match.hear("welcome").fields
    except Ended:
        match.close()
        raise


def map_with_seats(welcome: tuple[Any, ...], mode: str, players_min: int) -> str:
    """The smallest map of a mode that holds `players_min`, by the welcome; else the largest."""
    modes, maps = welcome[4], welcome[5]
    bit = 1 << [row[0] for row in modes].index(mode)
    fitting = sorted((row for row in maps if row[4] & bit), key=lambda row: row[3])
    return str(next((row[0] for row in fitting if row[3] >= players_min), fitting[-1][0]))

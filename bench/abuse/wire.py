"""The wire as an attacker uses it: sockets from chosen addresses, arbitrary frames, and
conversations with a deadline for every wait.

Owns: bytes, and one word for each way in which a connection ends. Must not know: attacks.
"""

import re
import socket
import struct
import time
from operator import attrgetter
from typing import Final, TypeVar

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
from game.wire import lobby_messages, match_messages
from game.wire.codec import decode, encode
from game.wire.fingerprint import fingerprint
from game.wire.lobby_messages import Hello
from game.wire.match_messages import Join
from game.wire.messages import SUBPROTOCOL
from game.wire.schema import FromLobby, FromMatch, Message

M = TypeVar("M", bound=Message)
Refused = lobby_messages.Refused | match_messages.Refused
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


class BlockingConnection:
    """A connection to the lobby or a match: say, and wait for the answer."""

    def __init__(self, port: int, path: str, source: str) -> None:
        """Connect. Raises `Ended`."""
        self.side: type[FromLobby | FromMatch] = FromLobby if path == "/lobby" else FromMatch
        self.link, rest = upgrade(port, path, source)
        self._reader = FrameReader()
        self._heard: list[bytes] = []
        try:
            self._take(rest)
        except Ended:
            self.link.close()
            raise

    def say(self, message: Message) -> None:
        """Send one message. Raises `Ended`."""
        try:
            self.link.sendall(masked(encode(message)))
        except OSError as error:
            raise Ended(word_of(error)) from None

    def hear(self, *kinds: type[M], patience_s: float = PATIENCE_S) -> M:
        """Wait for the next message of these kinds; skip others. Raises `Ended`, also for a
        refusal that is not among them.
        """
        end_s = time.monotonic() + patience_s
        while True:
            while self._heard:
                message = decode(self.side, self._heard.pop(0))
                if isinstance(message, kinds):
                    return message
                if isinstance(message, Refused):
                    raise Ended(refusal_word(message))
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
        """The received, unconsumed bytes, with the heads of their frames."""
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


def refusal_word(refused: Refused) -> str:
    """The word under which a refusal of either channel is counted."""
    return f"refused {refused.code}"


def greet(port: int, name: str, source: str) -> tuple[BlockingConnection, lobby_messages.Welcome]:
    """Say hello to the lobby; return the connection and its welcome. Raises `Ended`."""
    lobby = BlockingConnection(port, "/lobby", source)
    try:
        lobby.say(Hello(fingerprint(), name, b""))
        return lobby, lobby.hear(lobby_messages.Welcome)
    except Ended:
        lobby.close()
        raise


def join(
    port: int, path: str, ticket: bytes, source: str
) -> tuple[BlockingConnection, match_messages.Welcome]:
    """Join a match with a ticket; return the connection and its welcome. Raises `Ended`."""
    match = BlockingConnection(port, path, source)
    try:
        match.say(Join(fingerprint(), ticket))
        return match, match.hear(match_messages.Welcome)
    except Ended:
        match.close()
        raise


def map_with_seats(welcome: lobby_messages.Welcome, mode: str, players_min: int) -> str:
    """The smallest map of a mode that holds `players_min`, by the welcome; else the largest."""
    bit = 1 << [row.name for row in welcome.modes].index(mode)
    fitting = sorted(
        (row for row in welcome.maps if row.modes & bit), key=attrgetter("players_max")
    )
    return next((row.name for row in fitting if row.players_max >= players_min), fitting[-1].name)

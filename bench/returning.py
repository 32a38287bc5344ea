"""A load whose players return to their seats after a lost connection, as real clients do.

Owns: reconnecting, and when each player saw what. Must not know why a connection was lost. The
first try comes at once with a little jitter, the next ones with backoff, as in `clients/net`.
"""

import errno
import random
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.contender_skirmish import DELTA, FULL, SkirmishPlayer
from bench.load import INPUT_HZ, READ_EVERY_S, Walk
from bench.raw_websocket import (
    BINARY_FINAL,
    CLOSE_FINAL,
    PING_FINAL,
    PONG_FINAL,
    READ_BYTES,
    FrameReader,
    masked,
    request,
)
from clients.net.backoff import delay_s
from game.wire.codec import decode, encode
from game.wire.fingerprint import fingerprint
from game.wire.match_messages import Join, Refused, Welcome
from game.wire.messages import SUBPROTOCOL
from game.wire.schema import FromMatch

PING_EVERY_S = 5.0
ANSWER_S = 8.0  # a try that takes longer is given up


@dataclass
class Absence:
    """One absence, from the last snapshot on the old connection to the first on the new one."""

    lost_s: float
    saw_s: float  # the last snapshot before
    back_s: float = 0.0
    tries: int = 0
    reasons: list[str] = field(default_factory=list)


class ReturningPlayer(SkirmishPlayer):
    """A seat, its resume token, and what was seen from it."""

    def __init__(self, link: socket.socket, rest: bytes, walk: Walk, welcome: Welcome) -> None:
        super().__init__(link, rest, walk, welcome.tick)
        self.match_id: str = welcome.match
        self.token: bytes = welcome.resume
        self.path = f"/match/{self.match_id}"
        self.state = "playing"  # or lost, shaking, joining
        self.saw_s = time.perf_counter()
        self.longest_gap_s = 0.0
        self.absences: list[Absence] = []
        self.retry_s = 0.0
        self.asked_s = 0.0
        # Every message from the welcome on, of one player of each match.
        self.witnessed: list[bytes] | None = None
        self.first = encode(welcome)

    def hear(self, payload: bytes, now_s: float) -> bool:
        """Take in a message; True for a snapshot."""
        if self.witnessed is not None:
            self.witnessed.append(payload)
        if payload[1] == 0x18 and payload[2] in {FULL, DELTA}:
            self.take(payload)
            self.longest_gap_s = max(self.longest_gap_s, now_s - self.saw_s)
            self.saw_s = now_s
            if self.state == "joining":
                self.state = "playing"
                self.absences[-1].back_s = now_s
            return True
        message = decode(FromMatch, payload)
        if isinstance(message, Welcome):
            self.token = message.resume
        elif isinstance(message, Refused) and self.absences:
            self.absences[-1].reasons.append(message.text)
        return False


class ReturningLoad:
    """Plays all players at once, and reconnects those who are lost."""

    def __init__(self, port: int, players: list[ReturningPlayer]) -> None:
        self.players = players
        self._port = port
        self._by_descriptor: dict[int, ReturningPlayer] = {}
        self._epoll = select.epoll()
        self._dice = random.Random(1)
        for player in players:
            player.link.setblocking(False)
            self._watch(player)
            self._receive(player, player.early)

    def play(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Send inputs at 30 Hz per player, read everything that arrives, and reconnect."""
        players, count = self.players, len(self.players)
        period_s = 1 / (INPUT_HZ * count)
        due_s = read_s = time.perf_counter()
        end_s, turn = due_s + seconds, 0
        while (now_s := time.perf_counter()) < end_s and not until():
            while due_s <= now_s:
                self._send(players[turn], now_s)
                turn = (turn + 1) % count
                due_s += period_s
            if read_s <= now_s:
                for descriptor, _ in self._epoll.poll(0):
                    self._read(self._by_descriptor[descriptor])
                for player in players:
                    if player.state != "playing":
                        self._bring_back(player, now_s)
                read_s = max(read_s + READ_EVERY_S, now_s)
            time.sleep(max(0.0, min(due_s, read_s, end_s) - time.perf_counter()))

    def close(self) -> None:
        """Close all connections without a close frame."""
        self._epoll.close()
        for player in self.players:
            player.link.close()

    def _watch(self, player: ReturningPlayer) -> None:
        self._by_descriptor[player.link.fileno()] = player
        self._epoll.register(player.link.fileno(), select.EPOLLIN)

    def _send(self, player: ReturningPlayer, now_s: float) -> None:
        if player.state != "playing":
            return
        try:
            player.link.send(masked(player.input()))
        except BlockingIOError:
            pass
        except OSError:
            self._lose(player, now_s)

    def _read(self, player: ReturningPlayer) -> None:
        try:
            chunk = player.link.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._lose(player, time.perf_counter())
        elif player.state == "shaking":
            self._join(player, chunk)
        else:
            self._receive(player, chunk)

    def _receive(self, player: ReturningPlayer, chunk: bytes) -> None:
        now_s = time.perf_counter()
        for first, payload in player.reader.frames(chunk):
            if first == BINARY_FINAL:
                player.hear(payload, now_s)
            elif first == PING_FINAL:
                player.link.send(masked(payload, PONG_FINAL))
            elif first == CLOSE_FINAL:
                self._lose(player, now_s, f"closed with {int.from_bytes(payload[:2], 'big')}")
                return

    def _lose(self, player: ReturningPlayer, now_s: float, reason: str = "") -> None:
        if player.link.fileno() >= 0:
            self._epoll.unregister(player.link.fileno())
            player.link.close()
        if player.state == "playing":
            player.absences.append(Absence(now_s, player.saw_s))
        absence = player.absences[-1]
        if reason:
            absence.reasons.append(reason)
        player.state = "lost"
        player.retry_s = now_s + delay_s(absence.tries, self._dice)

    def _bring_back(self, player: ReturningPlayer, now_s: float) -> None:
        if player.state != "lost":
            if now_s - player.asked_s > ANSWER_S:
                self._lose(player, now_s, "no answer")
            return
        if now_s < player.retry_s:
            return
        absence = player.absences[-1]
        absence.tries += 1
        player.asked_s, player.state = now_s, "shaking"
        player.reader = FrameReader()
        player.link = socket.socket()
        player.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        player.link.setblocking(False)
        if player.link.connect_ex(("127.0.0.1", self._port)) not in (0, errno.EINPROGRESS):
            self._lose(player, now_s, "no connection")
            return
        self._watch(player)
        try:
            player.link.send(request(self._port, player.path, SUBPROTOCOL))
        except OSError as error:
            self._lose(player, now_s, str(error))

    def _join(self, player: ReturningPlayer, answer: bytes) -> None:
        head, end, rest = answer.partition(b"\r\n\r\n")
        if not end or b" 101 " not in head.split(b"\r\n")[0]:
            self._lose(player, time.perf_counter(), head.split(b"\r\n")[0].decode(errors="replace"))
            return
        player.state = "joining"
        join = encode(Join(fingerprint(), player.token))
        player.link.send(masked(join))
        self._receive(player, rest)

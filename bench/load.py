"""A small load: some players on raw sockets, one epoll loop, inputs spread evenly over time.

Owns the pace and the counts. A contender's `Player`s know its messages. The same random walks play
on every contender. More than some hundreds of players need the load in C (`bench/swarm.py`), which
writes the same bytes.
"""

import random
import select
import socket
import time
from abc import ABC, abstractmethod

from bench.raw_websocket import (
    BINARY_FINAL,
    CLOSE_FINAL,
    PING_FINAL,
    PONG_FINAL,
    READ_BYTES,
    FrameReader,
    masked,
)

INPUT_HZ = 30
# The load polls for snapshots this often and never waits for one. The server's send would have to
# wake a waiting process, which costs the server time that a client on another machine would not.
READ_EVERY_S = 0.002
DIRECTIONS = (
    1,
    9,
    8,
    10,
    2,
    6,
    4,
    5,
)  # up, up and right, right, … as bits: up 1, down 2, left 4, right 8
FIRE = 16


class Walk:
    """A player who runs about, turns about every half second, and shoots half of the time."""

    def __init__(self, seed: int, fights: bool) -> None:
        self.seed = seed
        self._random = random.Random(seed)
        self._fights = fights
        self._left = 0
        self._buttons = 0
        self._aim = self._random.randrange(65_536)

    def next(self) -> tuple[int, int]:
        """Buttons and aim for the next 30th of a second."""
        if self._left == 0:
            self._left = self._random.randint(5, 25)
            shoots = self._fights and self._random.random() < 0.5
            self._buttons = self._random.choice(DIRECTIONS) | (FIRE if shoots else 0)
        self._left -= 1
        self._aim = (self._aim + self._random.randint(-700, 900)) % 65_536
        return self._buttons, self._aim


class Player(ABC):
    """One connection of a contender, in its match."""

    start_tick = 0  # the server's tick when the player was seated, for servers that send it

    def __init__(self, link: socket.socket, rest: bytes, walk: Walk) -> None:
        self.link = link
        self.reader = FrameReader()
        self.early = rest  # arrived with the last answer of the conversation that led here
        self.walk = walk
        self.snapshots = 0
        self.snapshot_bytes = 0

    @abstractmethod
    def input(self) -> bytes:
        """The payload of the next input."""

    @abstractmethod
    def take(self, payload: bytes) -> bool:
        """Take in a message; returns whether it was a snapshot."""


class Load:
    """Plays all players at once for as long as asked."""

    def __init__(self, players: list[Player]) -> None:
        self._players: list[Player] = []
        self._by_descriptor: dict[int, Player] = {}
        self._epoll = select.epoll()
        self.unsent = 0
        self.lost = 0
        self.add(players)

    def add(self, players: list[Player]) -> None:
        """Add players."""
        self._players += players
        for player in players:
            self._by_descriptor[player.link.fileno()] = player
            player.link.setblocking(False)
            self._epoll.register(player.link.fileno(), select.EPOLLIN)
            self._receive(player, player.early)

    def play(self, seconds: float) -> None:
        """Send inputs at 30 Hz per player, spread evenly, and read everything that arrives."""
        players, count = self._players, len(self._players)
        period_s = 1 / (INPUT_HZ * count)
        due_s = read_s = time.perf_counter()
        end_s, turn = due_s + seconds, 0
        while (now_s := time.perf_counter()) < end_s:
            while due_s <= now_s:
                self._send(players[turn])
                turn = (turn + 1) % count
                due_s += period_s
            if read_s <= now_s:
                for descriptor, _ in self._epoll.poll(0):
                    self._read(descriptor)
                read_s += READ_EVERY_S
            time.sleep(max(0.0, min(due_s, read_s, end_s) - time.perf_counter()))

    def snapshots(self) -> tuple[int, int]:
        """How many snapshots arrived so far, and their bytes with the frames' heads."""
        players = self._players
        return sum(p.snapshots for p in players), sum(p.snapshot_bytes for p in players)

    def close(self) -> None:
        """Close all connections without a close frame."""
        self._epoll.close()
        for player in self._players:
            player.link.close()

    def _send(self, player: Player) -> None:
        if player.link.fileno() < 0:
            return
        try:
            player.link.send(masked(player.input()))
        except BlockingIOError:
            self.unsent += 1
        except OSError:
            self._drop(player)

    def _read(self, descriptor: int) -> None:
        player = self._by_descriptor[descriptor]
        try:
            chunk = player.link.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if chunk:
            self._receive(player, chunk)
        else:
            self._drop(player)

    def _receive(self, player: Player, chunk: bytes) -> None:
        for first, payload in player.reader.frames(chunk):
            if first == BINARY_FINAL:
                if player.take(payload):
                    player.snapshots += 1
                    player.snapshot_bytes += len(payload) + _head_bytes(len(payload))
            elif first == PING_FINAL:
                player.link.send(masked(payload, PONG_FINAL))
            elif first == CLOSE_FINAL:
                self._drop(player)
                return

    def _drop(self, player: Player) -> None:
        if player.link.fileno() >= 0:
            self._epoll.unregister(player.link.fileno())
            player.link.close()
            self.lost += 1


def _head_bytes(length: int) -> int:
    """The length of a server's frame head, which has no mask (RFC 6455 section 5.2)."""
    return 2 if length < 126 else 4 if length < 65_536 else 10

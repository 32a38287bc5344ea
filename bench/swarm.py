"""The load as a program of its own, in C (`bench/load.c`): players play as soon as they are added.

Owns the communication with it: players and their connections go there, counts come back. Must not
know any protocol. Invariant: the same walks play on every contender.
"""

import os
import socket
import struct
import subprocess
from collections.abc import Iterable
from functools import cache
from types import TracebackType
from typing import Self

from attrs import frozen

from bench.load import Player, Walk
from bench.programs import program

WALKS = 128  # one for each seat of the largest match
WALK_STEPS = 1_800  # a minute; then the walk repeats
WALK_SHIFT = 97  # by how many steps the next match starts later in its walks, so matches differ
ANSWER_S = 10.0
ARRIVAL = struct.Struct("=III")  # `struct arrival`
GAPS = 1_000
REPORT = struct.Struct(f"={8 + GAPS}Q")  # `struct report`


class LoadError(RuntimeError):
    """The program is gone, or does not answer."""


@frozen
class Counts:
    """The counts since they were last taken. `players` and `lost` are as of now."""

    players: int
    lost: int  # connections that the server ended, since the load began
    sent: int  # inputs
    unsent: int  # inputs for which a connection had no room
    late: int  # inputs that the load itself sent more than 5 ms late
    snapshots: int
    snapshot_bytes: int  # with the heads of frames
    snapshots_least: int  # of the player who got the fewest
    gaps_ms: tuple[int, ...]  # how many snapshots came so many ms after the one before

    def gap_ms(self, share: float) -> int:
        """The smallest bound below which this share of all gaps lies; a whole millisecond."""
        wanted, count = share * sum(self.gaps_ms), 0
        for below_ms, number in enumerate(self.gaps_ms, 1):
            count += number
            if count >= wanted:
                return below_ms
        return GAPS


class Swarm:
    """Players who all speak one protocol, in a process of their own."""

    def __init__(self, kind: str, fights: bool) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(ANSWER_S)
        file = os.memfd_create("walks")
        try:
            os.write(file, walks(fights))
            words = [program("load"), kind, str(theirs.fileno()), str(file), str(WALK_STEPS)]
            self._process = subprocess.Popen(words, pass_fds=(theirs.fileno(), file))
        finally:
            os.close(file)
            theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    def add(self, players: Iterable[Player]) -> None:
        """Hand players and their connections over to the program; they play from now on."""
        for player in players:
            arrival = ARRIVAL.pack(*place_of(player.walk), player.start_tick) + player.early
            self._say(arrival, player.link.fileno())
            player.link.close()

    def take(self) -> Counts:
        """Take the counts since the last call."""
        self._say(b"?")
        answer = self._control.recv(REPORT.size)
        if len(answer) != REPORT.size:
            raise LoadError(f"the load ended, with status {self._process.wait(ANSWER_S)}")
        numbers = REPORT.unpack(answer)
        return Counts(*numbers[:-GAPS], numbers[-GAPS:])

    def close(self) -> None:
        """End the program; all connections close without a close frame."""
        self._control.close()
        self._process.wait(ANSWER_S)

    def _say(self, message: bytes, *descriptors: int) -> None:
        try:
            socket.send_fds(self._control, [message], descriptors)
        except OSError as error:
            raise LoadError(f"the load does not listen: {error}") from error


def place_of(walk: Walk) -> tuple[int, int]:
    """The number of a player's walk, and the step it starts at."""
    return walk.seed % WALKS, walk.seed // WALKS * WALK_SHIFT % WALK_STEPS


@cache
def walks(fights: bool) -> bytes:
    """All walks, as `struct step`s."""
    steps: list[int] = []
    for seed in range(WALKS):
        walk = Walk(seed, fights)
        for _ in range(WALK_STEPS):
            steps += walk.next()
    return struct.pack(f"={len(steps)}H", *steps)

"""What the bench asks of everything it measures, and the life of its server process.

Owns starting and ending a server. Must not know any protocol.
"""

import os
import select
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import Load, Player

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "bench" / "build"
PLAYERS_PER_MATCH = 16
START_S = 20.0
END_S = 10.0
GATHERING_S = (
    0.05  # that those who are in play after each group that came: an input or two for each
)


class Contender(ABC):
    """One kind of server."""

    name: str

    @abstractmethod
    def prepare(self) -> None:
        """Build or install what the server needs; may take a while."""

    @abstractmethod
    def command(self, port: int) -> list[str]:
        """The server's command line."""

    def environment(self) -> dict[str, str]:
        """Variables the server gets beside ours."""
        return {}

    @abstractmethod
    def arrivals(self, port: int, count: int) -> Iterator[list[Player]]:
        """Connect so many players, a match's at a time, and bring each into its match."""

    def players(self, port: int, count: int) -> list[Player]:
        """All of them, when the last one is in."""
        return [player for group in self.arrivals(port, count) for player in group]

    def gather(self, port: int, count: int) -> Load:
        """All of them, of whom the first have played while the last came: a server ends connections
        that say nothing, and connecting hundreds takes a while.
        """
        load = Load([])
        for group in self.arrivals(port, count):
            load.add(group)
            load.play(GATHERING_S)
        return load

    @contextmanager
    def running(self) -> Iterator[tuple[int, int]]:
        """The server's process, as (pid, port), until the block ends."""
        port = free_port()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                self.command(port),
                cwd=ROOT,
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            try:
                if not wait_until_it_listens(process, port):
                    output.seek(0)
                    said = output.read().decode(errors="replace")[-2000:]
                    raise RuntimeError(f"{self.name} does not start: {said}")
                yield process.pid, port
            finally:
                process.terminate()
                try:
                    process.wait(END_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> bool:
    """Try to connect until it works; tells whether it did in time."""
    end_s = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < end_s:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        select.select([], [], [], 0.05)
    return False

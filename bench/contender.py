"""The interface of everything the bench measures, and the life of its server process.

Owns starting and ending a server. Must not know any protocol.
"""

import os
import select
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from bench.load import Player
from bench.machine import cpu_s, waited_s
from bench.swarm import Swarm

ROOT = Path(__file__).resolve().parent.parent
PLAYERS_PER_MATCH = 16
START_S = 20.0
REST_S = 30.0
LOOK_S = 0.3
BUSY_SHARE = 0.2  # of a core; a server without players takes less
END_S = 10.0
GROUPS_AT_ONCE = 4  # joining is mostly waiting for answers
REFUSALS = (ConnectionError, TimeoutError)  # raised by joining a server that is full


class Contender(ABC):
    """One kind of server."""

    name: str
    protocol: str  # its name in bench/load.c
    fights = False
    players_per_match = PLAYERS_PER_MATCH
    settings: Mapping[str, str] = {}  # more environment variables for the server

    @abstractmethod
    def prepare(self) -> None:
        """Build or install what the server needs; this may take a while."""

    @abstractmethod
    def command(self, port: int) -> list[str]:
        """The server's command line."""

    def environment(self) -> dict[str, str]:
        """Environment variables for the server, beside ours."""
        return {}

    @abstractmethod
    def group(self, port: int, first: int, count: int) -> list[Player]:
        """Connect the players of one match and bring them into it; they use the walks from `first`
        on. Called in several threads. Raises one of `REFUSALS`.
        """

    def arrivals(self, port: int, count: int, first: int = 0) -> Iterator[list[Player]]:
        """Connect `count` players, one match at a time."""
        firsts = range(first, first + count, self.players_per_match)
        counts = [min(self.players_per_match, first + count - each) for each in firsts]
        pool = ThreadPoolExecutor(GROUPS_AT_ONCE)
        try:
            yield from pool.map(partial(self.group, port), firsts, counts)
        finally:
            pool.shutdown(cancel_futures=True)

    def players(self, port: int, count: int) -> list[Player]:
        """Connect `count` players; returns them when the last one has joined."""
        return [player for group in self.arrivals(port, count) for player in group]

    def swarm(self) -> Swarm:
        """An empty load for this server."""
        return Swarm(self.protocol, self.fights)

    def gather(self, port: int, count: int) -> Swarm:
        """A load of `count` players; the first play while the last still join."""
        swarm = self.swarm()
        try:
            for group in self.arrivals(port, count):
                swarm.add(group)
        except BaseException:
            swarm.close()
            raise
        return swarm

    @contextmanager
    def running(self, core: int | None = None) -> Iterator[tuple[int, int]]:
        """Run the server until the block ends, on one core or on any; yields (pid, port)."""
        port = free_port()
        with tempfile.TemporaryFile() as output:
            with on_core(core):
                process = subprocess.Popen(
                    self.command(port),
                    cwd=ROOT,
                    env={**os.environ, **self.environment(), **self.settings},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                )
            try:
                if not wait_until_it_listens(process, port):
                    output.seek(0)
                    said = output.read().decode(errors="replace")[-2000:]
                    raise RuntimeError(f"{self.name} does not start: {said}")
                wait_until_it_rests(process.pid)
                yield process.pid, port
            finally:
                process.terminate()
                try:
                    process.wait(END_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Run what is started in this block on one core, or on those of this thread."""
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ours if core is None else {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)


def free_port() -> int:
    """A port that was free a moment ago, and so was the next one: some servers take both."""
    while True:
        with (
            socket.socket() as probe,
            socket.socket() as neighbour,
            suppress(OSError, OverflowError),
        ):
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            neighbour.bind(("127.0.0.1", port + 1))
            return port


def wait_until_it_rests(pid: int) -> None:
    """Wait, at most `REST_S`, until a server's work after its start is done, such as computing the
    fog of its maps: it must not be measured.
    """
    end_s = time.monotonic() + REST_S
    while time.monotonic() < end_s:
        wanted_s = cpu_s(pid) + waited_s(pid)
        time.sleep(LOOK_S)
        if cpu_s(pid) + waited_s(pid) - wanted_s < BUSY_SHARE * LOOK_S:
            return


def wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> bool:
    """Try to connect until it works; returns whether it did in time."""
    end_s = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < end_s:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        select.select([], [], [], 0.05)
    return False

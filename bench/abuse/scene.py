"""A server, a match of 16 with a bystander in it, and the attacks that run against it.

Owns: the processes and the time windows. Must not know: what an attack does, how figures are
reported. Invariant: every process started here ends with the scene, in a bounded time.

    this process     reads /proc and /metrics, and runs the honest others of a row
      ├─ server      with its workers
      ├─ bystander   a real client that notes when each snapshot came
      ├─ company     the other people of the match
      └─ attacker    all rows, one after the other, at a lower priority
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import define, frozen

import bench
from bench.abuse import server as servers
from bench.abuse.attacker import order
from bench.abuse.bystander import Notes
from bench.abuse.honest_users import GLANCE_S, HonestUsers
from bench.abuse.outcome import Outcome, Target
from bench.abuse.rows import Row, target_number
from bench.abuse.server import Plan, Reading, Server

# Not resolved: for another checkout, `bench` is a symlink, and the game beside its target is ours.
HERE = Path(bench.__file__).parent.parent
SEATED_S = 60.0
SHOWN = 30  # snapshots: a second of them
OVER_S = 20.0  # for an attack to end by itself
SAMPLE_S = 0.25
PLAYED = frozenset({"matches", "people", "bots"})  # a bot that made room for a player comes back
BACK_MB = 8.0  # for the gateway and each worker: growth above this is not allocator noise
Record = dict[str, Any]


@frozen
class Windows:
    """How long each part of a row lasts."""

    before_s: float = 3.0
    during_s: float = 8.0
    after_s: float = 3.0
    back_s: float = 25.0  # at most, until nothing is left of the attack
    share: float = 1.0  # of an attack's connections


class Player:
    """A process beside the server that reports in lines."""

    def __init__(self, module: str, *arguments: object) -> None:
        command = [sys.executable, "-m", f"bench.abuse.{module}", *map(str, arguments)]
        self.process = subprocess.Popen(
            command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def hear(self, patience_s: float) -> str:
        """The next line; empty when the process has ended or is late."""
        lines: list[str] = []
        assert self.process.stdout is not None
        reading = threading.Thread(
            target=lambda: lines.append(self.process.stdout.readline()), daemon=True
        )
        reading.start()
        reading.join(patience_s)
        return lines[0] if lines else ""

    def tell(self, line: str) -> None:
        """Send it a line."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()

    def end(self) -> str:
        """Ask it to end; return its last line."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        last = self.hear(OVER_S)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(OVER_S)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return last


@define
class Sampler:
    """The peak memory of a server while it was sampled."""

    server: Server
    most_mb: float = 0.0
    most_kernel_mb: float = 0.0
    last: Reading | None = None

    def run(self, end_s: float) -> None:
        """Sample until `end_s`, however long the others block."""
        while self.last is None or self.last.at_s < end_s:
            left_s = end_s - time.monotonic()
            time.sleep(min(SAMPLE_S, max(0.0, left_s)))
            self.last = now = self.server.read()
            self.most_mb = max(self.most_mb, now.memory_mb)
            self.most_kernel_mb = max(self.most_kernel_mb, now.kernel_mb)

    @contextmanager
    def looking(self, seconds: float) -> Iterator[None]:
        """Sample in a thread while the block runs."""
        thread = threading.Thread(target=self.run, args=(time.monotonic() + seconds,))
        thread.start()
        try:
            yield
        finally:
            thread.join()


@define
class Scene:
    """Create it with `scene`; `play` any number of rows."""

    server: Server
    match_id: str
    notes: Notes
    bystander: Player
    company: Player
    attacker: Player
    workers: int
    home: Record  # what the server held before anybody attacked

    def play(self, row: Row, windows: Windows) -> Record:
        """Run one attack, and measure before, during and after it."""
        others = row.others(Target(self.server.port, self.match_id, target_number(row.name)))
        others.begin()
        census, lost = self.server.census(), self._lost()
        census |= {name: self.home[name] for name in PLAYED}
        old_faults, old_refusals = len(self.server.faults()), self.server.refusals()
        readings = [self.server.read()]
        time.sleep(windows.before_s)
        readings.append(self.server.read())
        self.attacker.tell(order(row.name, windows.during_s, windows.share, others.hint))
        sampler = Sampler(self.server)
        with sampler.looking(windows.during_s):
            _watch(others, windows.during_s)
        assert sampler.last is not None
        readings.append(sampler.last)
        others.end()
        outcome = self._outcome()
        time.sleep(windows.after_s)
        readings.append(self.server.read())
        left = self._wait_back(census, readings[1], windows)
        spans = [self._span(*pair) for pair in pairwise(readings)]
        before, during, after = spans
        during |= {"memory_mb": sampler.most_mb, "kernel_mb": sampler.most_kernel_mb}
        after["memory_mb"] = self.server.read().memory_mb
        return {
            "row": row.name,
            "title": row.title,
            "before": before,
            "during": during,
            "after": after,
            "done": dict(outcome.done),
            "answers": dict(outcome.answers),
            "ended": dict(outcome.ended),
            "others": others.words(),
            "others_held": others.held,
            "counted": dict(self.server.refusals() - old_refusals),
            "lost": self._lost() - lost,
            "left": left,
            "faults": self.server.faults()[old_faults:],
        }

    def _outcome(self) -> Outcome:
        """The attackers' report. Raises `RuntimeError`."""
        told = self.attacker.hear(OVER_S)
        if not told:
            raise RuntimeError("the attackers do not come to an end")
        return Outcome.loads(told)

    def _lost(self) -> int:
        """How many people of the match were thrown out; -1: no answer."""
        self.company.tell("?")
        told = self.company.hear(OVER_S)
        return int(json.loads(told)["lost"]) if told else -1

    def _wait_back(self, census: Record, before: Reading, windows: Windows) -> Record:
        """Wait, with a limit, until the server holds no more than before; return what is left."""
        end_s = time.monotonic() + windows.back_s
        while True:
            left = difference(census, self.server.census())
            grown_mb = self.server.read().memory_mb - before.memory_mb
            if (not left and grown_mb <= BACK_MB * (1 + self.workers)) or time.monotonic() >= end_s:
                return left
            time.sleep(GLANCE_S * 5)

    def _span(self, first: Reading, last: Reading) -> Record:
        """The bystander's view between two moments, and the server's use of resources."""
        times = [at for at, _ in self.notes.read() if first.at_s <= at <= last.at_s]
        return {
            **gaps(times, first.at_s, last.at_s),
            "cpu_percent": 100 * last.share_since(first),
            "memory_mb": last.memory_mb,
            "kernel_mb": last.kernel_mb,
            "seconds": last.at_s - first.at_s,
        }


def _watch(others: HonestUsers, seconds: float) -> None:
    """Run the others for as long as the attack lasts."""
    end_s, next_s = time.monotonic() + seconds, 0.0
    while (now_s := time.monotonic()) < end_s:
        if now_s >= next_s:
            next_s = time.monotonic() + others.look()
        else:
            time.sleep(GLANCE_S)


def difference(before: Record, now: Record) -> Record:
    """The counts that grew; of those in `PLAYED`, also the ones that shrank."""
    changes = {name: now[name] - before[name] for name in before}
    return {name: by for name, by in changes.items() if by > 0 or (by and name in PLAYED)}


def gaps(times: Sequence[float], begin_s: float, end_s: float) -> Record:
    """The rate of snapshots and the gaps between them; silence at either end is a gap too."""
    marks = [begin_s, *times, end_s]
    found = sorted(b - a for a, b in pairwise(marks))
    return {
        "snapshots_per_s": len(times) / max(0.001, end_s - begin_s),
        "gap_p99_ms": found[min(len(found) - 1, int(len(found) * 0.99))] * 1_000,
        "gap_max_ms": found[-1] * 1_000,
    }


@contextmanager
def scene(folder: Path, plan: Plan, people: int, hosts: Sequence[str] = ()) -> Iterator[Scene]:
    """Start everything: `people` in the match, and one in a match of each mode in `hosts`."""
    with servers.running(folder, plan) as server, ExitStack() as players:
        notes = Notes(folder / "notes")

        def begin(module: str, *arguments: object) -> Player:
            player = Player(module, server.port, *arguments)
            players.callback(player.end)
            return player

        bystander = begin("bystander", notes.path)
        match_id = _told(bystander, "match")
        company = begin("company", match_id, people - 1, *hosts)
        attacker = begin("attacker", match_id)
        _told(company, "seated")
        attacker.hear(SEATED_S)
        _wait_shown(notes, bystander)
        home = _wait_counted(server, people + len(hosts))
        yield Scene(server, match_id, notes, bystander, company, attacker, plan.workers, home)


def _wait_shown(notes: Notes, bystander: Player) -> None:
    """Wait until the bystander sees the match run."""
    end_s = time.monotonic() + SEATED_S
    while len(notes.read()) < SHOWN:
        if bystander.process.poll() is not None or time.monotonic() > end_s:
            raise RuntimeError(f"the bystander sees nothing: {bystander.hear(0.1)}")
        time.sleep(SAMPLE_S)


def _wait_counted(server: Server, people: int) -> Record:
    """Wait until the server counts everybody: workers report when they have time."""
    end_s, before = time.monotonic() + SEATED_S, server.census()
    while time.monotonic() < end_s:
        time.sleep(SAMPLE_S)
        now = server.census()
        if now["people"] == people and not difference(before, now):
            return now
        before = now
    raise RuntimeError(f"{people} people should play; the server counts {before}")


def _told(player: Player, key: str) -> str:
    line = player.hear(SEATED_S)
    told = json.loads(line) if line else {}
    if key not in told:
        raise RuntimeError(f"the match does not come about: {told}")
    return str(told[key])

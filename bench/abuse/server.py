"""The server under attack: started as an operator starts it, and observed from outside.

Owns: its processes, its folder, and what the kernel and /metrics say of it. Must not know: attacks.
Invariant: loopback is limited like any other address, so each 127.x.y.z is a different client.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from attrs import frozen

from bench.abuse.wire import Ended, fetch
from bench.contender import ROOT, free_port
from bench.machine import cpu_s, memory_mb
from server.config.options import options
from server.config.settings import Settings
from server.config.sources import ENV_PREFIX

START_S = 60.0
END_S = 10.0
QUIET_SHARE = 0.10  # of a core: below it, a server has settled
QUIET_S = 20.0
LOOK_S = 0.5
# Events that a server logs when our own code failed, whatever the attack.
FAULTS = frozenset(
    {"connection_fault", "handler_fault", "match_failed", "process_died", "process_silent"}
    | {"channel_overrun", "worker_lost", "worker_fault", "accept_starved"}
)
OBSERVER = "127.254.0.1"  # the operator's address
_VALUE = re.compile(r"^(skirmish_\S+) (\S+)$", re.MULTILINE)
# Counts of what the server holds for clients. Each returns to its old value once they are gone.
GAUGES = (
    *("connections", "lobby_links", "lobby_sessions", "lobby_queued", "lobby_rooms"),
    *("matches", "people", "bots", "watchers"),
)


_WORK = re.compile(r'skirmish_work_seconds_total\{kind="(\w+)"\}')
# Counters of refusals of any kind.
_REFUSALS = re.compile(r'refused|closed|over_budget|status="[45]|outcome="(refused|broken)"')


@frozen
class Reading:
    """The server at one moment; CPU in seconds since its start."""

    at_s: float
    cpu_s: float
    memory_mb: float
    kernel_mb: float  # of all sockets on this machine

    def share_since(self, before: "Reading") -> float:
        """The share of a core that was used since `before`."""
        return (self.cpu_s - before.cpu_s) / max(0.001, self.at_s - before.at_s)


@frozen
class Plan:
    """How a server is started."""

    workers: int = 0
    checkout: Path = ROOT
    settings: Mapping[str, str] = {}
    fill: Callable[[Path], None] | None = None  # fills the data folder before the start
    settles: bool = True  # whether to wait until it has nothing left to prepare


@frozen
class Server:
    """`skirmish serve` in a folder of its own. Make it with `running`."""

    port: int
    folder: Path
    process: "subprocess.Popen[bytes]"

    def events(self) -> list[dict[str, Any]]:
        """The log so far."""
        lines = (self.folder / "log").read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def faults(self) -> list[str]:
        """The fault events so far."""
        return [str(event["event"]) for event in self.events() if event.get("event") in FAULTS]

    def read(self) -> Reading:
        """Read the usage from the kernel."""
        pids = family(self.process.pid)
        cpu, memory = 0.0, 0.0
        for pid in pids:
            with suppress(OSError):
                cpu, memory = cpu + cpu_s(pid), memory + memory_mb(pid)
        return Reading(time.monotonic(), cpu, memory, sockets_mb())

    def metrics_port(self) -> int | None:
        """The port of its metrics; None: an older server, which has no port for them."""
        started = [event for event in self.events() if event.get("event") == "started"]
        return started[-1].get("metrics_port") if started else None

    def metrics(self) -> dict[str, float]:
        """Ask the server; empty when it does not answer."""
        try:
            status, body = fetch(self.metrics_port() or self.port, "/metrics", OBSERVER)
        except Ended:
            return {}
        return {k: float(v) for k, v in _VALUE.findall(body.decode())} if status == 200 else {}

    def census(self) -> dict[str, float]:
        """The server's current holdings for its clients: the `GAUGES`."""
        metrics = self.metrics()
        return {name: metrics.get(f"skirmish_{name}", -1.0) for name in GAUGES}

    def refusals(self) -> Counter[str]:
        """The refusals since the start, by metric."""
        counts = {k: int(v) for k, v in self.metrics().items() if _REFUSALS.search(k)}
        return Counter({k.removeprefix("skirmish_"): v for k, v in counts.items()})

    def work_us(self) -> Counter[str]:
        """The charges since the start, by kind of work."""
        found = ((_WORK.fullmatch(name), value) for name, value in self.metrics().items())
        return Counter({match[1]: round(value * 1e6) for match, value in found if match})

    def settle(self) -> None:
        """Wait until it has nothing left to prepare, for a bounded time."""
        end_s, before = time.monotonic() + QUIET_S, self.read()
        while time.monotonic() < end_s:
            time.sleep(LOOK_S)
            now = self.read()
            if now.share_since(before) < QUIET_SHARE:
                return
            before = now


@contextmanager
def running(folder: Path, plan: Plan) -> Iterator[Server]:
    """Run a server until the block ends."""
    if plan.fill is not None:
        plan.fill(folder / ".state")
    port = free_port()
    python = plan.checkout / ".venv" / "bin" / "python"
    command = [str(python) if plan.checkout != ROOT else sys.executable, "-m", "server.cli"]
    command += ["serve", "--port", str(port), "--workers", str(plan.workers)]
    command += ["--log-format", "json", "--grace_s", "0"]
    kept = {name: it for name, it in os.environ.items() if not name.startswith("SKIRMISH_")}
    chosen = {
        "SKIRMISH_NET__UNLIMITED_ADDRESSES": "192.0.2.1/32",  # nobody here
        "SKIRMISH_NET__METRICS_PORT": "0",
    }
    paths = {"PYTHONPATH": str(plan.checkout), **known({**chosen, **plan.settings})}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**kept, **paths}, stdin=subprocess.DEVNULL, stderr=log
        )
    server = Server(port, folder, process)
    try:
        _wait_started(server, plan.workers)
        if plan.settles:
            server.settle()
        yield server
    finally:
        _end(process)


def known(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that this version knows: an older server refuses newer ones."""
    names = {ENV_PREFIX + name.upper().replace(".", "__") for name in options(Settings)}
    return {name: value for name, value in variables.items() if name in names}


def family(pid: int) -> list[int]:
    """The ids of a process and all its descendants."""
    found, left = [], [pid]
    while left:
        pid = left.pop()
        found.append(pid)
        with suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                left += [int(child) for child in (task / "children").read_text().split()]
    return found


def sockets_mb() -> float:
    """The kernel's memory for TCP: the buffers of all sockets on this machine."""
    found = re.search(r"^TCP: .* mem (\d+)", Path("/proc/net/sockstat").read_text(), re.MULTILINE)
    return int(found[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if found else 0.0


def _wait_started(server: Server, workers: int) -> None:
    end_s = time.monotonic() + START_S
    while time.monotonic() < end_s and server.process.poll() is None:
        seen = [event.get("event") for event in server.events()]
        if "started" in seen and seen.count("process_serves") >= workers + (workers > 0):
            return
        time.sleep(0.05)
    raise RuntimeError(f"no start: {(server.folder / 'log').read_text()[-2000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_S if number == signal.SIGKILL else END_S / 2)

"""`python -m bench.crowd`: 200 bots against one server process, for a minute, on this machine; and
against an interpreted one.

Asks what a table of costs does not: does anybody lose the connection, are ticks late, does memory
grow? Prints one table of either and writes bench/crowd.json. The bots share the machine with the
server. What is asked has to hold compiled, as it comes out of the box.
"""

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from bench.contender import ROOT
from bench.contender_skirmish import InterpretedSkirmish, Skirmish
from bench.lateness import Buckets, quantile, read
from bench.machine import cpu_s, facts, memory_mb, waited_s

SETTLED_S = 20.0  # by then everybody has a seat; memory and lateness count from here
GROWTH_MB_MAX = 5.0  # the allocator's own variation; a leak of a kilobyte a tick would be 2.4 MB
LATE_MS_MAX = 16.7  # the histogram's bound for one tick length
END_S = 30.0


@dataclass(frozen=True)
class Reading:
    """The server at one moment."""

    lateness: Buckets
    memory_mb: float
    cpu_s: float
    waited_s: float

    @classmethod
    def of(cls, pid: int, port: int) -> "Reading":
        """Read the server's metrics, and what the kernel knows about it."""
        return cls(read(port), memory_mb(pid), cpu_s(pid), waited_s(pid))


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowd", description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="bots")
    parser.add_argument("--seconds", type=float, default=60.0, help=f"more than {SETTLED_S:g}")
    chosen = parser.parse_args()
    if chosen.seconds <= SETTLED_S:
        parser.error(f"--seconds must be more than {SETTLED_S:g}")
    return chosen


def play(server: Skirmish, count: int, seconds: float) -> dict[str, Any]:
    """Let the crowd play on a fresh server; returns what the bots and the kernel observed."""
    with server.running() as (pid, port):
        address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "server.cli", "bots", "--json", "--url", address]
        command += ["--count", str(count), "--seconds", str(seconds)]
        bots = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            time.sleep(SETTLED_S)
            before = Reading.of(pid, port)
            time.sleep(seconds - SETTLED_S - 1)  # until a second before all of them leave
            after = Reading.of(pid, port)
            told, _ = bots.communicate(timeout=END_S)
        finally:
            if bots.poll() is None:
                bots.kill()
                bots.wait()
    return {
        "machine": facts(),
        "seconds": seconds,
        "bots": json.loads(told),
        "late_ms_p50": quantile(before.lateness, after.lateness, 0.50) * 1000,
        "late_ms_p99": quantile(before.lateness, after.lateness, 0.99) * 1000,
        "ticks": max(after.lateness.values()) - max(before.lateness.values()),
        "memory_mb_settled": round(before.memory_mb, 1),
        "memory_mb_end": round(after.memory_mb, 1),
        "server_cores": round((after.cpu_s - before.cpu_s) / (seconds - SETTLED_S - 1), 2),
        "server_waited_s": round(after.waited_s - before.waited_s, 2),
    }


def verdicts(report: dict[str, Any]) -> dict[str, bool]:
    """The requirements on the server, and whether each held."""
    bots = report["bots"]
    growth_mb = report["memory_mb_end"] - report["memory_mb_settled"]
    return {
        "every bot played": bots["bots_that_played"] == bots["bots"] and not bots["failures"],
        "nobody was disconnected": not bots["disconnects"] and not bots["reconnects"],
        "p99 of lateness within a tick": report["late_ms_p99"] <= LATE_MS_MAX,
        f"memory grew by at most {GROWTH_MB_MAX:g} MB": growth_mb <= GROWTH_MB_MAX,
    }


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    bots, machine = report["bots"], report["machine"]
    lines = [
        f"{machine['cores']} cores ({machine['processor']}), {machine['python']}",
        f"{bots['bots']} bots for {report['seconds']:g} s: {bots['matches']} seats taken, "
        f"{bots['failures']} failures, {bots['disconnects']} disconnects",
        f"snapshots a second each {bots['snapshots_per_second']:g}, "
        f"bytes each {bots['bytes_per_snapshot']:g}, "
        f"round trip {bots['round_trip_ms_p50']:g} ms (p50), {bots['round_trip_ms_p99']:g} (p99)",
        f"{report['ticks']:.0f} ticks, late by at most {report['late_ms_p50']:g} ms (p50), "
        f"{report['late_ms_p99']:g} ms (p99)",
        f"server: {report['memory_mb_settled']:g} MB after {SETTLED_S:g} s, "
        f"{report['memory_mb_end']:g} MB at the end, {report['server_cores']:g} cores, "
        f"and {report['server_waited_s']:g} s of waiting for one",
    ]
    held = [f"{what}: {'ok' if ok else 'SHORT'}" for what, ok in verdicts(report).items()]
    return "\n".join([*lines, "", *held])


def main() -> int:
    """Measure; returns 0 when every requirement held."""
    chosen = arguments()
    server = Skirmish()
    server.prepare()
    report = play(server, chosen.count, chosen.seconds)
    report["verdicts"] = verdicts(report)
    slower = InterpretedSkirmish()
    beside = play(slower, chosen.count, chosen.seconds)
    print(f"{server.name}\n{table(report)}\n\n{slower.name}\n{table(beside)}")
    text = json.dumps({**report, "interpreted": beside}, indent=2)
    (ROOT / "bench" / "crowd.json").write_text(text + "\n")
    return 0 if all(report["verdicts"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())

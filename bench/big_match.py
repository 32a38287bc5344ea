"""The cost of one match with people in it: 16 in a deathmatch, 128 in last standing, compiled and
interpreted.

`python -m bench.big_match`: real connections; everybody runs, aims and shoots half of the time. CPU
of the whole server by the scheduler's count, how late its ticks begin, and what each player
receives, with the heads of frames. Writes bench/big_match.json.
"""

import argparse
import json
import sys
import time
from typing import Any

from attrs import asdict, frozen

from bench.contender import ROOT
from bench.contender_skirmish import (
    BigSkirmish,
    FightingSkirmish,
    InterpretedBigSkirmish,
    InterpretedSkirmish,
    Skirmish,
)
from bench.lateness import quantile, read
from bench.load import INPUT_HZ
from bench.machine import cpu_s, facts

WARM_UP_S = 8.0  # by then everybody has joined and the countdown is over
CORES_MAX = {128: 0.10}
LATE_MS_MAX = {128: 4.0}
KBIT_MAX = {16: 48.0, 128: 160.0}


@frozen
class Cost:
    """The cost of one match over some seconds."""

    players: int
    mode: str
    is_compiled: bool  # the default
    cores: float
    late_p50_ms: float  # ticks begin at most this late
    late_p99_ms: float
    bytes_per_snapshot: float
    snapshots_per_s: float  # of each player
    kbit_per_s: float  # to each player
    lost: int

    def misses(self) -> list[str]:
        """The figures above their bounds; only the compiled default has bounds."""
        if not self.is_compiled:
            return []
        bounds = (
            ("cores", self.cores, CORES_MAX),
            ("ms late at p99", self.late_p99_ms, LATE_MS_MAX),
            ("kbit/s to each", self.kbit_per_s, KBIT_MAX),
        )
        return [
            f"{self.players} players: {value:.2f} {what}, at most {limits[self.players]:g}"
            for what, value, limits in bounds
            if value > limits.get(self.players, value)
        ]


def measure(server: Skirmish, seconds: float) -> Cost:
    """Fill one match and play it."""
    players = server.players_per_match
    with server.running() as (pid, port), server.gather(port, players) as swarm:
        time.sleep(WARM_UP_S)
        used_s, late = cpu_s(pid), read(port)
        swarm.take()
        time.sleep(seconds)
        used_s = cpu_s(pid) - used_s
        late_after, counts = read(port), swarm.take()
    return Cost(
        players=players,
        mode=server.mode,
        is_compiled=not isinstance(server, InterpretedSkirmish),
        cores=round(used_s / seconds, 3),
        late_p50_ms=quantile(late, late_after, 0.50) * 1_000,
        late_p99_ms=quantile(late, late_after, 0.99) * 1_000,
        bytes_per_snapshot=round(counts.snapshot_bytes / max(counts.snapshots, 1), 1),
        snapshots_per_s=round(counts.snapshots / players / seconds, 2),
        kbit_per_s=round(counts.snapshot_bytes * 8 / 1_000 / players / seconds, 1),
        lost=counts.lost,
    )


def measure_all(seconds: float) -> list[Cost]:
    """Both sizes, and the large one interpreted as well."""
    servers = (FightingSkirmish(), BigSkirmish(), InterpretedBigSkirmish())
    for server in servers:
        server.prepare()
    return [measure(server, seconds) for server in servers]


def rows(seconds: float) -> list[dict[str, Any]]:
    """The costs as rows of a report."""
    return [
        {
            "name": f"{cost.players} who shoot{', interpreted' * (not cost.is_compiled)}",
            **asdict(cost),
        }
        for cost in measure_all(seconds)
    ]


def told(cost: Cost) -> str:
    """Format a cost as one line."""
    return (
        f"{cost.players:3} in {cost.mode}{', interpreted' * (not cost.is_compiled)}: "
        f"{cost.cores:.3f} of a core, "
        f"ticks late by at most {cost.late_p50_ms:g} ms (p50), {cost.late_p99_ms:g} (p99), "
        f"{cost.bytes_per_snapshot:.0f} bytes per snapshot, {cost.kbit_per_s:.0f} kbit/s each "
        f"({INPUT_HZ} Hz asked for, {cost.snapshots_per_s:.1f} got), {cost.lost} lost"
    )


def main() -> int:
    """Measure and print; returns 0 when every bound holds and no player was lost."""
    parser = argparse.ArgumentParser(prog="python -m bench.big_match", description=__doc__)
    parser.add_argument("--seconds", type=float, default=12.0, help="after the warm-up")
    chosen = parser.parse_args()
    costs = measure_all(chosen.seconds)
    misses = [miss for cost in costs for miss in cost.misses()]
    print("\n".join(told(cost) for cost in costs))
    print("\n".join(f"short: {miss}" for miss in misses) or "every bound holds")
    report = {"machine": facts(), "seconds": chosen.seconds, "matches": [*map(asdict, costs)]}
    (ROOT / "bench" / "big_match.json").write_text(json.dumps(report, indent=2) + "\n")
    return 1 if misses or any(cost.lost for cost in costs) else 0


if __name__ == "__main__":
    sys.exit(main())

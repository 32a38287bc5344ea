"""Plays the contenders under the same load, in turns, and keeps the counts.

Owns the order (A B C, A B C: whatever else the machine does affects all of them), what makes a
round void, and the medians.
"""

import time
from collections.abc import Callable, Iterable
from statistics import median

from attrs import asdict, frozen

from bench.contender import REFUSALS, Contender
from bench.load import INPUT_HZ
from bench.machine import cpu_s, memory_mb, waited_s

WARM_UP_S = 4.0  # for compilers, caches, and matches that begin


@frozen
class MeasuredRound:
    """One contender, one round."""

    name: str
    cpu_us_per_client_tick: float
    bytes_per_snapshot: float
    snapshots_per_s: float  # per client; should be 30
    cores: float
    memory_mb: float
    waited_cores: float  # that others had while it could have run: the machine was not quiet


@frozen
class VoidRound:
    """A round that does not count: a player was refused or lost, so fewer played than should."""

    name: str
    reason: str


Round = MeasuredRound | VoidRound


def measure(contender: Contender, clients: int, seconds: float) -> Round:
    """Measure one round of one contender."""
    with contender.running() as (pid, port):
        try:
            swarm = contender.gather(port, clients)
        except REFUSALS as error:
            return VoidRound(contender.name, f"somebody was refused: {error}")
        with swarm:
            time.sleep(WARM_UP_S)
            swarm.take()
            cpu_before_s, waited_before_s = cpu_s(pid), waited_s(pid)
            time.sleep(seconds)
            cpu_used_s, counts = cpu_s(pid) - cpu_before_s, swarm.take()
            waited = waited_s(pid) - waited_before_s
            memory = memory_mb(pid)
    if counts.lost:
        return VoidRound(contender.name, f"{counts.lost} of {clients} clients were lost")
    return MeasuredRound(
        name=contender.name,
        cpu_us_per_client_tick=cpu_used_s / (clients * INPUT_HZ * seconds) * 1e6,
        bytes_per_snapshot=counts.snapshot_bytes / max(counts.snapshots, 1),
        snapshots_per_s=counts.snapshots / clients / seconds,
        cores=cpu_used_s / seconds,
        memory_mb=memory,
        waited_cores=max(0.0, waited) / seconds,
    )


def play_rounds(
    contenders: Iterable[Contender],
    rounds: int,
    measured: Callable[[Contender], Round],
    say: Callable[[str], None],
) -> dict[str, list[Round]]:
    """Play all rounds of all contenders, in turns."""
    contenders = list(contenders)
    results: dict[str, list[Round]] = {contender.name: [] for contender in contenders}
    for number in range(1, rounds + 1):
        for contender in contenders:
            try:
                result = measured(contender)
            except RuntimeError as error:  # a contender that does not start does not stop the rest
                result = VoidRound(contender.name, str(error))
            results[contender.name].append(result)
            say(f"round {number} of {rounds}: {contender.name}: {_outcome(result)}")
    return results


def _outcome(result: Round) -> str:
    if isinstance(result, VoidRound):
        return f"void: {result.reason}"
    return f"{result.cpu_us_per_client_tick:.1f} µs per client and tick"


def summary(results: list[Round]) -> dict[str, object]:
    """The median of every number over the rounds that count, the minimum and maximum cost, and why
    the other rounds do not count.
    """
    rows = [asdict(result) for result in results if isinstance(result, MeasuredRound)]
    row: dict[str, object] = {
        "name": results[0].name,
        "rounds": len(rows),
        "void": [result.reason for result in results if isinstance(result, VoidRound)],
    }
    for key in rows[0] if rows else ():
        if key != "name":
            row[key] = round(median(each[key] for each in rows), 3)
    if rows:
        costs = [each["cpu_us_per_client_tick"] for each in rows]
        row["cpu_us_least"], row["cpu_us_most"] = round(min(costs), 3), round(max(costs), 3)
    return row

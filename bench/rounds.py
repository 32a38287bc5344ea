"""Plays the contenders against the same load, in turns, and keeps what was counted.

Owns the order (A B C, A B C: whatever else the machine does meets all of them) and the medians.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from statistics import median

from bench.contender import Contender
from bench.load import INPUT_HZ
from bench.machine import cpu_s, memory_mb

WARM_UP_S = 4.0  # compilers, caches, and matches that begin


@dataclass(frozen=True)
class Measured:
    """One contender, one round."""

    name: str
    cpu_us_per_client_tick: float
    bytes_per_snapshot: float
    snapshots_per_s: float  # per client; 30 is what is asked for
    cores: float
    memory_mb: float
    lost: int  # connections that the server ended


def measure(contender: Contender, clients: int, seconds: float) -> Measured:
    """One round of one contender."""
    with contender.running() as (pid, port):
        load = contender.gather(port, clients)
        try:
            load.play(WARM_UP_S)
            cpu_before_s, (count_before, bytes_before) = cpu_s(pid), load.snapshots()
            load.play(seconds)
            cpu_used_s = cpu_s(pid) - cpu_before_s
            count, total_bytes = load.snapshots()
            memory = memory_mb(pid)
        finally:
            load.close()
    count -= count_before
    return Measured(
        name=contender.name,
        cpu_us_per_client_tick=cpu_used_s / (clients * INPUT_HZ * seconds) * 1e6,
        bytes_per_snapshot=(total_bytes - bytes_before) / max(count, 1),
        snapshots_per_s=count / clients / seconds,
        cores=cpu_used_s / seconds,
        memory_mb=memory,
        lost=load.lost,
    )


def play_rounds(
    contenders: Iterable[Contender],
    rounds: int,
    measured: Callable[[Contender], Measured],
    say: Callable[[str], None],
) -> dict[str, list[Measured]]:
    """All rounds of all contenders, in turns."""
    contenders = list(contenders)
    results: dict[str, list[Measured]] = {contender.name: [] for contender in contenders}
    for number in range(1, rounds + 1):
        for contender in contenders:
            result = measured(contender)
            results[contender.name].append(result)
            cost = f"{result.cpu_us_per_client_tick:.1f} µs per client and tick"
            say(f"round {number} of {rounds}: {contender.name}: {cost}")
    return results


def medians(results: list[Measured]) -> dict[str, float | str]:
    """The middle of every number over the rounds."""
    rows = [asdict(result) for result in results]
    numbers = {key: round(median(row[key] for row in rows), 3) for key in rows[0] if key != "name"}
    return {"name": results[0].name, **numbers}

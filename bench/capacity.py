"""Clients per core: how many a server carries before somebody gets less than is owed to them.

`python -m bench.capacity`. A server has one core and the load has the others. Clients join, 16 to a
match, until one of them gets fewer than 29 snapshots a second, or one gap between snapshots in a
hundred is longer than 50 ms, or somebody is refused or lost; twice in a row, because a machine that
does something else for a moment is no limit of a server. The most that held is the capacity.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from attrs import asdict, field, frozen

from bench.availability import prepared
from bench.contender import PLAYERS_PER_MATCH, REFUSALS, Contender
from bench.contender_colyseus import BunColyseus, Colyseus
from bench.contender_floor import Floor
from bench.contender_skirmish import FightingSkirmish, Skirmish
from bench.machine import cpu_s
from bench.report import CAPACITY, aligned
from bench.swarm import Swarm
from bench.targets import judge

CONTENDERS: dict[str, type[Contender]] = {
    "skirmish": Skirmish,
    "fighting": FightingSkirmish,
    "colyseus": Colyseus,
    "bun": BunColyseus,
    "floor": Floor,
}
SNAPSHOTS_PER_S_MIN = 29.0
GAP_MS_MAX = 50
LATE_SHARE_MAX = 0.05  # of the inputs: if more are late, the load itself cannot keep up
START_CLIENTS = 256
STEP = 1 / 24  # by how much clients increase with each trial, in whole matches
LEAP = 0.5  # the first trial shows how many a core could carry; half of them join at once
SETTLE_S = 2.0
MEASURED_S = 4.0
MINUTES = 5.0
# Turns off an operator's guards, which would limit the number of matches.
UNGUARDED = {
    "SKIRMISH_MATCH__MATCHES_MAX": "2000",
    "SKIRMISH_MATCH__PRIVATE_SHARE": "1",
    "SKIRMISH_MATCH__LOAD_MAX": "1",
    "SKIRMISH_LOBBY__ROOMS_MAX": "2000",
}


@frozen
class Trial:
    """A number of clients, measured for some seconds."""

    clients: int
    snapshots_per_s: float  # of the client who got the fewest
    gap_ms: float  # p99 over all clients
    lost: int
    late_share: float  # of the inputs, by the load's own fault
    cores: float  # that the server took
    load_cores: float  # that the load took
    joining_ms: float  # for each of the clients who joined last
    refusal: str = ""  # of a client who tried to join

    @property
    def shortcoming(self) -> str:
        """The clients' shortfall in words; "" when there is none."""
        if self.refusal:
            return f"somebody was refused: {self.refusal}"
        if self.lost:
            return f"{self.lost} lost"
        if self.late_share > LATE_SHARE_MAX:
            return "the load fell short"
        if self.snapshots_per_s < SNAPSHOTS_PER_S_MIN:
            return f"{self.snapshots_per_s:.1f} snapshots/s for somebody"
        if self.gap_ms > GAP_MS_MAX:
            return f"gaps of {self.gap_ms:.0f} ms"
        return ""


@frozen
class Capacity:
    """How many clients one server carries."""

    name: str
    clients: int  # 0: not even the first
    ended_by: str
    trials: list[Trial] = field(factory=list)


class TestBed:
    """A server on one core, and its players."""

    def __init__(self, contender: Contender, pid: int, port: int, swarm: Swarm) -> None:
        self._contender, self._port, self._swarm = contender, port, swarm
        self._pids = pid, swarm.pid
        self._clients = 0

    def trial(self, clients: int) -> Trial:
        """Let clients join until there are this many, and measure what all of them get."""
        coming, start_s, refusal = clients - self._clients, time.monotonic(), ""
        try:
            for group in self._contender.arrivals(self._port, coming, self._clients):
                self._swarm.add(group)
                self._clients += len(group)
        except REFUSALS as error:
            refusal = str(error)
        joining_s = time.monotonic() - start_s
        time.sleep(SETTLE_S)
        self._swarm.take()
        start_s, before = time.monotonic(), [cpu_s(pid) for pid in self._pids]
        time.sleep(MEASURED_S)
        counts, took_s = self._swarm.take(), time.monotonic() - start_s
        cores = [(cpu_s(pid) - was) / took_s for pid, was in zip(self._pids, before, strict=True)]
        return Trial(
            clients=clients,
            snapshots_per_s=counts.snapshots_least / took_s,
            gap_ms=counts.gap_ms(0.99),
            lost=counts.lost,
            late_share=counts.late / max(counts.sent + counts.unsent, 1),
            cores=cores[0],
            load_cores=cores[1],
            joining_ms=joining_s / coming * 1_000 if coming else 0.0,
            refusal=refusal,
        )


@contextmanager
def without_guards(contender: Contender) -> Iterator[None]:
    """Let the contender's servers run as many matches as are asked for."""
    contender.settings = UNGUARDED
    try:
        yield
    finally:
        contender.settings = {}


@contextmanager
def ground(contender: Contender) -> Iterator[TestBed]:
    """A fresh server on the first core, and a load on the others."""
    ours = sorted(os.sched_getaffinity(0))
    if len(ours) < 2:
        raise RuntimeError("capacity needs a core for the server and another for the load")
    os.sched_setaffinity(0, ours[1:])
    try:
        with contender.running(ours[0]) as (pid, port), contender.swarm() as swarm:
            yield TestBed(contender, pid, port, swarm)
    finally:
        os.sched_setaffinity(0, ours)


@frozen
class Plan:
    """How to search for the capacity."""

    start_clients: int = START_CLIENTS
    minutes: float = MINUTES  # at most, for each contender and round
    rounds: int = 1


def climb(
    name: str, start_clients: int, try_out: Callable[[int], Trial], is_over: Callable[[], bool]
) -> Capacity:
    """Raise the number of clients until the server carries no more."""
    trials: list[Trial] = []
    held, clients = 0, start_clients
    while not is_over():
        trials.append(try_out(clients))
        latest = trials[-1]
        if not latest.shortcoming:
            held, clients = clients, following(latest, is_first=not held)
        elif latest.lost or [each.clients for each in trials[-2:]] == [clients, clients]:
            return Capacity(name, held, f"{latest.shortcoming} with {clients}", trials)
    return Capacity(name, held, "the end of its time", trials)


def following(trial: Trial, *, is_first: bool) -> int:
    """How many clients to try after a trial that held."""
    clients = trial.clients * (1 + STEP)
    if is_first:
        clients = max(clients, LEAP * trial.clients / max(trial.cores, 0.01))
    more = round((clients - trial.clients) / PLAYERS_PER_MATCH) * PLAYERS_PER_MATCH
    return trial.clients + max(PLAYERS_PER_MATCH, more)


def measure(contender: Contender, plan: Plan) -> Capacity:
    """Measure one contender."""
    end_s = time.monotonic() + plan.minutes * 60
    with without_guards(contender), ground(contender) as server:
        return climb(
            contender.name, plan.start_clients, server.trial, lambda: time.monotonic() > end_s
        )


def measure_all(
    contenders: list[Contender], plan: Plan, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Measure all contenders in turns; returns rows of a report."""
    allow_descriptors()
    results: dict[str, list[Capacity]] = {contender.name: [] for contender in contenders}
    for number in range(1, plan.rounds + 1):
        for contender in contenders:
            try:
                capacity = measure(contender, plan)
            except RuntimeError as error:  # a contender that does not start does not stop the rest
                capacity = Capacity(contender.name, 0, str(error))
            results[contender.name].append(capacity)
            outcome = f"{capacity.clients} clients; {capacity.ended_by}"
            say(f"capacity {number} of {plan.rounds}: {contender.name}: {outcome}")
    return [summary(capacities) for capacities in results.values()]


def summary(capacities: list[Capacity]) -> dict[str, Any]:
    """A row: the median round and how it ended, and the minimum and maximum."""
    ordered = sorted(capacities, key=lambda each: each.clients)
    middle = ordered[(len(ordered) - 1) // 2]  # of an even number, the lower middle
    joining_ms = [trial.joining_ms for trial in middle.trials if trial.joining_ms]
    return {
        **asdict(middle),
        "clients_least": ordered[0].clients,
        "clients_most": ordered[-1].clients,
        "joining_ms": joining_ms[-1] if joining_ms else 0.0,
    }


def allow_descriptors() -> None:
    """Raise the limit on open files as far as allowed: each connection takes one on each side."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> int:
    """Measure and print; returns 0 when every ratio holds."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="at most, for each")
    parser.add_argument("--rounds", type=int, default=1, help="medians over these")
    parser.add_argument("--start", type=int, default=START_CLIENTS, help="clients to begin with")
    parser.add_argument("--only", nargs="+", choices=sorted(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--json", action="store_true", help="print all trials")
    chosen = parser.parse_args()
    contenders, unprepared = prepared([CONTENDERS[name]() for name in chosen.only])
    say = partial(print, file=sys.stderr, flush=True)
    rows = measure_all(contenders, Plan(chosen.start, chosen.minutes, chosen.rounds), say)
    targets = judge({"servers": [], "capacity": rows})
    if chosen.json:
        print(json.dumps(rows, indent=2))
    else:
        reasons = [f"{name}: {reason}" for name, reason in unprepared.items()]
        print("\n".join([*aligned(CAPACITY, rows), *reasons]))
    return 0 if all(target.is_held for target in targets) else 1


if __name__ == "__main__":
    sys.exit(main())

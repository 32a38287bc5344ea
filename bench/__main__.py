"""`python -m bench`: plays the contenders in turns, prints one table, and writes bench/latest.json
when nothing was left out.

Five parts, all of them unless `--parts` says otherwise: `servers` (CPU per client and tick, in
rounds), `rules` (alone, without a server), `match` (one match of 128 who shoot), `journal` (what it
costs), `capacity` (clients per core; twenty minutes, the longest part). Prints what is, beside what
is aimed for (bench/targets.py), and says "short" where a target is missed and "void" where no round
counts, because somebody was refused or lost in it. A contender that cannot be installed here has a
row that says why. A quick look: `python -m bench --parts servers --rounds 1 --only skirmish bun`.
"""

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from subprocess import CalledProcessError
from typing import Any

from bench import big_match, capacity, journal, step
from bench.availability import prepared
from bench.contender import PLAYERS_PER_MATCH, REFUSALS, ROOT, Contender
from bench.contender_colyseus import BunColyseus, Colyseus
from bench.contender_floor import Floor
from bench.contender_skirmish import (
    FightingSkirmish,
    InterpretedSkirmish,
    OpenSkirmish,
    Skirmish,
    TlsSkirmish,
)
from bench.lateness import measure_lateness
from bench.machine import facts
from bench.report import table
from bench.rounds import measure, play_rounds, summary
from bench.targets import judge

CONTENDERS: dict[str, type[Contender]] = {
    "skirmish": Skirmish,
    "open": OpenSkirmish,
    "fighting": FightingSkirmish,
    "tls": TlsSkirmish,
    "interpreted": InterpretedSkirmish,
    "colyseus": Colyseus,
    "bun": BunColyseus,
    "floor": Floor,
}
Report = dict[str, Any]
Chosen = argparse.Namespace
Say = Callable[[str], None]


def servers(report: Report, chosen: Chosen, contenders: list[Contender], say: Say) -> None:
    """CPU per client and tick, and how late ticks are at half the load."""
    measured = partial(measure, clients=chosen.clients, seconds=chosen.seconds)
    results = play_rounds(contenders, chosen.rounds, measured, say)
    report["servers"] = [summary(result) for result in results.values()]
    if any(type(contender) is Skirmish for contender in contenders):
        report["lateness"] = measure_lateness(chosen.clients // 2, chosen.seconds)


def capacities(report: Report, chosen: Chosen, contenders: list[Contender], say: Say) -> None:
    """Clients per core, for the contenders that are measured for it."""
    climbers = [each for each in contenders if type(each) in capacity.CONTENDERS.values()]
    plan = capacity.Plan(minutes=chosen.minutes, rounds=chosen.capacity_rounds)
    report["capacity"] = capacity.measure_all(climbers, plan, say)


MEASURES = {
    "servers": servers,
    "rules": lambda report, *_: report.update(rules=step.measure_both_ways()),
    "match": lambda report, chosen, *_: report.update(match=big_match.rows(chosen.seconds)),
    "journal": lambda report, *_: report.update(journal=journal.rows()),
    "capacity": capacities,
}


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    add("--clients", type=int, default=320, help=f"in all; {PLAYERS_PER_MATCH} to a match")
    add(
        "--seconds", type=float, default=6.0, help="measured per contender and round, after warm-up"
    )
    add("--rounds", type=int, default=3, help="the table shows medians over these")
    add("--only", nargs="+", choices=sorted(CONTENDERS), default=list(CONTENDERS))
    add("--parts", nargs="+", choices=list(MEASURES), default=list(MEASURES))
    add("--capacity-rounds", type=int, default=1, help="the same for capacity")
    add("--minutes", type=float, default=capacity.MINUTES, help="for each contender's capacity")
    return parser.parse_args()


def main() -> int:
    """Measure everything; returns 0 when it could be measured, whatever the numbers are."""
    chosen = arguments()
    say = partial(print, file=sys.stderr, flush=True)
    contenders, unprepared = prepared(CONTENDERS[name]() for name in chosen.only)
    report: dict[str, Any] = {
        "machine": facts(),
        "load": {
            "clients": chosen.clients,
            "players_per_match": PLAYERS_PER_MATCH,
            "seconds": chosen.seconds,
            "rounds": chosen.rounds,
        },
        "servers": [],
        "void": {},
    }
    for part in chosen.parts:
        try:
            MEASURES[part](report, chosen, contenders, say)
        except (*REFUSALS, RuntimeError, CalledProcessError) as error:
            report["void"][part] = str(error)  # the other parts are reported all the same
    report["servers"] += [{"name": name, "void": [why]} for name, why in unprepared.items()]
    report["targets"] = [target.row() for target in judge(report)]
    print(table(report))
    if set(chosen.parts) == set(MEASURES) and set(chosen.only) == set(CONTENDERS):
        (ROOT / "bench" / "latest.json").write_text(json.dumps(report, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench`: plays the contenders in turns, prints one table, writes bench/latest.json.

Prints what is, beside what is aimed for (docs/ARCHITECTURE.md has the targets' reasons).
"""

import argparse
import json
import sys
from functools import partial

from attrs import asdict

from bench.contender import PLAYERS_PER_MATCH, ROOT, Contender
from bench.contender_colyseus import Colyseus
from bench.contender_floor import Floor
from bench.contender_skirmish import (
    FightingSkirmish,
    InterpretedSkirmish,
    OpenSkirmish,
    Skirmish,
)
from bench.lateness import measure_lateness
from bench.machine import facts
from bench.report import table, targets
from bench.rounds import measure, medians, play_rounds
from bench.step import measure_all

CONTENDERS: dict[str, type[Contender]] = {
    "skirmish": Skirmish,
    "open": OpenSkirmish,
    "fighting": FightingSkirmish,
    "interpreted": InterpretedSkirmish,
    "colyseus": Colyseus,
    "floor": Floor,
}


def arguments() -> argparse.Namespace:
    """What can be chosen."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    add("--clients", type=int, default=320, help=f"in all; {PLAYERS_PER_MATCH} to a match")
    add(
        "--seconds", type=float, default=6.0, help="measured per contender and round, after warm-up"
    )
    add("--rounds", type=int, default=3, help="the table shows medians over these")
    add("--only", nargs="+", choices=sorted(CONTENDERS), default=list(CONTENDERS))
    return parser.parse_args()


def main() -> int:
    """Measure everything; 0 when it could be measured, whatever the numbers say."""
    chosen = arguments()
    contenders = [CONTENDERS[name]() for name in chosen.only]
    say = partial(print, file=sys.stderr, flush=True)
    for contender in contenders:
        contender.prepare()
    measured = partial(measure, clients=chosen.clients, seconds=chosen.seconds)
    results = play_rounds(contenders, chosen.rounds, measured, say)
    rows = [medians(result) for result in results.values()]
    report = {
        "machine": facts(),
        "load": {
            "clients": chosen.clients,
            "players_per_match": PLAYERS_PER_MATCH,
            "seconds": chosen.seconds,
            "rounds": chosen.rounds,
        },
        "servers": rows,
        "rules": [asdict(cost) for cost in measure_all()],
    }
    if "skirmish" in chosen.only:
        report["lateness"] = measure_lateness(chosen.clients // 2, chosen.seconds)
    report["targets"] = targets(report)
    print(table(report))
    (ROOT / "bench" / "latest.json").write_text(json.dumps(report, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

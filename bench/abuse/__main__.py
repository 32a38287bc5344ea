"""`python -m bench.abuse`: does anybody who plays notice what is done to the server?

Each row is one attack on a fresh server with a match of 16 (docs/experiments/abuse.md). An honest
bystander is measured before, during and after it. Prints one table and, if asked, writes JSON. All
of them share this machine; the attackers give way.
"""

import argparse
import fnmatch
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.abuse.costs import cost_table, measure_costs
from bench.abuse.report import table, verdicts
from bench.abuse.rows import ROWS, Row
from bench.abuse.scene import Windows, scene
from bench.abuse.server import Plan
from bench.contender import ROOT
from bench.machine import facts

LAYOUTS = (0, 2)  # in one process, and with workers
PEOPLE = 16  # in the bystander's match, attackers included
# Bots fill what is free, so that the match is made for sixteen, and is of sixteen from its start.
# After each row, wait for what a lost connection still holds, but not for a whole minute.
SETTINGS = {
    "SKIRMISH_LOBBY__BOTS": str(PEOPLE),
    "SKIRMISH_LOBBY__RESUME_S": "5",
    "SKIRMISH_MATCH__RESUME_S": "5",
}


def arguments() -> argparse.Namespace:
    """What can be chosen."""
    parser = argparse.ArgumentParser(prog="python -m bench.abuse", description=__doc__)
    add = parser.add_argument
    add("--only", nargs="+", metavar="ROW", help="names or patterns of rows (see --list)")
    add("--list", action="store_true", help="tell the rows, and end")
    add("--costs", action="store_true", help="measure what each kind of work costs instead")
    add("--seconds", type=float, default=8.0, help="that an attack lasts")
    add("--workers", type=int, nargs="+", default=list(LAYOUTS), help="one run for each number")
    add("--json", type=Path, metavar="FILE", help="write the figures there")
    add("--checkout", type=Path, default=ROOT, help="whose server is attacked; has a .venv")
    return parser.parse_args()


def chosen_rows(patterns: list[str] | None) -> list[Row]:
    """The rows that one of the patterns fits, in their order."""
    wanted = patterns or ["*"]
    return [row for row in ROWS.values() if any(fnmatch.fnmatch(row.name, each) for each in wanted)]


def measure(row: Row, plan: Plan, windows: Windows) -> dict[str, Any]:
    """One row on a server of its own."""
    people = PEOPLE - row.seats
    with tempfile.TemporaryDirectory() as name, scene(Path(name), plan, people, row.hosts) as stage:
        record = stage.play(row, windows)
    return {**record, "workers": plan.workers}


def main() -> int:
    """Measure; 0 when everything that is wanted held."""
    chosen = arguments()
    if chosen.costs:
        print(cost_table(measure_costs(chosen.checkout.resolve(), chosen.seconds)))
        return 0
    rows = chosen_rows(chosen.only)
    if chosen.list or not rows:
        print("\n".join(f"{row.name:24} {row.title}" for row in rows or ROWS.values()))
        return 0 if rows else 2
    windows, records = Windows(during_s=chosen.seconds), []
    for workers in chosen.workers:
        for row in rows:
            plan = Plan(workers, chosen.checkout.resolve(), {**SETTINGS, **row.settings}, row.fill)
            try:
                records.append(measure(row, plan, windows))
            except RuntimeError as error:
                print(f"{row.name}/{workers}: {error}", file=sys.stderr, flush=True)
                continue
            print(table(records[-1:]), file=sys.stderr, flush=True)
    for record in records:
        record["verdicts"] = verdicts(record)
    print(table(records))
    if chosen.json:
        report = {"machine": facts(), "load_average": os.getloadavg()[0], "rows": records}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n")
    return 0 if all(all(record["verdicts"].values()) for record in records) else 1


if __name__ == "__main__":
    sys.exit(main())

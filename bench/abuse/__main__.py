"""`python -m bench.abuse`: does anybody who plays notice what is done to the server?

Each row is one attack on a fresh server with a match of 16 (docs/experiments/abuse.md). An honest
bystander is measured before, during and after it. Prints one table and, if asked, writes JSON. All
of them share this machine; the attackers give way. `--only table` are the attacks that the bench
began with. Of another checkout, not only the server is used: everybody speaks its protocol.
"""

import argparse
import fnmatch
import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.abuse.report import table, verdicts
from bench.abuse.rows import GROUPS, ROWS, Row
from bench.abuse.scene import Windows, scene
from bench.abuse.server import Plan
from bench.abuse.wire import Ended
from bench.contender import ROOT
from bench.machine import facts

LAYOUTS = (0, 2)  # in one process, and with workers
PEOPLE = 16  # in the bystander's match, attackers included
# Bots fill the free seats, so the match is sized for sixteen and has sixteen from its start.
# After each row, wait for lost connections to release their seats, but not the usual minute.
SETTINGS = {
    "SKIRMISH_LOBBY__BOTS": str(PEOPLE),
    "SKIRMISH_LOBBY__BOT_FILL_AFTER_S": "0",
    "SKIRMISH_LOBBY__RESUME_S": "3",
    "SKIRMISH_MATCH__RESUME_S": "3",
}
IS_GUEST = "BENCH_ABUSE_GUEST"  # set where another checkout's Python runs this bench


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.abuse", description=__doc__)
    add = parser.add_argument
    add("--only", nargs="+", metavar="ROW", help="names, patterns or groups (see --list)")
    add("--list", action="store_true", help="tell the rows, and end")
    add("--costs", action="store_true", help="measure what each kind of work costs instead")
    add("--seconds", type=float, default=8.0, help="that an attack lasts")
    add("--workers", type=int, nargs="+", default=list(LAYOUTS), help="one run for each number")
    add("--json", type=Path, metavar="FILE", help="write the figures there")
    add("--checkout", type=Path, default=ROOT, help="whose server is attacked; has a .venv")
    return parser.parse_args()


def chosen_rows(patterns: list[str] | None) -> list[Row]:
    """The rows that match one of the patterns or belong to one of the groups, in table order."""
    wanted = [name for each in patterns or ["*"] for name in GROUPS.get(each, (each,))]
    return [row for row in ROWS.values() if any(fnmatch.fnmatch(row.name, each) for each in wanted)]


def measure(row: Row, plan: Plan, windows: Windows) -> dict[str, Any]:
    """Measure one row on its own server."""
    people = PEOPLE - row.seats
    with tempfile.TemporaryDirectory() as name, scene(Path(name), plan, people, row.hosts) as stage:
        record = stage.play(row, windows)
    return {**record, "workers": plan.workers}


def told_rows(rows: list[Row]) -> str:
    """One line per row, then one per group."""
    lines = [f"{row.name:24} {row.title}" for row in rows]
    return "\n".join([*lines, *(f"{name:24} = {' '.join(GROUPS[name])}" for name in GROUPS)])


def run_as_guest(checkout: Path) -> int:
    """Run this bench with another checkout's Python, so that it imports that checkout's game."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "bench").symlink_to(ROOT / "bench")
        python, given = checkout / ".venv" / "bin" / "python", sys.argv[1:]
        environment = {**os.environ, IS_GUEST: str(Path.cwd())}
        command = [str(python), "-m", "bench.abuse", *given]
        return subprocess.run(command, cwd=name, env=environment, check=False).returncode


def measure_all(chosen: argparse.Namespace, rows: list[Row]) -> tuple[list[Any], dict[str, str]]:
    """Measure the rows; return their records, and why the others could not be measured."""
    windows, records, impossible = Windows(during_s=chosen.seconds), [], {}
    for workers in chosen.workers:
        for row in rows:
            plan = Plan(workers, chosen.checkout, {**SETTINGS, **row.settings}, row.fill)
            try:
                records.append(measure(row, plan, windows))
            except (RuntimeError, Ended) as error:
                impossible[f"{row.name}/{workers}"] = str(error)
                print(f"{row.name}/{workers}: not possible: {error}", file=sys.stderr, flush=True)
                continue
            print(table(records[-1:]), file=sys.stderr, flush=True)
    return records, impossible


def main() -> int:
    """Measure; return 0 when every requirement held."""
    chosen = arguments()
    home = Path(os.environ.get(IS_GUEST, "."))
    chosen.checkout = (home / chosen.checkout).resolve()
    if chosen.checkout != ROOT and IS_GUEST not in os.environ:
        return run_as_guest(chosen.checkout)
    if chosen.costs:
        costs = importlib.import_module("bench.abuse.costs")  # an older server has none
        print(costs.cost_table(costs.measure_costs(chosen.checkout, chosen.seconds)))
        return 0
    rows = chosen_rows(chosen.only)
    if chosen.list or not rows:
        print(told_rows(rows or list(ROWS.values())))
        return 0 if rows else 2
    records, impossible = measure_all(chosen, rows)
    for record in records:
        record["verdicts"] = verdicts(record)
    print(table(records, impossible))
    if chosen.json:
        report = {"machine": facts(), "load_average": os.getloadavg()[0]}
        report |= {"rows": records, "impossible": impossible}
        (home / chosen.json).write_text(json.dumps(report, indent=1) + "\n")
    return 0 if all(all(record["verdicts"].values()) for record in records) else 1


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench.probes`: what playing feels like, network by network, in virtual time.

Owns: the table and `bench/probes.json`. Must not know: how a probe works (tests/probes). The
figures do not depend on the machine: the same code gives the same ones.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

import attrs

from tests.probes.conditions import ALL
from tests.probes.probe import SEED, Figures, Rails, run_probe

TARGET: Final = Path(__file__).parent / "probes.json"
HEAD: Final = (  # `a → b, c → d`: a runner shoots at a runner; a standing player at one who crosses
    *("network", "rails seen → hit", "by luck", "corrections", "own key", "other's screen"),
    *("margin", "up", "down", "longest gap"),
)


def main(arguments: list[str]) -> int:
    """Probe, print and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.probes", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED, help="other habits, other jitter")
    parser.add_argument("--keep", action="store_true", help=f"do not write {TARGET.name}")
    args = parser.parse_args(arguments)
    figures = []
    rows: list[tuple[str, ...]] = [HEAD]
    for conditions in ALL:
        figures.append(run_probe(conditions, args.seed))
        rows.append(_row(figures[-1]))
    print(_table(rows))
    if not args.keep:
        text = json.dumps([_record(each) for each in figures], indent=1, ensure_ascii=False)
        TARGET.write_text(text + "\n", encoding="utf-8")
    return 0


def _row(figures: Figures) -> tuple[str, ...]:
    wild, steady = figures.wild, figures.steady
    least, middle, most = figures.margins
    return (
        figures.conditions.name,
        f"{_hits(wild)}, {_hits(steady)}",
        str(wild.lucky + steady.lucky),
        f"{figures.corrections} ({figures.corrections_late} late)",
        f"{figures.own_frames[1]} frames",
        f"{figures.other_ms[0]:.0f} ms",
        f"{least} … {middle} … {most}",
        f"{figures.up_bytes_per_s:.0f} B/s",
        f"{figures.down_bytes_per_s:.0f} B/s",
        f"{figures.gap_max_ms:.0f} ms",
    )


def _hits(rails: Rails) -> str:
    return f"{rails.seen} → {rails.landed}" if rails.inside else "outside the cap"


def _table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ("  ".join(map(str.ljust, row, widths)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _record(figures: Figures) -> dict[str, Any]:
    return attrs.asdict(figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

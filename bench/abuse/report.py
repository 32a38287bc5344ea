"""The table of the records, and the verdict on each requirement.

Owns: the wording. Must not measure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bench.abuse.scene import BACK_MB

SNAPSHOTS_MIN = 29.0  # of 30 a second
GAP_MS_MAX = 50.0
Record = dict[str, Any]
HEAD = (
    *("row", "snapshots/s", "p99 gap ms", "CPU %", "MB", "sockets MB"),
    *("attack", "refused", "others", "verdict"),
)


def verdicts(record: Record) -> dict[str, bool]:
    """The requirements of every row, and whether each held."""
    before, during, after = record["before"], record["during"], record["after"]
    back_mb = BACK_MB * (1 + record["workers"])
    return {
        f"at least {SNAPSHOTS_MIN:g} snapshots/s": during["snapshots_per_s"] >= SNAPSHOTS_MIN,
        f"p99 gap at most {GAP_MS_MAX:g} ms": during["gap_p99_ms"] <= GAP_MS_MAX,
        "memory is back": after["memory_mb"] - before["memory_mb"] <= back_mb,
        "nothing is left": not record["left"],
        "others got what they wanted": bool(record["others_held"]),
        "nobody of the match was lost": not record["lost"],
        "nothing of ours broke": not record["faults"],
    }


def table(records: Sequence[Record], impossible: Mapping[str, str] | None = None) -> str:
    """All rows, before → during → after; below them, what fell short or could not be tried."""
    rows = [HEAD, *(_row(record) for record in records)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    short = [
        f"{_name(record)}: SHORT: {what}{_why(record, what)}"
        for record in records
        for what, held in verdicts(record).items()
        if not held
    ]
    untried = [f"{name}: not possible: {why}" for name, why in (impossible or {}).items()]
    return "\n".join([*lines, "", *(short or ["everything held"]), *untried])


def _row(record: Record) -> tuple[str, ...]:
    held = verdicts(record)
    return (
        _name(record),
        _course(record, "snapshots_per_s", "{:.1f}"),
        _course(record, "gap_p99_ms", "{:.0f}"),
        _course(record, "cpu_percent", "{:.0f}"),
        _course(record, "memory_mb", "{:.0f}"),
        _course(record, "kernel_mb", "{:.0f}"),
        _counts(Counter(record["done"])) or "nothing",
        _counts(Counter(record["answers"]) + Counter(record["ended"])) or "nothing",
        record["others"],
        "ok" if all(held.values()) else f"{list(held.values()).count(False)} short",
    )


def _name(record: Record) -> str:
    return f"{record['row']}/{record['workers']}"


def _course(record: Record, key: str, form: str) -> str:
    return " → ".join(form.format(record[when][key]) for when in ("before", "during", "after"))


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{what} ×{count:,}" for what, count in counts.most_common(3))


def _why(record: Record, what: str) -> str:
    if what == "nothing is left" and record["left"]:
        return f" ({', '.join(f'{name} {more:+g}' for name, more in record['left'].items())})"
    if what == "nothing of ours broke":
        return f" ({', '.join(f'{n} ×{c}' for n, c in Counter(record['faults']).items())})"
    return ""

"""From numbers to one table.

Owns the words. Must neither measure nor judge.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from bench.targets import COST

Row = dict[str, Any]
Columns = tuple[tuple[str, str, str], ...]  # title, key, format
SERVERS: Columns = (
    ("server", "name", "{}"),
    ("µs per client and tick", COST, "{:.1f}"),
    ("least", "cpu_us_least", "{:.1f}"),
    ("most", "cpu_us_most", "{:.1f}"),
    ("× Node", "times_node", "{:.2f}"),
    ("× Bun", "times_bun", "{:.2f}"),
    ("bytes per snapshot", "bytes_per_snapshot", "{:.0f}"),
    ("snapshots/s each", "snapshots_per_s", "{:.1f}"),
    ("cores", "cores", "{:.2f}"),
    ("waited", "waited_cores", "{:.2f}"),
    ("MB", "memory_mb", "{:.0f}"),
    ("rounds", "rounds", "{}"),
    ("", "verdict", "{}"),
)
CAPACITY: Columns = (
    ("capacity of one core", "name", "{}"),
    ("clients", "clients", "{}"),
    ("least", "clients_least", "{}"),
    ("most", "clients_most", "{}"),
    ("× Node", "times_node", "{:.2f}"),
    ("× Bun", "times_bun", "{:.2f}"),
    ("ms to join at the end", "joining_ms", "{:.0f}"),
    ("", "verdict", "{}"),
    ("ended by", "ended_by", "{}"),
)
RULES: Columns = (
    ("rules alone", "name", "{}"),
    ("µs per tick", "us", "{:.0f}"),
    ("µs per player", "us_per_player", "{:.2f}"),
    ("interpreted", "interpreted_us_per_player", "{:.2f}"),
    ("worst tick", "us_worst", "{:.0f}"),
    ("", "verdict", "{}"),
)
MATCH: Columns = (
    ("one match", "name", "{}"),
    ("cores", "cores", "{:.3f}"),
    ("ms late at p99", "late_p99_ms", "{:g}"),
    ("kbit/s each", "kbit_per_s", "{:.0f}"),
    ("lost", "lost", "{}"),
    ("", "verdict", "{}"),
)
JOURNAL: Columns = (
    ("journal", "name", "{}"),
    ("µs per tick without it", "tick_us", "{:.1f}"),
    ("more with it", "journal_us", "{:.2f}"),
    ("share", "share", "{:.1%}"),
    ("", "verdict", "{}"),
)
PARTS = {
    "servers": SERVERS,
    "capacity": CAPACITY,
    "rules": RULES,
    "match": MATCH,
    "journal": JOURNAL,
}


def table(report: Row) -> str:
    """The whole report as text."""
    machine, load = report["machine"], report["load"]
    lines = [
        f"{machine['name']}: {machine['cores']} cores ({machine['processor']})",
        f"{machine['python']}, Linux {machine['kernel']}",
        f"{load['clients']} clients in matches of {load['players_per_match']}, 30 Hz in and out, "
        f"medians of {load['rounds']} rounds of {load['seconds']:g} s, without the void ones",
        "waited: cores in which a server could have run and others did; near 0 on a quiet machine",
    ]
    for part, columns in PARTS.items():
        if report.get(part):
            lines += ["", *aligned(columns, report[part])]
    lines += ["", *_void(report), *_lateness(report)]
    lines += [
        f"{target['what']}: {target['is']:.2f}, target {target['target']}: {target['verdict']}"
        for target in report["targets"]
    ]
    return "\n".join(lines)


def aligned(columns: Columns, rows: Iterable[Row]) -> list[str]:
    """A title line and one per row; columns are as wide as they must be."""
    cells = [[title for title, _, _ in columns]]
    cells += [
        [form.format(row[key]) if key in row else "–" for _, key, form in columns] for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]).rstrip()
        for line in cells
    ]


def _void(report: Row) -> Iterator[str]:
    for row in report["servers"]:
        for reason in row["void"]:
            yield f"void: {row['name']}: {reason}"
    for part, reason in report.get("void", {}).items():
        yield f"void: {part}: {reason}"


def _lateness(report: Row) -> Iterator[str]:
    if late := report.get("lateness"):
        p50, p99 = late["p50_ms"], late["p99_ms"]
        yield f"{late['clients']} clients: ticks late by at most {p50:g} ms (p50), {p99:g} ms (p99)"

"""From numbers to one table, and from numbers to targets held or missed.

Owns the words. Must not measure.
"""

from collections.abc import Iterator
from typing import Any

from game.tuning import TICKS_PER_SECOND

Row = dict[str, Any]
Columns = tuple[tuple[str, str, str], ...]  # title, key, format
COLUMNS: Columns = (
    ("server", "name", "{}"),
    ("µs per client and tick", "cpu_us_per_client_tick", "{:.1f}"),
    ("bytes per snapshot", "bytes_per_snapshot", "{:.0f}"),
    ("snapshots/s each", "snapshots_per_s", "{:.1f}"),
    ("cores", "cores", "{:.2f}"),
    ("MB", "memory_mb", "{:.0f}"),
    ("lost", "lost", "{:.0f}"),
)
RULES_COLUMNS: Columns = (
    ("rules alone", "load", "{}"),
    ("players", "players", "{}"),
    ("µs per tick", "us", "{:.0f}"),
    ("µs per player", "us_per_player", "{:.2f}"),
    ("worst tick", "us_worst", "{:.0f}"),
)


def table(report: Row) -> str:
    """The whole report as text."""
    machine, load = report["machine"], report["load"]
    head = [
        f"{machine['cores']} cores ({machine['processor']})",
        f"{machine['python']}, Linux {machine['kernel']}",
        f"{load['clients']} clients in matches of {load['players_per_match']}, 30 Hz in and out, "
        f"medians of {load['rounds']} rounds of {load['seconds']:g} s",
        "",
    ]
    servers = _aligned(COLUMNS, report["servers"])
    rules = _aligned(RULES_COLUMNS, report["rules"])
    ends = [
        f"{target['what']}: {target['is']:.2f}, target {target['target']}: {target['verdict']}"
        for target in report["targets"]
    ]
    return "\n".join([*head, *servers, "", *rules, "", *_lateness(report), "", *ends])


def targets(report: Row) -> list[Row]:
    """Every target that this run can judge."""
    return [
        {
            "what": what,
            "is": round(value, 3),
            "target": f"≤ {limit:g}",
            "verdict": "ok" if value <= limit else "short",
        }
        for what, value, limit in _judged(report)
    ]


def _aligned(columns: Columns, rows: list[Row]) -> list[str]:
    """A title line and one per row; columns are as wide as they must be."""
    cells = [[title for title, _, _ in columns]]
    cells += [[form.format(row[key]) for _, key, form in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
        for line in cells
    ]


def _lateness(report: Row) -> Iterator[str]:
    if late := report.get("lateness"):
        p50, p99 = late["p50_ms"], late["p99_ms"]
        yield f"{late['clients']} clients: ticks late by at most {p50:g} ms (p50), {p99:g} ms (p99)"


def _judged(report: Row) -> Iterator[tuple[str, float, float]]:
    rows = {row["name"]: row for row in report["servers"]}
    names = ("Skirmish", "Skirmish, no fog", "Colyseus 0.18", "C floor")
    ours, unfogged, peer, floor = (rows.get(name) for name in names)
    cost = "cpu_us_per_client_tick"
    if unfogged and peer:
        yield (
            "CPU without fog, as the peer has none, times Colyseus",
            unfogged[cost] / peer[cost],
            1,
        )
    if ours and peer:
        yield "CPU, times Colyseus", ours[cost] / peer[cost], 0.6
        share = ours["bytes_per_snapshot"] / peer["bytes_per_snapshot"]
        yield "bytes per snapshot, times Colyseus", share, 1 / 3
    if ours and floor:
        yield "CPU, times the C floor", ours[cost] / floor[cost], 2.5
    if "lateness" in report:
        yield "tick lateness at half load, p99 in ms", report["lateness"]["p99_ms"], 2
    rules = {(row["load"], row["players"]): row for row in report["rules"]}
    for load, limit in (("walking", 0.04), ("fighting", 0.06)):
        share = rules[load, 128]["us"] * TICKS_PER_SECOND / 1e6
        yield f"rules of one match of 128 {load}, share of a core", share, limit
        growth = rules[load, 128]["us_per_player"] / rules[load, 16]["us_per_player"]
        yield f"rules per player {load}, 128 to a match, times 16", growth, 1.25
    if ours:
        yield "bytes per snapshot", ours["bytes_per_snapshot"], 130

"""From numbers to one table, and from numbers to targets held or missed.

Owns the words. Must not measure.
"""

from collections.abc import Iterator
from typing import Any

from game.tuning import TICKS_PER_SECOND

Row = dict[str, Any]
COLUMNS = (
    ("server", "name", "{}"),
    ("µs per client and tick", "cpu_us_per_client_tick", "{:.1f}"),
    ("bytes per snapshot", "bytes_per_snapshot", "{:.0f}"),
    ("snapshots/s each", "snapshots_per_s", "{:.1f}"),
    ("cores", "cores", "{:.2f}"),
    ("MB", "memory_mb", "{:.0f}"),
    ("lost", "lost", "{:.0f}"),
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
    cells = [[title for title, _, _ in COLUMNS]]
    cells += [[form.format(row[key]) for _, key, form in COLUMNS] for row in report["servers"]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    body = [
        "  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])])
        for line in cells
    ]
    steps = [
        f"rules alone: {micros:.0f} µs per tick at {players} players"
        for players, micros in report["step_us"].items()
    ]
    ends = [
        f"{target['what']}: {target['is']:.2f}, target {target['target']}: {target['verdict']}"
        for target in report["targets"]
    ]
    return "\n".join([*head, *body, "", *steps, *_lateness(report), "", *ends])


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


def _lateness(report: Row) -> Iterator[str]:
    if late := report.get("lateness"):
        p50, p99 = late["p50_ms"], late["p99_ms"]
        yield f"{late['clients']} clients: ticks late by at most {p50:g} ms (p50), {p99:g} ms (p99)"


def _judged(report: Row) -> Iterator[tuple[str, float, float]]:
    rows = {row["name"]: row for row in report["servers"]}
    ours, peer, floor = (rows.get(name) for name in ("Skirmish", "Colyseus 0.18", "C floor"))
    cost = "cpu_us_per_client_tick"
    if ours and peer:
        yield "CPU, times Colyseus", ours[cost] / peer[cost], 0.75
        share = ours["bytes_per_snapshot"] / peer["bytes_per_snapshot"]
        yield "bytes per snapshot, times Colyseus", share, 1 / 3
    if ours and floor:
        yield "CPU, times the C floor", ours[cost] / floor[cost], 2.5
    if "lateness" in report:
        yield "tick lateness at half load, p99 in ms", report["lateness"]["p99_ms"], 2
    share = report["step_us"][128] * TICKS_PER_SECOND / 1e6
    yield "rules of one match of 128, share of a core", share, 0.15
    if ours:
        yield "bytes per snapshot", ours["bytes_per_snapshot"], 130

"""The measurements of a crowd of bots, and their report.

Owns: counting, percentiles, the table and the JSON. Must not know: sockets, Trio.
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from attrs import define, field

from clients.net.match import MatchCounts


@define
class Tally:
    """One bot's measurements."""

    connects: int = 0
    failures: Counter[str] = field(factory=Counter)  # by what went wrong, in words
    seating_s: list[float] = field(factory=list)  # from asking for a match to the first perception
    played_s: float = 0.0
    matches: int = 0
    snapshots: int = 0
    snapshot_bytes: int = 0
    reconnects: int = 0
    round_trips_s: list[float] = field(factory=list)
    ends: Counter[int] = field(factory=Counter)  # connections that the other side ended, by code

    def add(self, counts: MatchCounts, round_trips_s: Sequence[float], played_s: float) -> None:
        """Add the counts of one match's client."""
        self.snapshots += counts.snapshots
        self.snapshot_bytes += counts.snapshot_bytes
        self.reconnects += counts.reconnects
        self.ends += counts.ends
        self.round_trips_s += round_trips_s
        self.played_s += played_s


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that `percent` of them do not exceed (nearest rank); 0 if empty."""
    if not values:
        return 0.0
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(1, rank) - 1]


def summary(tallies: Sequence[Tally]) -> dict[str, Any]:
    """One flat record of plain values; times in milliseconds."""
    seating = [value for tally in tallies for value in tally.seating_s]
    trips = [value for tally in tallies for value in tally.round_trips_s]
    snapshots = sum(tally.snapshots for tally in tallies)
    played_s = sum(tally.played_s for tally in tallies)
    failures: Counter[str] = sum((tally.failures for tally in tallies), Counter())
    ends: Counter[int] = sum((tally.ends for tally in tallies), Counter())
    return {
        "bots": len(tallies),
        "bots_that_played": sum(1 for tally in tallies if tally.matches),
        "connects": sum(tally.connects for tally in tallies),
        "failures": sum(failures.values()),
        "failures_by_reason": dict(failures.most_common(10)),
        "matches": sum(tally.matches for tally in tallies),
        "seating_ms_p50": _ms(percentile(seating, 50)),
        "seating_ms_p99": _ms(percentile(seating, 99)),
        "snapshots": snapshots,
        "snapshots_per_second": round(snapshots / played_s, 2) if played_s else 0.0,
        "bytes_per_snapshot": round(_total_bytes(tallies) / snapshots, 1) if snapshots else 0.0,
        "round_trip_ms_p50": _ms(percentile(trips, 50)),
        "round_trip_ms_p99": _ms(percentile(trips, 99)),
        "reconnects": sum(tally.reconnects for tally in tallies),
        "disconnects": sum(ends.values()),
        "disconnects_by_code": {str(code): count for code, count in sorted(ends.items())},
    }


def as_json(record: dict[str, Any]) -> str:
    """Format a record for programs."""
    return json.dumps(record, indent=2)


def as_table(record: dict[str, Any]) -> str:
    """Format a record for people: one line per value."""
    width = max(len(name) for name in record)
    return "\n".join(
        f"{name.replace('_', ' '):<{width}}  {_shown(value)}" for name, value in record.items()
    )


def has_failed(record: dict[str, Any]) -> bool:
    """Whether any bot never got to play, or any try to play ended in a failure."""
    return bool(record["bots_that_played"] < record["bots"] or record["failures"])


def _ms(seconds: float) -> float:
    return round(seconds * 1_000, 1)


def _total_bytes(tallies: Sequence[Tally]) -> int:
    return sum(tally.snapshot_bytes for tally in tallies)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {count}" for key, count in value.items()) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)

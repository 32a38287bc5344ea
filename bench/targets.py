"""From numbers to targets held or missed.

Owns the targets. Must not measure or print.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

from bench.big_match import CORES_MAX, LATE_MS_MAX
from bench.both_builds import COMPILED
from bench.contender_colyseus import BunColyseus, Colyseus
from bench.contender_floor import Floor
from bench.contender_skirmish import FightingSkirmish, OpenSkirmish, Skirmish, TlsSkirmish
from bench.journal import SHARE_MAX
from game.tuning import TICKS_PER_SECOND

Row = dict[str, Any]
COST = "cpu_us_per_client_tick"
PEERS = (("times_node", Colyseus.name), ("times_bun", BunColyseus.name))
# (contender, peer) → at most so many times the peer's CPU per client and tick.
COST_TIMES_MAX = {
    (Skirmish.name, Colyseus.name): 0.6,
    (Skirmish.name, BunColyseus.name): 0.85,
    (FightingSkirmish.name, Colyseus.name): 0.8,
    (OpenSkirmish.name, Colyseus.name): 1.0,  # without fog, as the peer has none
    (Skirmish.name, Floor.name): 2.5,
    (TlsSkirmish.name, Skirmish.name): 1.35,
}
# The same → at least so many times the clients per core.
CAPACITY_TIMES_MIN = {
    (Skirmish.name, Colyseus.name): 2.0,
    (Skirmish.name, BunColyseus.name): 1.7,
    (FightingSkirmish.name, Colyseus.name): 1.0,
}
RULES_US_MAX = 1.2  # per player, in matches of these sizes
RULES_SIZES = (16, 32, 64, 128)
RULES_SHARES_MAX = {"walking": 0.04, "fighting": 0.06}  # of a core, one match of 128
RULES_GROWTH_MAX = 1.25  # per player, 128 to a match, times 16
BYTES_TIMES_MAX = 1 / 3  # of a snapshot, beside Colyseus
BYTES_MAX = 130
LATENESS_MS_MAX = 2


@frozen
class Target:
    """A target, and the number that was measured."""

    whose: str  # the row of the table that it judges
    what: str
    value: float
    limit: float
    is_least: bool = False  # whether the limit is a minimum, not a maximum

    @property
    def is_held(self) -> bool:
        """Whether the number is within the limit, inclusively."""
        return self.value >= self.limit if self.is_least else self.value <= self.limit

    def row(self) -> Row:
        """The target as a row of the report."""
        return {
            "what": f"{self.whose}: {self.what}",
            "is": round(self.value, 3),
            "target": f"{'≥' if self.is_least else '≤'} {self.limit:g}",
            "verdict": "ok" if self.is_held else "short",
        }


def judge(report: Row) -> list[Target]:
    """Every target that a report can judge. Writes ratios and "short" into its rows."""
    targets = [*_of_servers(report["servers"]), *_of_lateness(report)]
    targets += _of_rules(report.get("rules", []))
    targets += _of_match(report.get("match", []))
    targets += _of_journal(report.get("journal", []))
    targets += _of_capacity(report.get("capacity", []))
    _mark(report["servers"], targets, COST)
    for part in ("rules", "match", "journal", "capacity"):
        _mark(report.get(part, []), targets, "clients")
    return targets


def _mark(rows: list[Row], targets: Iterable[Target], key: str) -> None:
    """Write the ratios of `key`, and mark the rows that miss a target."""
    missed = {target.whose for target in targets if not target.is_held}
    values = {row["name"]: row[key] for row in rows if key in row}
    for row in rows:
        row["verdict"] = "short" if row["name"] in missed else ""
        if row.get("void") and key not in row:
            row["verdict"] = "void"
        for title, peer in PEERS:
            if key in row and values.get(peer):
                row[title] = round(row[key] / values[peer], 3)


def _of_servers(servers: list[Row]) -> Iterator[Target]:
    rows = {row["name"]: row for row in servers if COST in row}
    for (whose, peer), limit in COST_TIMES_MAX.items():
        if whose in rows and peer in rows:
            times = rows[whose][COST] / rows[peer][COST]
            yield Target(whose, f"CPU, times {peer}", times, limit)
    ours, peer_row = rows.get(Skirmish.name), rows.get(Colyseus.name)
    if ours:
        size = ours["bytes_per_snapshot"]
        yield Target(Skirmish.name, "bytes per snapshot", size, BYTES_MAX)
        if peer_row:
            times = size / peer_row["bytes_per_snapshot"]
            yield Target(
                Skirmish.name, "bytes per snapshot, times Colyseus", times, BYTES_TIMES_MAX
            )


def _of_lateness(report: Row) -> Iterator[Target]:
    if late := report.get("lateness"):
        what = "ms that ticks are late at half load, p99"
        yield Target(Skirmish.name, what, late["p99_ms"], LATENESS_MS_MAX)


def _of_rules(rules: list[Row]) -> Iterator[Target]:
    rows = {(row["load"], row["players"]): row for row in rules}
    for (load, players), row in rows.items():
        if players in RULES_SIZES:
            yield Target(row["name"], "µs per player", row["us_per_player"], RULES_US_MAX)
        if players == max(RULES_SIZES):
            share = row["us"] * TICKS_PER_SECOND / 1e6
            yield Target(row["name"], "share of a core", share, RULES_SHARES_MAX[load])
            growth = row["us_per_player"] / rows[load, 16]["us_per_player"]
            yield Target(row["name"], "per player, times 16", growth, RULES_GROWTH_MAX)


def _of_match(matches: list[Row]) -> Iterator[Target]:
    for row in matches:
        if row["is_compiled"]:
            for what, key, limits in (
                ("share of a core", "cores", CORES_MAX),
                ("ms late at p99", "late_p99_ms", LATE_MS_MAX),
            ):
                if row["players"] in limits:
                    yield Target(row["name"], what, row[key], limits[row["players"]])
            yield Target(row["name"], "players lost", row["lost"], 0)


def _of_journal(ways: list[Row]) -> Iterator[Target]:
    for row in ways:
        if row["way"] == COMPILED:
            yield Target(row["name"], "share of a beat", row["share"], SHARE_MAX)


def _of_capacity(rows: list[Row]) -> Iterator[Target]:
    clients = {row["name"]: row["clients"] for row in rows}
    for (whose, peer), limit in CAPACITY_TIMES_MIN.items():
        if whose in clients and clients.get(peer):
            times = clients[whose] / clients[peer]
            yield Target(whose, f"clients per core, times {peer}", times, limit, is_least=True)

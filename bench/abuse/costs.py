"""The server's cost of each kind of work, beside the budget's charge for it.

Owns: which attack measures which cost. Must not know: the attacks. Budgets are as wide as possible
and no match runs, so the server does nothing else. CPU time is measured, not wall time, in several
rounds. Beside the median stands what the server itself charged for all of the work, setup included.
"""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from attrs import frozen

from bench.abuse import server as servers
from bench.abuse.attacker import order
from bench.abuse.attacks import replays
from bench.abuse.scene import OVER_S, SEATED_S, Player
from bench.abuse.server import Plan
from server.budget.costs import (
    CONNECTION,
    FRAME,
    HANDSHAKE,
    LOBBY_LIST,
    LOBBY_MESSAGE,
    LOBBY_ROOM,
    REPLAY_LIST,
    REQUEST,
    WRONG_CODE,
    Work,
)

WIDE = {
    f"SKIRMISH_BUDGET__{name}": value
    for kind in ("CONNECTION", "SESSION", "ADDRESS")
    for name, value in ((f"{kind}_MS_PER_S", "1000"), (f"{kind}_BURST_MS", "60000"))
} | {
    "SKIRMISH_NET__CONNECTIONS_PER_ADDRESS_MAX": "100000",
    "SKIRMISH_NET__CONNECTIONS_PER_ADDRESS_BURST": "100000",
    "SKIRMISH_NET__CONNECTIONS_PER_ADDRESS_PER_S": "100000",
    "SKIRMISH_LOBBY__MESSAGES_PER_S": "1000",
    "SKIRMISH_LOBBY__MESSAGES_BURST": "10000",
}
ROUNDS = 3
SHARE = 0.2  # of the connections: the measurement does not need many
IDLE_S = 2.0


@frozen
class Probe:
    """A row, and the kind of work it measures; the server counts each charge for it."""

    row: str
    work: Work


PROBES = (
    Probe("connections", CONNECTION),
    Probe("requests-health", REQUEST),
    Probe("requests-missing", REQUEST),
    Probe("requests-bundle", REQUEST),
    Probe("closes-lobby", HANDSHAKE),
    Probe("strangers", HANDSHAKE),
    Probe("lobby-pings", LOBBY_MESSAGE),
    Probe("lists", LOBBY_LIST),
    Probe("rooms-in-and-out", LOBBY_ROOM),
    Probe("wrong-codes", WRONG_CODE),
    Probe("replays-listed", REPLAY_LIST),
    Probe("replays-opened", HANDSHAKE),
    # Last: with so wide a budget, the server reads on after they have disconnected.
    Probe("pings-lobby", FRAME),
    Probe("pongs-lobby", FRAME),
)


def measure_costs(checkout: Path, seconds: float) -> list[dict[str, Any]]:
    """Run all probes on one server."""
    plan = Plan(0, checkout, WIDE, replays.fill)
    with tempfile.TemporaryDirectory() as name, servers.running(Path(name), plan) as server:
        attacker = Player("attacker", server.port, "nowhere")
        try:
            attacker.hear(SEATED_S)
            idle = _idle_share(server)
            return [_measure(probe, server, attacker, seconds, idle) for probe in PROBES]
        finally:
            attacker.end()


def _measure(
    probe: Probe, server: servers.Server, attacker: Player, seconds: float, idle: float
) -> dict[str, Any]:
    counts, spent_us, charged_us = [], [], []
    for _ in range(ROUNDS):
        before, work_before = server.read(), server.work_us()
        attacker.tell(order(probe.row, seconds / ROUNDS, SHARE, ""))
        attacker.hear(seconds / ROUNDS + OVER_S)
        server.settle()
        now, work = server.read(), server.work_us() - work_before
        own_s = now.cpu_s - before.cpu_s - idle * (now.at_s - before.at_s)
        counts.append(round(work[probe.work.name] / probe.work.cost_us))
        spent_us.append(own_s * 1e6)
        charged_us.append(work.total())
    return {
        "row": probe.row,
        "what": probe.work.text,
        "count": sum(counts),
        "spent_us": each(spent_us, counts),
        "charged_us": each(charged_us, counts),
    }


def _idle_share(server: servers.Server) -> float:
    """The share of a core that the idle server uses."""
    server.settle()
    before = server.read()
    time.sleep(IDLE_S)
    return server.read().share_since(before)


def each(sums: Sequence[float], counts: Sequence[int]) -> float | None:
    """The cost of one: the median of the rounds that had any; None if none had."""
    found = [total / count for total, count in zip(sums, counts, strict=True) if count]
    return median(found) if found else None


def cost_table(costs: list[dict[str, Any]]) -> str:
    """One line per probe, setup included; work that is charged below its cost is marked."""
    lines = [f"{'by':18}  {'count':>9}  {'µs median':>9}  {'charged':>8}  mostly for"]
    for cost in costs:
        begun = f"{cost['row']:18}  {cost['count']:9,}  "
        if cost["spent_us"] is None:
            lines.append(f"{begun}{'-':>9}  {'-':>8}  {cost['what']}: NONE CAME THROUGH")
            continue
        is_dear = cost["spent_us"] > cost["charged_us"]
        lines.append(
            f"{begun}{cost['spent_us']:9,.0f}  {cost['charged_us']:8,.0f}  "
            f"{cost['what']}{': TOO CHEAP' if is_dear else ''}"
        )
    return "\n".join(lines)

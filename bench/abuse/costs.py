"""What each kind of work costs the server, beside what a budget charges for it.

Owns: which attack shows which costs. Must not know: the attacks. Budgets are as wide as they get
here, and no match runs, so that the server does nothing else. CPU time is counted, not the clock's.
"""

import tempfile
from pathlib import Path
from typing import Any

from attrs import frozen

from bench.abuse import server as servers
from bench.abuse.attacker import order
from bench.abuse.attacks import replays
from bench.abuse.outcome import Outcome
from bench.abuse.scene import OVER_S, SEATED_S, Player
from bench.abuse.server import Plan
from server.budget.costs import (
    CONNECTION,
    FRAME,
    HANDSHAKE,
    HEAD,
    HEADER,
    KILOBYTE_OUT,
    LOBBY_LIST,
    LOBBY_MESSAGE,
    LOBBY_ROOM,
    READ,
    REPLAY_LIST,
    REPLAY_QUESTION,
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
SHARE = 0.2  # of the connections: it is not many that are to be measured
HEADERS = 1  # of the requests that are measured: Host
OPENING = (CONNECTION, READ, HEAD, *(HEADER,) * 6, HANDSHAKE)
ASKING = (HEAD, *(HEADER,) * HEADERS, REQUEST)


@frozen
class Probe:
    """A row, what of it is counted, and the works that each of these is charged as."""

    row: str
    counted: str
    works: tuple[Work, ...]
    arrival: tuple[Work, ...] = ()  # and what each connection was charged before

    def charged_us(self, outcome: Outcome) -> float:
        """What a budget takes for all of it."""
        count = (outcome.done + outcome.answers)[self.counted]
        arrivals = outcome.done["links"] + outcome.done["connections"]
        total = count * sum(work.cost_us for work in self.works)
        return total + arrivals * sum(work.cost_us for work in self.arrival)

    @property
    def text(self) -> str:
        """What it is, by its dearest kind of work."""
        return max(self.works, key=lambda work: work.cost_us).text


PROBES = (
    Probe("connections", "connections", (CONNECTION,)),
    Probe("requests-health", "status 200", ASKING, (CONNECTION,)),
    Probe("requests-missing", "status 404", ASKING, (CONNECTION,)),
    Probe("requests-bundle", "status 200", (*ASKING, *(KILOBYTE_OUT,) * 536), (CONNECTION,)),
    Probe("closes-lobby", "connections", (*OPENING, READ, FRAME)),
    Probe("strangers", "people", (*OPENING, READ, LOBBY_MESSAGE)),
    Probe("lobby-pings", "messages", (READ, LOBBY_MESSAGE), OPENING),
    Probe("lists", "messages", (READ, LOBBY_MESSAGE, LOBBY_LIST), OPENING),
    Probe("rooms-in-and-out", "messages", (READ, LOBBY_MESSAGE, LOBBY_ROOM), OPENING),
    Probe("wrong-codes", "messages", (READ, LOBBY_MESSAGE, WRONG_CODE), OPENING),
    Probe("replays-listed", "status 200", (*ASKING, REPLAY_LIST), (CONNECTION,)),
    Probe("replays-opened", "viewers", (*OPENING, READ, REPLAY_QUESTION)),
    # Last, for a server with so wide a budget reads on when they are gone.
    Probe("pings-lobby", "frames", (FRAME,), OPENING),
    Probe("pongs-lobby", "frames", (FRAME,), OPENING),
)


def measure_costs(checkout: Path, seconds: float) -> list[dict[str, Any]]:
    """All probes on one server."""
    plan = Plan(0, checkout, WIDE, replays.fill)
    with tempfile.TemporaryDirectory() as name, servers.running(Path(name), plan) as server:
        attacker = Player("attacker", server.port, "nowhere")
        try:
            attacker.hear(SEATED_S)
            return [_measure(probe, server, attacker, seconds) for probe in PROBES]
        finally:
            attacker.end()


def _measure(
    probe: Probe, server: servers.Server, attacker: Player, seconds: float
) -> dict[str, Any]:
    server.settle()
    before = server.read()
    attacker.tell(order(probe.row, seconds, SHARE, ""))
    outcome = Outcome.loads(attacker.hear(seconds + OVER_S))
    server.settle()
    spent_us = (server.read().cpu_s - before.cpu_s) * 1e6
    charged_us = probe.charged_us(outcome)
    return {
        "row": probe.row,
        "what": probe.text,
        "count": (outcome.done + outcome.answers)[probe.counted],
        "spent_ms": spent_us / 1_000,
        "charged_ms": charged_us / 1_000,
    }


def cost_table(costs: list[dict[str, Any]]) -> str:
    """One line for each probe; what is charged below its cost is marked."""
    lines = [f"{'by':18}  {'count':>9}  {'ms spent':>8}  {'charged':>8}  mostly for"]
    for cost in costs:
        is_dear = cost["spent_ms"] > cost["charged_ms"]
        lines.append(
            f"{cost['row']:18}  {cost['count']:9,}  {cost['spent_ms']:8.0f}  "
            f"{cost['charged_ms']:8.0f}  {cost['what']}{': TOO CHEAP' if is_dear else ''}"
        )
    return "\n".join(lines)

"""Many bots in one process, for a limited time.

    run_crowd
      └─ nursery ─┬─ bot 0 … bot N-1      started a few milliseconds apart
                  └─ the watch for Ctrl-C

Owns: starting and stopping them. Must not know: how one plays. Invariant: when it returns, no
socket is open.
"""

import signal
from collections.abc import Callable, Sequence

import trio
from attrs import frozen

from clients.bots.player import BotOptions, BotPlayer
from clients.bots.tally import Tally
from clients.net.address import Address
from clients.net.maps import ArenaCache

COUNT_MAX = 2_000
REASONS_MAX = 20  # printed while they play; all of them are counted
STARTS_PER_SECOND = 100  # a crowd, not a flood: servers limit connections by address


@frozen
class CrowdPlan:
    """How many, and for how long."""

    temper: BotOptions
    count: int
    seconds: float
    tell: Callable[[str], None] = print  # called once for each failure reason


async def run_crowd(plan: CrowdPlan) -> Sequence[Tally]:
    """Let the crowd play; returns one tally per bot, also after Ctrl-C."""
    arenas = ArenaCache(Address.parse(plan.temper.url))
    told: set[str] = set()

    def tell_once(reason: str) -> None:
        if reason not in told and len(told) < REASONS_MAX:
            told.add(reason)
            plan.tell(reason)

    players = [BotPlayer(number, plan.temper, arenas, tell_once) for number in range(plan.count)]
    with trio.move_on_after(plan.seconds):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_watch_for_interrupt, nursery.cancel_scope)
            for player in players:
                nursery.start_soon(player.live)
                await trio.sleep(1 / STARTS_PER_SECOND)
    return [player.tally for player in players]


async def _watch_for_interrupt(scope: trio.CancelScope) -> None:
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            scope.cancel()

"""Microseconds per bot and tick for what bots see and think, in matches of 8 to 128 bots.

`python -m bench.brains`. CPU time of this thread. A brain never thinks the same twice, so no
number here is the best of several.
"""

from time import thread_time_ns

from attrs import frozen

import game
import game.brain
from bench.battle import arena_for, match_of
from bench.step import SIZES
from server.match.bots import MatchBots

SETTLE_TICKS = 300  # until every path was computed once: the first ones cost most
TICKS = 600
LEVEL = 3


@frozen
class BrainCost:
    """The cost of all bots of a match in a tick, including their perceptions."""

    bots: int
    us_per_bot: float
    us_p99: float  # of all together
    us_worst: float


def measure(bots: int, settle_ticks: int = SETTLE_TICKS, ticks: int = TICKS) -> BrainCost:
    """Let the bots play, and measure."""
    arena = arena_for(bots)
    world = match_of(bots, arena)
    match_bots = MatchBots(game.brain, arena, seed=1, level=LEVEL)
    for slot in world.players:
        match_bots.add(slot)
    spent: list[int] = []
    for _ in range(settle_ticks + ticks):
        began = thread_time_ns()
        inputs = match_bots.inputs(world)
        spent.append(thread_time_ns() - began)
        game.step(world, (), inputs)
    steady = sorted(spent[settle_ticks:])
    mean = sum(steady) / len(steady)
    p99 = steady[len(steady) * 99 // 100]
    return BrainCost(bots, mean / bots / 1000, p99 / 1000, max(spent) / 1000)


def main() -> None:
    """Print one line per size."""
    for bots in SIZES:
        cost = measure(bots)
        print(
            f"{cost.bots:4} bots  {cost.us_per_bot:5.1f} µs per bot and tick"
            f"  {cost.us_p99:5.0f} µs for all (p99)  {cost.us_worst:5.0f} µs at worst, the start"
            " included"
        )


if __name__ == "__main__":
    main()

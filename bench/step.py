"""Microseconds per tick of the rules, for crowds of 8 to 128 that walk or fight.

`python -m bench.step`: compiled, and interpreted beside it. The same ticks are played several
times, and each counts as often as it was fastest: another process on the same core can only make a
tick slower.
"""

import json
import sys
from random import Random
from time import perf_counter_ns
from typing import Any

from attrs import asdict, frozen

import game
from bench.battle import LOADS, Load, Pressed, arena_for, match_of
from bench.both_builds import COMPILED, INTERPRETED, ONE_WAY, both

SIZES = (8, 16, 32, 64, 128)
SETTLE_TICKS = 240  # until the players have met
TICKS = 360
REPEATS = 5


@frozen
class StepCost:
    """The cost of a tick under one load."""

    load: str
    players: int
    us: float  # the mean tick
    us_worst: float  # the worst tick
    us_per_player: float  # the mean, shared by all
    shots: int  # in flight at the end


def measure(players: int, load: Load, ticks: int = TICKS, repeats: int = REPEATS) -> StepCost:
    """Play the same ticks `repeats` times, starting when the crowd has met."""
    arena, dice = arena_for(players), Random(players)
    world = match_of(players, arena, load.tuning)
    for _ in range(SETTLE_TICKS):
        game.step(world, (), load.press(world, dice))
    start = game.dump(world)
    script: list[Pressed] = []
    best = [1 << 62] * ticks
    for _ in range(repeats):
        world = game.load(start, arena, load.tuning)
        for i in range(ticks):
            if i == len(script):
                script.append(load.press(world, dice))
            began = perf_counter_ns()
            game.step(world, (), script[i])
            best[i] = min(best[i], perf_counter_ns() - began)
    mean, worst = sum(best) / ticks / 1000, max(best) / 1000
    return StepCost(load.name, players, mean, worst, mean / players, len(world.shots))


def measure_all() -> list[StepCost]:
    """Measure every load at every size, compiled or interpreted as this process is."""
    return [measure(players, load) for load in LOADS for players in SIZES]


def measure_both_ways() -> list[dict[str, Any]]:
    """Measure compiled and interpreted; returns rows of a report."""
    costs = both("bench.step")
    return [beside(*pair) for pair in zip(costs[COMPILED], costs[INTERPRETED], strict=True)]


def beside(compiled: dict[str, Any], interpreted: dict[str, Any]) -> dict[str, Any]:
    """A row: the `StepCost` compiled, and the interpreted cost per player."""
    return {
        "name": f"{compiled['load']}, {compiled['players']} players",
        **compiled,
        "interpreted_us_per_player": interpreted["us_per_player"],
    }


def main() -> None:
    """Print one line per load and size."""
    if sys.argv[1:] == [ONE_WAY]:
        print(json.dumps([asdict(cost) for cost in measure_all()]))
        return
    for cost in measure_both_ways():
        print(
            f"{cost['load']:8} {cost['players']:4} players  {cost['us']:5.0f} µs per tick"
            f"  {cost['us_per_player']:5.2f} µs per player"
            f" (interpreted {cost['interpreted_us_per_player']:5.2f})"
            f"  {cost['us_worst']:5.0f} µs at worst  {cost['shots']:4} shots in the air"
        )


if __name__ == "__main__":
    main()

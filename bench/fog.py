"""The cost of the fog: snapshot rounds with it and without it, in turns in one process.

    python -m bench.fog

A round is what a match does every second tick: a view, and a message for each seat against the base
of the round before. Times are CPU time of this thread, medians; ratios are medians of the ratios of
rounds that were written one after the other. No sockets: sending costs the same with fog.
"""

import gc
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean, median

from attrs import define, field

import game
from bench.load import Walk
from game.events import Event
from game.inputs import Command, CommandKind, Input
from game.modes import MODES
from game.tuning import SNAPSHOT_EVERY_TICKS
from game.view import View
from game.wire.snapshot import SnapshotWriter
from server.maps.files import load_maps

MAPS = Path(__file__).parents[1] / "maps"
VIEW_LAG = 3
HISTORY_TICKS = 64
CASES = (("deathmatch", "bastion", 16, 2_400), ("last-standing", "expanse", 128, 600))


@define(eq=False)
class Cost:
    """The cost with or without fog: seconds and bytes by round."""

    writer: SnapshotWriter
    seconds: list[float] = field(factory=list)
    sizes: list[float] = field(factory=list)

    def write(self, view: View, base_tick: int | None, seats: int) -> None:
        """Write one round."""
        writer, began_s = self.writer, time.thread_time()
        writer.push(view)
        messages = [writer.message(slot, base_tick, 0) for slot in range(seats)]
        writer.forget_before(view.tick)
        self.seconds.append(time.thread_time() - began_s)
        self.sizes.append(sum(map(len, messages)) / seats)


def views(mode: str, name: str, seats: int, ticks: int, *, fights: bool) -> Iterator[View]:
    """The views of a match in which every player moves."""
    arena = load_maps(MAPS)[name]
    world = game.new(MODES[mode].configure(arena, 1), arena)
    game.step(world, [Command(CommandKind.JOIN, slot) for slot in range(seats)])
    walks = [Walk(slot, fights=fights) for slot in range(seats)]
    events: list[Event] = []
    for _ in range(ticks // SNAPSHOT_EVERY_TICKS):
        wishes = [(slot, Input(*walk.next(), VIEW_LAG)) for slot, walk in enumerate(walks)]
        for inputs in (wishes, *[()] * (SNAPSHOT_EVERY_TICKS - 1)):
            events += game.step(world, (), inputs)
        yield game.view(world, events)
        events = []


def measure(mode: str, name: str, seats: int, ticks: int, *, fights: bool) -> str:
    """Measure one line of the table."""
    foggy, clear = (Cost(SnapshotWriter(HISTORY_TICKS, fog=fog)) for fog in (True, False))
    base_tick, order = None, [foggy, clear]
    gc.freeze()
    for view in views(mode, name, seats, ticks, fights=fights):
        for cost in order:
            cost.write(view, base_tick, seats)
        order.reverse()
        base_tick = view.tick
    first = ticks // SNAPSHOT_EVERY_TICKS // 5  # before that, players still spread out
    on, off = foggy.seconds[first:], clear.seconds[first:]
    ratio = median(a / b for a, b in zip(on, off, strict=True))
    sizes = [fmean(cost.sizes[first:]) for cost in (foggy, clear)]
    return (
        f"{mode} {name} {seats:>3} {'fight' if fights else 'walk ':5}"
        f"  fog {median(on) * 1e6:6.0f} µs  without {median(off) * 1e6:6.0f} µs  ratio {ratio:5.2f}"
        f"  bytes {sizes[0]:5.0f} of {sizes[1]:5.0f}"
    )


if __name__ == "__main__":
    for case in CASES:
        for fights in (False, True):
            print(measure(*case, fights=fights), flush=True)

"""From a journal back to the world, at any tick: the rules, run again on what was written down.

Owns: seeking, and finding where a replay parts from what was. Must not know: files, time.
Invariant: with the rules that wrote the journal, the world of a tick is the world it was, bit for
bit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from struct import Struct
from typing import Any, Final

from attrs import define, field, frozen

from game.arena import Arena
from game.events import Event
from game.inputs import Command, Input
from game.journal.reader import Journal
from game.journal.records import BYTE_ORDER, INPUT_FORMAT, Record, RecordKind, trace_of
from game.state import dump, load, load_tuning
from game.step import step
from game.tuning import Tuning
from game.world import World

_INPUT: Final = Struct(BYTE_ORDER + INPUT_FORMAT)

Step = Callable[[World, Sequence[Command], Iterable[tuple[int, Input]]], list[Event]]


@frozen
class Divergence:
    """Where a replay is not what was written down; `tick` is the first that is known to differ."""

    tick: int
    what: str


@frozen
class Ticked:
    """One tick of a replay, just stepped; `world` goes on changing with the next."""

    tick: int
    commands: list[Command]
    inputs: list[tuple[int, Input]]
    events: list[Event]
    world: World


@define(eq=False)
class Replay:
    """One journal file with its arena. Raises `ValueError` when the map is another one."""

    journal: Journal
    arena: Arena
    tuning: Tuning = field(init=False)
    step: Step = step
    _checkpoints: list[int] = field(init=False)  # indexes into the records, ascending by tick
    _ticks: dict[int, Record] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Find the places from which one can begin."""
        header, records = self.journal.header, self.journal.records
        if header.map_digest != self.arena.digest:
            raise ValueError(
                f"this match was played on another {header.map_name} "
                f"({header.map_digest}; this one is {self.arena.digest})"
            )
        self.tuning = load_tuning(header.tuning)
        kinds = [record.kind for record in records]
        self._checkpoints = [
            index for index, kind in enumerate(kinds) if kind is RecordKind.CHECKPOINT
        ]
        self._ticks = {record.tick: record for record in records if record.kind is RecordKind.TICK}

    def world_at(self, tick: int) -> World:
        """A fresh world as it was after `tick`. Raises `KeyError` for one that is not here."""
        start = None
        for index in self._checkpoints:
            record = self.journal.records[index]
            if record.tick > tick:
                break
            start = record
        if start is None or tick > self.journal.last_tick:
            raise KeyError(tick)
        world = self._load(start)
        for number in range(start.tick + 1, tick + 1):
            self.step(world, *self.entered(number))
        return world

    def entered(self, tick: int) -> tuple[list[Command], list[tuple[int, Input]]]:
        """What went into one tick. Raises `KeyError` for one that is not here."""
        fields = self._ticks[tick].fields
        flat = fields[2] if len(fields) == 3 else ()
        commands = [Command(*flat[at : at + 3]) for at in range(0, len(flat), 3)]
        inputs = [
            (slot, Input(buttons, aim, lag))
            for slot, buttons, aim, lag in _INPUT.iter_unpack(fields[1])
        ]
        return commands, inputs

    def run(self, after_tick: int | None = None) -> Iterator[Ticked]:
        """Step through all ticks after one; by default after the first checkpoint."""
        first = self.journal.first_tick if after_tick is None else after_tick
        world = self.world_at(first)
        for tick in range(first + 1, self.journal.last_tick + 1):
            commands, inputs = self.entered(tick)
            events = self.step(world, commands, inputs)
            yield Ticked(tick, commands, inputs, events, world)

    def verify(self) -> Divergence | None:
        """Run all of it and compare with every checkpoint, trace and the final digest on the way.

        None when all agree.
        """
        checkpoints = {
            self.journal.records[index].tick: self.journal.records[index]
            for index in self._checkpoints
        }
        for ticked in self.run():
            tick, world = ticked.tick, ticked.world
            following = self._ticks.get(tick + 1)
            if following is not None and following.fields[0] != trace_of(world):
                return Divergence(tick, "players stand somewhere else")
            if tick in checkpoints:
                difference = _difference(dump(world), checkpoints[tick].fields[1])
                if difference:
                    return Divergence(tick, difference)
        return None

    def _load(self, record: Record) -> World:
        return load(record.fields[1], self.arena, self.tuning)


def _difference(replayed: Any, written: Any, where: str = "world") -> str:
    """The first place at which two dumps differ; "" when they are equal."""
    if replayed == written:
        return ""
    if isinstance(replayed, tuple) and isinstance(written, tuple) and len(replayed) == len(written):
        for index, (ours, theirs) in enumerate(zip(replayed, written, strict=True)):
            if ours != theirs:
                return _difference(ours, theirs, f"{where}[{index}]")
    return f"{where} is {replayed!r:.40}, the journal says {written!r:.40}"

"""Replay: rebuilds the world at any tick by running the rules again on a journal.

Owns: seeking, and finding where a replay diverges from the journal. Must not know: files, time.
Invariants: with the rules that wrote the journal, the world of a tick is the original one, bit for
bit; whatever a journal holds, nothing but `JournalError` is raised here (and `KeyError` for a tick
that it does not have).
"""

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from attrs import define, field, frozen

from game.arena import Arena
from game.events import Event
from game.inputs import Command, Input, InputFields
from game.journal.difference import difference
from game.journal.marks import stand_of, trace_of
from game.journal.payloads import tick_inputs
from game.journal.reader import Journal, JournalError
from game.journal.records import Record, RecordKind
from game.journal.soundness import fault_of
from game.state import digest, dump, load, load_tuning
from game.step import step
from game.tuning import Tuning
from game.world import World

# The exceptions of the rules and of `load` on impossible worlds, and on their own bugs.
_FAILURES: Final = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError),
    struct.error,
)

Step = Callable[[World, Sequence[Command], Iterable[tuple[int, InputFields]]], list[Event]]


@frozen
class Divergence:
    """A difference between a replay and its journal; `tick` is the first known to differ."""

    tick: int
    what: str


@frozen
class Ticked:
    """One tick of a replay, just stepped; the next step changes `world`."""

    tick: int
    commands: list[Command]
    inputs: list[tuple[int, Input]]
    events: list[Event]
    world: World


@define(eq=False)
class Replay:
    """One journal with its arena. Raises `JournalError` when the map is a different one."""

    journal: Journal
    arena: Arena
    tuning: Tuning = field(init=False)
    step: Step = step
    _checkpoints: list[Record] = field(init=False)  # ascending by tick
    _results: dict[int, Record] = field(init=False)
    _ticks: dict[int, Record] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Index the checkpoints, results and ticks."""
        header, records = self.journal.header, self.journal.records
        if header.map_digest != self.arena.digest:
            raise JournalError(
                f"this match was played on another {header.map_name!r:.40} "
                f"({header.map_digest!r:.40}; this one is {self.arena.digest})"
            )
        try:
            self.tuning = load_tuning(header.tuning)
        except _FAILURES as error:
            raise _refusal("the tuning of this journal is none", error) from error
        self._checkpoints = [one for one in records if one.kind is RecordKind.CHECKPOINT]
        self._results = {one.tick: one for one in records if one.kind is RecordKind.RESULT}
        self._ticks = {one.tick: one for one in records if one.kind is RecordKind.TICK}

    def world_at(self, tick: int) -> World:
        """A fresh world as it was after `tick`.

        Raises `KeyError` for a tick that is not here, and `JournalError`.
        """
        index = bisect_right(self._checkpoints, tick, key=lambda record: record.tick) - 1
        if index < 0 or tick > self.journal.last_tick:
            raise KeyError(tick)
        start = self._checkpoints[index]
        world = self.load(start)
        for number in range(start.tick + 1, tick + 1):
            self._advance(world, *self.inputs_at(number))
        return world

    def inputs_at(self, tick: int) -> tuple[list[Command], list[tuple[int, Input]]]:
        """The commands and inputs of one tick. Raises `KeyError` for one that is not here."""
        return tick_inputs(self._ticks[tick].fields)

    def run(self, after_tick: int | None = None) -> Iterator[Ticked]:
        """Step through all ticks after `after_tick`; by default after the first checkpoint.

        Raises `KeyError` and `JournalError` as `world_at` does.
        """
        first = self.journal.first_tick if after_tick is None else after_tick
        world = self.world_at(first)
        for tick in range(first + 1, self.journal.last_tick + 1):
            commands, inputs = self.inputs_at(tick)
            events = self._advance(world, commands, inputs)
            yield Ticked(tick, commands, inputs, events, world)

    def verify(self) -> Divergence | None:
        """Replay all of it and compare with every trace, checkpoint and result on the way.

        None when all agree. Raises `JournalError` when the replay cannot start.
        """
        tick = self.journal.first_tick
        checkpoints = {record.tick: record for record in self._checkpoints}
        world = self.world_at(tick)
        while True:
            what = self._parting(world, checkpoints.get(tick))
            if what or tick == self.journal.last_tick:
                return Divergence(tick, what) if what else None
            tick += 1
            try:
                self._advance(world, *self.inputs_at(tick))
            except JournalError as error:
                return Divergence(tick, str(error))

    def resume(self, verified_ticks: int = 0) -> tuple[World, Divergence | None]:
        """The world after the last tick, to resume from, and where these rules diverged from the
        journal. Raises `JournalError`.

        The replay starts at the last checkpoint that is at least `verified_ticks` before the end.
        After a divergence it continues from the journal's world at the next checkpoint.
        """
        last = self.journal.last_tick
        begins = bisect_right(self._checkpoints, last - verified_ticks, key=lambda it: it.tick)
        checkpoints = {record.tick: record for record in self._checkpoints}
        world = self.load(self._checkpoints[max(0, begins - 1)])
        divergence = None
        while True:
            tick = world.tick
            checkpoint = checkpoints.get(tick)
            if divergence is None and (what := self._parting(world, checkpoint)):
                divergence = Divergence(tick, what)
            if divergence is not None and checkpoint is not None:
                world = self.load(checkpoint)
            if tick == last:
                return world, divergence
            self._advance(world, *self.inputs_at(tick + 1))

    def load(self, record: Record) -> World:
        """The world of a checkpoint. Raises `JournalError`."""
        what = f"the world of tick {record.tick} is none"
        try:
            world = load(record.fields[1], self.arena, self.tuning)
        except _FAILURES as error:
            raise _refusal(what, error) from error
        fault = fault_of(world)
        if world.tick != record.tick:
            fault = f"it is the world of tick {world.tick}"
        if fault:
            raise JournalError(f"{what}: {fault}")
        return world

    def _advance(
        self, world: World, commands: Sequence[Command], inputs: Iterable[tuple[int, InputFields]]
    ) -> list[Event]:
        tick = world.tick + 1
        try:
            return self.step(world, commands, inputs)
        except _FAILURES as error:
            raise _refusal(f"the rules fail at tick {tick}", error) from error

    def _parting(self, world: World, checkpoint: Record | None) -> str:
        """The difference between a replayed world and the journal's records of it; "" for none."""
        tick = world.tick
        following, result = self._ticks.get(tick + 1), self._results.get(tick)
        if checkpoint is not None and checkpoint.fields[1] != dump(world):
            try:
                return difference(world, self.load(checkpoint))
            except JournalError as error:
                return str(error)
        if following is not None and following.fields[0] != trace_of(stand_of(world)):
            return "players stand somewhere else, or the harm done, the shots or the dice differ"
        if result is not None and result.fields[1] != digest(world):
            return "the result is that of another world"
        return ""


def _refusal(what: str, error: Exception) -> JournalError:
    """A sentence for an error that a forged journal or a bug in the rules has caused.

    Raise it from that error: the search for a bug in the rules needs the traceback.
    """
    name = "" if isinstance(error, AssertionError) else f"{type(error).__name__} "
    return JournalError(f"{what}: {name}{error!s:.200}")

"""A recorded round, opened at any tick and stepped from there.

Owns: finding the map a round was played on, and stepping with the journal's inputs. Must not know:
journal files, people. Invariant: the world it returns for a tick is the one that the journal leads
to under the rules of this build.
"""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from attrs import define, field

from game.arena import Arena, FlagBase, Pad, Spawn
from game.events import Event
from game.inputs import Command, Input
from game.journal import Header, RecordKind, Replay
from game.map_faults import MapFaults
from game.state import load
from game.step import step
from game.tuning import PickupKind
from game.world import World
from server.maps.files import read_map
from server.replays.recording import Recording, RecordingError, foreign_journal


@define(eq=False)
class ReplaySession:
    """A recording and its arena. Raises `RecordingError` when they do not belong together."""

    recording: Recording
    arena: Arena
    _replay: Replay = field(init=False)
    _put: dict[int, tuple[object, ...]] = field(init=False)  # worlds a test put there, by tick

    def __attrs_post_init__(self) -> None:
        """Prepare the replay, which finds the checkpoints to start from."""
        with foreign_journal():
            self._replay = Replay(self.recording.journal, self.arena)
        self._put = self._interventions()

    @property
    def first_tick(self) -> int:
        """The first tick whose world can be had."""
        return self.recording.journal.first_tick

    @property
    def last_tick(self) -> int:
        """The last that can be stepped."""
        return self.recording.journal.last_tick

    def world_at(self, tick: int) -> World:
        """Return a new world as it was after `tick`. Raises `RecordingError`."""
        if not self.first_tick <= tick <= self.last_tick:
            raise RecordingError(
                f"there is no tick {tick} here, only {self.first_tick} to {self.last_tick}"
            )
        with foreign_journal():
            return self._replay.world_at(tick)

    def inputs_at(self, tick: int) -> tuple[list[Command], list[tuple[int, Input]]]:
        """Return the commands and inputs of one tick; none for the first. Raises
        `RecordingError`.
        """
        if not self.first_tick < tick <= self.last_tick:
            return [], []
        with foreign_journal():
            return self._replay.inputs_at(tick)

    def advance(self, world: World) -> tuple[World, list[Event]]:
        """Step `world` by one tick; return the world to continue with, and the events.

        Raises `RecordingError`.
        """
        with foreign_journal():
            events = step(world, *self._replay.inputs_at(world.tick + 1))
            put = self._put.get(world.tick)
            return (world if put is None else self._load(put)), events

    def walk(self, after_tick: int) -> Iterator[tuple[World, list[Event]]]:
        """Yield the world and events of every later tick; the next step may change the same world.

        Raises `RecordingError`.
        """
        world = self.world_at(after_tick)
        while world.tick < self.last_tick:
            world, events = self.advance(world)
            yield world, events

    def checkpoints(self) -> list[int]:
        """Return the ticks that have a checkpoint, in order."""
        records = self.recording.journal.records
        return sorted({one.tick for one in records if one.kind is RecordKind.CHECKPOINT})

    def written_at(self, tick: int) -> World | None:
        """Return the world of the checkpoint at `tick`, or None without one."""
        for record in self.recording.journal.records:
            if record.kind is RecordKind.CHECKPOINT and record.tick == tick:
                with foreign_journal():
                    return self._load(record.fields[1])
        return None

    def _load(self, dumped: tuple[object, ...]) -> World:
        return load(dumped, self.arena, self._replay.tuning)

    def _interventions(self) -> dict[int, tuple[object, ...]]:
        if not self.recording.is_of_a_test:
            return {}
        records = self.recording.journal.records
        return {one.tick: one.fields[1] for one in records if one.kind is RecordKind.CHECKPOINT}


def find_arena(header: Header, folder: Path) -> Arena:
    """Find the map a round was played on: carried by the journal, or from `folder`.

    Raises `RecordingError`.
    """
    with foreign_journal():
        if header.spec[:1] == ("arena",):
            return _carried_arena(header.spec[1])
        name = str(header.map_name)
        if not name or Path(name).name != name:
            raise RecordingError(f"the journal names no map that could be a file: {name!r:.40}")
    try:
        return read_map(folder / f"{name}.tmj").arena
    except MapFaults as faults:
        raise RecordingError(
            f"it was played on {name!r:.40}, which is no map in {folder}: {faults.faults[0]}"
        ) from faults


def _carried_arena(plain: tuple[object, ...]) -> Arena:
    names = [each.name for each in fields(Arena) if each.init]
    values: dict[str, object] = dict(zip(names, plain, strict=True))
    values["spawns"] = tuple(Spawn(*row) for row in plain[names.index("spawns")])  # type: ignore[attr-defined]
    values["pads"] = tuple(
        Pad(PickupKind(kind), x, y)
        for kind, x, y in plain[names.index("pads")]  # type: ignore[attr-defined]
    )
    values["flags"] = tuple(FlagBase(*row) for row in plain[names.index("flags")])  # type: ignore[attr-defined]
    return Arena(**values)  # type: ignore[arg-type]

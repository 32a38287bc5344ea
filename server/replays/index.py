"""One round as it arrives, with an index of it, shared by all its viewers.

Owns: the bytes of a round, the offsets of its ticks and checkpoints, and who died when. Must not
know: files, sockets, how it is watched. Invariants: it indexes a few records at a time, so that
nobody waits long for it; every tick up to `last_tick` can be reached.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable

from attrs import define, field

from game.arena import Arena
from game.inputs import Command, Input
from game.journal import Header, RecordKind, RecordReader
from game.journal.payloads import kind_of, tick_inputs
from game.state import load, load_tuning
from game.tuning import Tuning
from game.world import World
from server.replays.recording import RecordingError, foreign_journal, names_by_slot, record_fields

NOBODY = -1

Kill = tuple[int, int, int]  # tick, victim, killer or -1


@define(eq=False)
class RoundIndex:
    """`arena_of` finds the map that a header names. Raises `RecordingError`."""

    arena_of: Callable[[Header], Arena]
    header: Header | None = None
    is_live: bool = False  # more may be written
    first_tick: int = 0
    last_tick: int = 0  # the last that can be stepped
    kills: list[Kill] = field(factory=list)
    names: list[tuple[int, dict[int, str]]] = field(factory=list)  # tick, names by slot after it
    _arena: Arena | None = None
    _tuning: Tuning | None = None
    _reader: RecordReader = field(factory=RecordReader)
    _checkpoints: list[tuple[int, int, int]] = field(factory=list)  # tick, begin and end offset
    _ticks: "array[int]" = field(factory=lambda: array("Q"))  # begin and end offset of each tick
    _last: World | None = None  # of the last checkpoint
    _failure: str = ""  # why indexing stopped, for all viewers

    @property
    def damage(self) -> str:
        """The damage to the bytes, in words; "" when there is none."""
        return self._reader.damage

    @property
    def is_ready(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._checkpoints)

    @property
    def arena(self) -> Arena:
        """The map it was played on."""
        assert self._arena is not None, "the header was read"
        return self._arena

    def feed(self, data: bytes) -> None:
        """Append bytes, which `read_records` then indexes."""
        self._reader.data += data

    def begin_segment(self) -> None:
        """Expect the beginning of another file of the same round."""
        self._reader.begin_segment()

    def read_records(self, records: int) -> bool:
        """Index a few more records; False when none is left. Raises `RecordingError`."""
        if self._failure:
            raise RecordingError(self._failure)
        for _ in range(records):
            payload = self._reader.next()
            if payload is None:
                return False
            end = self._reader.at
            try:
                self._index(payload, end - len(payload), end)
            except RecordingError as error:
                self._failure = str(error)
                raise
        return True

    def inputs_at(self, tick: int) -> tuple[list[Command], list[tuple[int, Input]]]:
        """Return the commands and inputs of one tick. Raises `RecordingError`."""
        entry = 2 * (tick - self.first_tick - 1)
        begin, end = self._ticks[entry], self._ticks[entry + 1]
        return tick_inputs(record_fields(bytes(self._reader.data[begin:end])))

    def checkpoint_before(self, tick: int) -> int:
        """Return the tick of the last checkpoint at or before `tick`, or else of the first."""
        index = bisect_right(self._checkpoints, tick, key=lambda each: each[0]) - 1
        return self._checkpoints[max(index, 0)][0]

    def is_checkpoint(self, tick: int) -> bool:
        """Whether the journal has a checkpoint of this tick."""
        return self.checkpoint_before(tick) == tick

    def world_of(self, tick: int) -> World:
        """Load a new world from the last checkpoint up to `tick`. Raises `RecordingError`."""
        index = bisect_right(self._checkpoints, tick, key=lambda each: each[0]) - 1
        _, begin, end = self._checkpoints[index]
        return self._load(bytes(self._reader.data[begin:end]))

    def names_at(self, tick: int) -> dict[int, str]:
        """Return names by slot at a tick; a slot that is empty by then keeps its last name."""
        names: dict[int, str] = {}
        for since, seats in self.names:
            if since > tick:
                break
            names |= seats
        return names

    def _index(self, payload: bytes, begin: int, end: int) -> None:
        kind = kind_of(payload)
        if kind is RecordKind.TICK:
            self._ticks.extend((begin, end))
            self.last_tick += 1
        elif kind is RecordKind.CHECKPOINT:
            self._index_checkpoint(payload, begin, end)
        elif kind is RecordKind.PEOPLE:
            self.names.append((self.last_tick, names_by_slot(record_fields(payload)[0])))
        elif kind is RecordKind.HEADER:
            self._begin(payload)

    def _begin(self, payload: bytes) -> None:
        """Read the first header; those of later segments add nothing."""
        if self.header is not None:
            return
        with foreign_journal():
            self.header = Header(*record_fields(payload)[1:])
            self._arena = self.arena_of(self.header)
            if self._arena.digest != self.header.map_digest:
                raise RecordingError("it was played on another edition of its map")
            self._tuning = load_tuning(self.header.tuning)

    def _index_checkpoint(self, payload: bytes, begin: int, end: int) -> None:
        world = self._load(payload)
        if not self._checkpoints:
            self.first_tick = self.last_tick = world.tick
        elif world.tick != self.last_tick:
            raise RecordingError(f"a checkpoint of tick {world.tick} is in a wrong place")
        self._checkpoints.append((world.tick, begin, end))
        if self._last is not None:
            self.kills += deaths_between(self._last, world)
        self._last = world

    def _load(self, payload: bytes) -> World:
        if self._arena is None or self._tuning is None:
            raise RecordingError("the journal does not begin with a header")
        with foreign_journal():
            return load(record_fields(payload)[1], self._arena, self._tuning)


def deaths_between(before: World, after: World) -> list[Kill]:
    """Return who died between two checkpoints, and who killed them where that is certain.

    A journal holds the inputs of a match; its events take a full replay. The counters in two
    checkpoints give the deaths to the second, at no cost.
    """
    died = [
        slot
        for slot, player in after.players.items()
        if slot in before.players and player.deaths > before.players[slot].deaths
    ]
    killed = [
        slot
        for slot, player in after.players.items()
        if slot in before.players and player.kills > before.players[slot].kills
    ]
    killer = killed[0] if len(killed) == len(died) == 1 else NOBODY
    return [(after.tick, victim, killer) for victim in died]

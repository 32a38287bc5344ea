"""One round as it comes in, and where everything in it lies: what all its viewers share.

Owns: the bytes of a round, the places of its ticks and checkpoints, and who died when. Must not
know: files, sockets, how it is watched. Invariants: it takes in a few records at a time, so that
nobody waits long for it; every tick up to `last_tick` can be reached.
"""

from array import array
from bisect import bisect_right
from collections.abc import Callable
from struct import Struct

from attrs import define, field

from game.arena import Arena
from game.inputs import Command, Input
from game.journal import Header, RecordKind
from game.journal.records import BYTE_ORDER, INPUT_FORMAT
from game.state import load, load_tuning
from game.tuning import Tuning
from game.world import World
from server.replays.names import seated
from server.replays.recording import RecordingError, foreign_journal
from server.replays.strip import Strip, fields_of_record, kind_of

NOBODY = -1
_INPUT = Struct(BYTE_ORDER + INPUT_FORMAT)

Kill = tuple[int, int, int]  # tick, victim, killer or -1


@define(eq=False)
class Reel:
    """`arena_of` finds the map that a header names. Raises `RecordingError`."""

    arena_of: Callable[[Header], Arena]
    header: Header | None = None
    is_live: bool = False  # more may come
    first_tick: int = 0
    last_tick: int = 0  # the last that can be stepped
    kills: list[Kill] = field(factory=list)
    names: list[tuple[int, dict[int, str]]] = field(factory=list)  # who sits where, after a tick
    _arena: Arena | None = None
    _tuning: Tuning | None = None
    _strip: Strip = field(factory=Strip)
    _checkpoints: list[tuple[int, int, int]] = field(factory=list)  # tick, begin, end in the bytes
    _ticks: "array[int]" = field(factory=lambda: array("Q"))  # begin and end of each
    _last: World | None = None  # of the checkpoint before
    _failure: str = ""  # why no more can be looked at, for all who watch

    @property
    def damage(self) -> str:
        """Where it is not as it was written; "" when it is."""
        return self._strip.damage

    @property
    def is_ready(self) -> bool:
        """Whether there is anything to see."""
        return bool(self._checkpoints)

    @property
    def arena(self) -> Arena:
        """The map it was played on."""
        assert self._arena is not None, "the header was read"
        return self._arena

    def feed(self, data: bytes) -> None:
        """Take in bytes; `index` looks at them."""
        self._strip.data += data

    def begin_segment(self) -> None:
        """What comes is the beginning of another file of the same round."""
        self._strip.begin_segment()

    def index(self, records: int) -> bool:
        """Look at a few more records; False when none is left. Raises `RecordingError`."""
        if self._failure:
            raise RecordingError(self._failure)
        for _ in range(records):
            payload = self._strip.next()
            if payload is None:
                return False
            end = self._strip.at
            try:
                self._note(payload, end - len(payload), end)
            except RecordingError as error:
                self._failure = str(error)
                raise
        return True

    def entered(self, tick: int) -> tuple[list[Command], list[tuple[int, Input]]]:
        """What went into one tick. Raises `RecordingError`."""
        place = 2 * (tick - self.first_tick - 1)
        begin, end = self._ticks[place], self._ticks[place + 1]
        fields = fields_of_record(bytes(self._strip.data[begin:end]))
        flat = fields[2] if len(fields) == 3 else ()
        commands = [Command(*flat[at : at + 3]) for at in range(0, len(flat), 3)]
        inputs = [
            (slot, Input(buttons, aim, lag))
            for slot, buttons, aim, lag in _INPUT.iter_unpack(fields[1])
        ]
        return commands, inputs

    def checkpoint_before(self, tick: int) -> int:
        """The tick of the last checkpoint that is not after this one."""
        index = bisect_right(self._checkpoints, tick, key=lambda each: each[0]) - 1
        return self._checkpoints[max(index, 0)][0]

    def is_checkpoint(self, tick: int) -> bool:
        """Whether the whole world of a tick was written down."""
        return self.checkpoint_before(tick) == tick

    def world_of(self, tick: int) -> World:
        """A fresh world of a checkpoint. Raises `RecordingError`."""
        index = bisect_right(self._checkpoints, tick, key=lambda each: each[0]) - 1
        _, begin, end = self._checkpoints[index]
        return self._load(bytes(self._strip.data[begin:end]))

    def names_at(self, tick: int) -> dict[int, str]:
        """Names by slot of all who sit there, or did before."""
        names: dict[int, str] = {}
        for since, seats in self.names:
            if since > tick:
                break
            names |= seats
        return names

    def _note(self, payload: bytes, begin: int, end: int) -> None:
        kind = kind_of(payload)
        if kind is RecordKind.TICK:
            self._ticks.extend((begin, end))
            self.last_tick += 1
        elif kind is RecordKind.CHECKPOINT:
            self._note_checkpoint(payload, begin, end)
        elif kind is RecordKind.PEOPLE:
            self.names.append((self.last_tick, seated(fields_of_record(payload)[0])))
        elif kind is RecordKind.HEADER:
            self._begin(payload)

    def _begin(self, payload: bytes) -> None:
        """The first header; those of later segments say nothing new."""
        if self.header is not None:
            return
        with foreign_journal():
            self.header = Header(*fields_of_record(payload)[1:])
            self._arena = self.arena_of(self.header)
            if self._arena.digest != self.header.map_digest:
                raise RecordingError("it was played on another edition of its map")
            self._tuning = load_tuning(self.header.tuning)

    def _note_checkpoint(self, payload: bytes, begin: int, end: int) -> None:
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
            return load(fields_of_record(payload)[1], self._arena, self._tuning)


def deaths_between(before: World, after: World) -> list[Kill]:
    """Who died between two checkpoints, and by whom where there is no doubt.

    A journal holds what went into a match, not what happened: that takes a replay of all of it.
    The counts in two checkpoints tell it to the second, at no price.
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

"""Journals for tests: of short matches of bots, and of what a failing test did to its world.

`played()` plays and records; `Recorder` records a test that steps a world itself, and
`written_on_failure` puts the record where `skirmish debug` can open it. Such a journal contains
its own arena, which was drawn in a test and is in no folder.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields, is_dataclass
from functools import cache
from pathlib import Path

import attrs
from attrs import define, field, frozen

import game
from game.arena import Arena
from game.brain import Brain, perception_of
from game.events import Event
from game.inputs import Command, CommandKind, Input
from game.journal import Header, JournalWriter, Person
from game.journal.records import CHECKPOINT_EVERY_TICKS, NO_CHAIN
from game.modes import MODES
from game.state import dump_tuning
from game.world import Phase, World
from server.maps.files import load_maps

MAPS = Path(__file__).parents[1] / "maps"
FOLDER = Path(__file__).parents[1] / "test-journals"
NAMES = ("Ada", "Basil", "Cleo", "Dice", "Echo", "Fern", "Gizmo", "Hazel")
SECRET = "player-secret"  # the start of every id in these journals: it must never leave a server


@cache
def house_maps() -> dict[str, Arena]:
    """The maps that come with Skirmish, read once for all tests; not to be changed."""
    return load_maps(MAPS)


@frozen
class Played:
    """A match that was played, and its state at each tick."""

    journal: bytes
    arena: Arena
    digests: dict[int, bytes] = field(repr=False)  # after each tick
    events: dict[int, list[Event]] = field(repr=False)
    last_tick: int


def header_of(world: World, match_id: str = "match", segment: int = 0) -> Header:
    """The header of a world's journal, with the minimum that a host writes."""
    return Header(
        previous_chain=NO_CHAIN,
        match_id=match_id,
        round_number=0,
        segment=segment,
        spec=(),
        map_name=world.arena.name,
        map_digest=world.arena.digest,
        fingerprint=bytes(8),
        build="test",
        tuning=dump_tuning(world.tuning),
    )


def people(count: int) -> list[Person]:
    """People in the first seats, with secret ids and nonces."""
    return [
        Person(slot, f"{SECRET}-{slot}", NAMES[slot % len(NAMES)], *[bytes([170 + slot]) * 8] * 3)
        for slot in range(count)
    ]


def played(
    ticks: int = 600, players: int = 4, *, seed: int = 1, map_name: str = "", mode: str = ""
) -> Played:
    """Bots play `ticks` ticks, or until the match is over; it goes into one journal file."""
    maps = house_maps()
    arena = maps[map_name or min(maps)]
    world = game.new(MODES[mode or "deathmatch"].configure(arena, seed), arena)
    writer = JournalWriter()
    writer.header(header_of(world))
    writer.checkpoint(world)
    writer.people(people(players))
    brains = {slot: Brain(arena, 1 + slot % 5, seed, slot) for slot in range(players)}
    last: dict[int, Input] = {}
    digests, events = {}, {}
    commands = [Command(CommandKind.JOIN, slot, 1) for slot in brains]
    while world.tick < ticks and world.phase < Phase.OVER:
        wishes = _changed(world, brains, last)
        writer.tick(world, commands, wishes)
        happened = game.step(world, commands, wishes)
        events[world.tick] = happened
        commands = []
        digests[world.tick] = game.digest(world)
        if world.tick % CHECKPOINT_EVERY_TICKS == 0:
            writer.checkpoint(world)
    writer.result(world.tick, game.digest(world), _result(players), b"signed")
    return Played(writer.take(), arena, digests, events, world.tick)


def _changed(
    world: World, brains: dict[int, Brain], last: dict[int, Input]
) -> list[tuple[int, Input]]:
    """The bots' inputs that differ from their last, by slot."""
    wishes = []
    for slot in world.players:
        wish = brains[slot].think(perception_of(world, slot))
        if last.get(slot) != wish:
            last[slot] = wish
            wishes.append((slot, wish))
    return wishes


def _result(players: int) -> list[object]:
    """A result as a host writes it: with ids, which a public copy must not have."""
    return [[slot, f"{SECRET}-{slot}", NAMES[slot % len(NAMES)]] for slot in range(players)]


@define
class Recorder:
    """Records what a test does to one world, from the world's current state on."""

    world: World
    writer: JournalWriter = field(factory=JournalWriter)
    _bytes: bytearray = field(factory=bytearray)

    def __attrs_post_init__(self) -> None:
        """Write the header, with the arena in it because it is in no folder."""
        header = header_of(self.world, "test")
        carried = attrs.evolve(header, spec=("arena", dump_arena(self.world.arena)))
        self.writer.header(carried)
        self.checkpoint()

    def checkpoint(self) -> None:
        """Record the world after the test has changed it directly."""
        self.writer.checkpoint(self.world)

    def tick(self, commands: Sequence[Command], inputs: Sequence[tuple[int, Input]]) -> None:
        """Record what goes into the next step. Call it before the step, which may fail."""
        self.writer.tick(self.world, commands, inputs)

    def journal(self) -> bytes:
        """The journal so far."""
        self._bytes += self.writer.take()
        return bytes(self._bytes)


def dump_arena(arena: Arena) -> tuple[object, ...]:
    """An arena as plain tuples, for the spec of a header."""
    names = [field.name for field in fields(arena) if field.name != "derived"]
    return tuple(_plain(getattr(arena, name)) for name in names)


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return astuple(value) if is_dataclass(value) and not isinstance(value, type) else value


@contextmanager
def written_on_failure(recorder: Recorder, name: str, folder: Path = FOLDER) -> Iterator[None]:
    """Leave a journal when the block fails, and print where; the last failure of a name is kept.

    Hypothesis fails many times while it makes an example smaller, and shows the smallest last: so
    the file that stays belongs to the failure that is reported.
    """
    try:
        yield
    except Exception as error:
        folder.mkdir(exist_ok=True)
        path = folder / (re.sub(r"[^\w.-]+", "-", name).strip("-") + ".skj")
        path.write_bytes(recorder.journal())
        error.add_note(f"the journal of this failure: skirmish debug {path}")
        raise

"""Short real matches with everything a host may do, journalled as by a host."""

from dataclasses import replace
from random import Random

from attrs import define, field
from hypothesis import strategies as st

import game
from game.inputs import FIRE, SELECT_SHIFT, Command, CommandKind, Input
from game.journal import Header, JournalWriter, Person, RecordKind
from game.journal.records import NO_CHAIN
from game.modes import MODES
from game.state import dump_tuning
from game.tuning import Tuning
from game.world import World
from tests.strategies import ARENA

# Short phases, so that a few dozen ticks cover all of them.
SHORT = Tuning(countdown_ticks=5, scoreboard_ticks=15, respawn_ticks=8, protection_ticks=3)
CHECKPOINT_EVERY = 16
SLOTS = (0, 1, 3, 127)


@define
class Written:
    """A match that was played: its journal, and what went into it."""

    match_id: str = "match"
    writer: JournalWriter = field(factory=JournalWriter)
    journal: bytearray = field(factory=bytearray)
    ends: list[int] = field(factory=list)  # where each record ends in the journal
    told: list[tuple[RecordKind, int]] = field(factory=list)  # kind and tick, without the header
    entered: dict[int, tuple[list[Command], list[tuple[int, Input]]]] = field(factory=dict)
    digests: dict[int, bytes] = field(factory=dict)
    checkpoints: list[int] = field(factory=list)

    def note(self, kind: RecordKind, tick: int) -> None:
        self.journal += self.writer.take()
        self.ends.append(len(self.journal))
        if kind is not RecordKind.HEADER:
            self.told.append((kind, tick))

    def begin(self, world: World, chain: bytes = NO_CHAIN) -> None:
        self.writer.header(header_of(world, self.match_id, chain))
        self.note(RecordKind.HEADER, 0)
        self.checkpoint(world)
        self.writer.people([Person(0, "id", "Ada", b"1", b"2", b"")], (1, "note"))
        self.note(RecordKind.PEOPLE, world.tick)

    def checkpoint(self, world: World) -> None:
        self.writer.checkpoint(world)
        self.note(RecordKind.CHECKPOINT, world.tick)
        self.checkpoints.append(world.tick)
        self.digests[world.tick] = game.digest(world)

    def tick(self, world: World, commands: list[Command], inputs: list[tuple[int, Input]]) -> None:
        self.writer.tick(world, commands, inputs)
        self.note(RecordKind.TICK, world.tick + 1)
        game.step(world, commands, inputs)
        self.entered[world.tick] = (commands, inputs)
        self.digests[world.tick] = game.digest(world)

    def result(self, world: World) -> None:
        fields = ("match", 1.5, None, True, [[0, "Ada"]])
        self.writer.result(world.tick, game.digest(world), fields, b"signed")
        self.note(RecordKind.RESULT, world.tick)


def header_of(world: World, match_id: str = "match", chain: bytes = NO_CHAIN) -> Header:
    return Header(
        previous_chain=chain,
        match_id=match_id,
        round_number=0,
        segment=0,
        spec=("deathmatch", 1, ("bots", 3)),
        map_name=world.arena.name,
        map_digest=world.arena.digest,
        fingerprint=b"12345678",
        build="0.1",
        tuning=dump_tuning(world.tuning),
    )


def play(seed: int, ticks: int, mode: str = "deathmatch", match_id: str = "match") -> Written:
    """Play a match of players who join, leave, vote and shoot at random, by `seed`."""
    dice = Random(seed)
    config = MODES[mode].configure(ARENA, seed, ("drawn", "other"))
    world = game.new(replace(config, score_limit=2, time_limit_ticks=40), ARENA, SHORT)
    written = Written(match_id)
    written.begin(world)
    for _ in range(ticks):
        if world.tick and world.tick % CHECKPOINT_EVERY == 0:
            written.checkpoint(world)
        written.tick(world, _commands(dice, world), _inputs(dice, world))
    written.result(world)
    return written


def _commands(dice: Random, world: World) -> list[Command]:
    slot = dice.choice(SLOTS)
    if slot not in world.players:
        is_full = len(world.players) >= world.config.players_max
        return [] if is_full else [Command(CommandKind.JOIN, slot, dice.randrange(6))]
    match dice.randrange(40):
        case 0:
            return [Command(CommandKind.LEAVE, slot)]
        case 1:
            return [Command(CommandKind.PRESENCE, slot, dice.randrange(2))]
        case 2:
            return [Command(CommandKind.VOTE, slot, dice.randrange(2))]
    return []


def _inputs(dice: Random, world: World) -> list[tuple[int, Input]]:
    """Random new inputs for some slots; a slot may just have become empty."""
    return [
        (
            slot,
            Input(
                dice.randrange(16) | FIRE | dice.randrange(6) << SELECT_SHIFT,
                dice.randrange(65_536),
                dice.randrange(31),
            ),
        )
        for slot in SLOTS
        if dice.random() < 0.4
    ]


matches = st.builds(play, st.integers(0, 1 << 32), st.integers(0, 70), st.sampled_from(list(MODES)))

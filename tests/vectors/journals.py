"""Short matches as journals, with the digest of every tenth tick: every Python must
compute the same worlds, and an accidental change of the format is noticed.
"""

import random
from typing import Any

from game import digest, new, step
from game.inputs import AIM_MAX, BUTTONS_MAX, Command, CommandKind, Input
from game.journal import JournalWriter
from game.journal.records import CHECKPOINT_EVERY_TICKS
from game.modes import MODES
from tests.game.fights import BIG_HALL
from tests.journals import header_of, people
from tests.strategies import arena_from

TICKS, DIGEST_EVERY_TICKS = 300, 10
MATCHES = (("deathmatch", 2), ("deathmatch", 6), ("duel", 2))


def journals() -> dict[str, Any]:
    """Players who press keys at random; Python's `random` is the same everywhere."""
    return {"journals": [_journal(mode, players) for mode, players in MATCHES]}


def _journal(mode: str, players: int) -> dict[str, Any]:
    arena, dice = arena_from(BIG_HALL), random.Random(f"{mode} {players}")
    world = new(MODES[mode].configure(arena, seed=players), arena)
    writer, digests = JournalWriter(), []
    writer.header(header_of(world))
    writer.checkpoint(world)
    writer.people(people(players))
    commands = [Command(CommandKind.JOIN, slot) for slot in range(players)]
    while world.tick < TICKS:
        inputs = [
            (slot, Input(dice.getrandbits(16) % (BUTTONS_MAX + 1), dice.getrandbits(16), 3))
            for slot in range(players)
            if dice.getrandbits(2) == 0
        ]
        assert all(wish.aim <= AIM_MAX for _, wish in inputs)
        writer.tick(world, commands, inputs)
        step(world, commands, inputs)
        commands = []
        if world.tick % DIGEST_EVERY_TICKS == 0:
            digests.append(digest(world).hex())
        if world.tick % CHECKPOINT_EVERY_TICKS == 0:
            writer.checkpoint(world)
    return {"mode": mode, "hex": writer.take().hex(), "digests": digests}

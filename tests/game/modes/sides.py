"""Two-sided matches for the tests of their modes: each player stands where a test wants."""

from dataclasses import replace

from game import new, step
from game.events import Event
from game.inputs import Command, CommandKind
from game.modes import MODES
from game.referee import SCORING
from game.tuning import TUNING, Tuning
from game.world import Phase, World
from tests.strategies import arena_from

FIELD = """
######################
#s........s.........s#
#.R................B.#
#s........s.........s#
######################
"""


def play(
    mode: str, players: int, tuning: Tuning = TUNING, drawing: str = FIELD, **config: int
) -> World:
    """A match in play, nobody protected any more; slots 0, 2, … are red, slots 1, 3, … blue."""
    arena = arena_from(drawing)
    wish = replace(MODES[mode].configure(arena, 1), players_min=2, **config)
    world = new(wish, arena, tuning)
    step(world, [Command(CommandKind.JOIN, slot) for slot in range(players)])
    while world.phase != Phase.PLAY:
        step(world)
    for _ in range(tuning.protection_ticks):
        step(world)
    assert world.phase in SCORING
    return world


def leave(world: World, slot: int) -> list[Event]:
    return step(world, [Command(CommandKind.LEAVE, slot)])

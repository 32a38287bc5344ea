"""Views of sixteen players who run, turn and change direction under the real rules."""

from collections.abc import Iterator
from random import Random

import game
from game.arena import Arena
from game.inputs import DOWN, LEFT, RIGHT, UP, Command, CommandKind, Input
from game.tuning import SNAPSHOT_EVERY_TICKS
from game.view import View
from game.world import MatchConfig

PLAYERS = 16
TURN_UNITS = 900  # the aim wanders by up to this much of 65,536 in a tick
NEW_KEYS_ONE_IN = 20  # ticks
WAYS = (UP, DOWN, LEFT, RIGHT, UP | LEFT, UP | RIGHT, DOWN | LEFT, DOWN | RIGHT)


def crowd_views(arena: Arena, seed: int, count: int) -> Iterator[View]:
    """One view every second tick. Nobody shoots: movement alone is measured."""
    dice = Random(seed)
    world = game.new(MatchConfig("deathmatch", arena.name, seed, 2, PLAYERS, 25, 0), arena)
    commands = [Command(CommandKind.JOIN, slot) for slot in range(PLAYERS)]
    wishes = [Input(0, dice.randrange(65_536)) for _ in range(PLAYERS)]
    for _ in range(count):
        events = []
        for _ in range(SNAPSHOT_EVERY_TICKS):
            for slot, (buttons, aim, _lag) in enumerate(wishes):
                turned = (aim + dice.randint(-TURN_UNITS, TURN_UNITS)) % 65_536
                keys = dice.choice(WAYS) if dice.randrange(NEW_KEYS_ONE_IN) == 0 else buttons
                wishes[slot] = Input(keys, turned)
            events += game.step(world, commands, list(enumerate(wishes)))
            commands = []
        yield game.view(world, events)

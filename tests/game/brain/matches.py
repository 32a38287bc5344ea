"""Whole matches of bots, simulated as fast as the machine can, and what there is to see in them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import define, field

import game
from game.arena import Arena
from game.brain import Brain, Perception, perceptions_of
from game.events import EventKind
from game.inputs import FIRE, Command, CommandKind, Input
from game.modes import MODES
from game.tuning import Weapon
from game.world import Phase, World
from server.maps.files import load_maps
from tests.strategies import arena_from

MAPS = Path(__file__).parents[3] / "maps"

# Two rooms without a door between them, for bots that must not shoot through walls.
TWO_ROOMS = """
################
#......##......#
#.s..h.##.h..s.#
#......##......#
#......##......#
#.s....##....s.#
#......##......#
################
"""


def map_named(name: str) -> Arena:
    """A fresh arena each time: nothing that bots derived from it before is shared."""
    return load_maps(MAPS)[name]


@define
class BotMatch:
    """A match of nothing but bots. `watch` is told of every perception and the input it led to."""

    world: World
    brains: dict[int, Brain]
    watch: Callable[[Perception, Input], None] = lambda perception, given: None
    fired: dict[int, int] = field(factory=dict)  # by weapon

    def ticks(self) -> Iterator[World]:
        """Play until the scoreboard, and yield the world after each tick."""
        commands = [Command(CommandKind.JOIN, slot, 1) for slot in self.brains]
        while self.world.phase < Phase.SCOREBOARD:
            inputs = []
            for slot, perception in perceptions_of(self.world, self.world.players):
                inputs.append((slot, self.brains[slot].think(perception)))
                self.watch(perception, inputs[-1][1])
            self._count(game.step(self.world, commands, inputs))
            commands = []
            yield self.world

    def play(self) -> World:
        """Play to the end."""
        for _ in self.ticks():
            pass
        return self.world

    def _count(self, events: list[game.events.Event]) -> None:
        for event in events:
            weapon = {EventKind.SCATTER: Weapon.SCATTER, EventKind.RAIL: Weapon.RAIL}.get(event[0])
            if event[0] == EventKind.FIRE:
                weapon = Weapon(event[2])
            if weapon is not None:
                self.fired[weapon] = self.fired.get(weapon, 0) + 1


def bot_match(arena: Arena, mode: str, levels: list[int], seed: int = 1) -> BotMatch:
    """One bot for each level, in the seats from 0 up."""
    world = game.new(MODES[mode].configure(arena, seed), arena)
    brains = {slot: Brain(arena, level, seed, slot) for slot, level in enumerate(levels)}
    return BotMatch(world, brains)


def doorless_match(seed: int) -> BotMatch:
    """Two bots of level 5 that always spawn behind a wall from one another."""
    return bot_match(arena_from(TWO_ROOMS), "deathmatch", [5, 5], seed)


def pulls_trigger(given: Input) -> bool:
    return bool(given.buttons & FIRE)

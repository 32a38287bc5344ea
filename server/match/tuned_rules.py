"""The game with the numbers that an operator chose: fits `server.match.rules.Rules`.

Owns: which of the rules' numbers are settings. Must not know: matches. Invariant: what was chosen
is in the tuning of each world, and so in its journal: a replay decides as the match did, whatever
the settings are by then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from attrs import frozen

import game
from game.arena import Arena
from game.bounds import faults_of_tuning
from game.events import Event
from game.inputs import Command, Wish
from game.tuning import TICKS_PER_SECOND, TUNING, Tuning
from game.view import Renumber, View
from game.world import MatchConfig, World
from server.match.settings import MatchSettings
from server.start import StartError


@frozen
class TunedRules:
    """`tuning` is that of every round that begins."""

    tuning: Tuning

    @classmethod
    def chosen(cls, settings: MatchSettings) -> "TunedRules":
        """With the numbers that are settings. Raises `StartError` if nobody can play with them."""
        ticks = settings.rewind_ms * TICKS_PER_SECOND // 1_000
        tuning = replace(TUNING, rewind_ticks_max=ticks)
        if fault := next(faults_of_tuning(tuning), ""):
            raise StartError(f"the server cannot start: {fault} (game/tuning.py, game/bounds.py)")
        return cls(tuning)

    def new(self, config: MatchConfig, arena: Arena) -> World:
        """Make the world of one round."""
        return game.new(config, arena, self.tuning)

    def step(
        self, world: World, commands: Sequence[Command], inputs: Iterable[tuple[int, Wish]]
    ) -> list[Event]:
        """Advance it by one tick."""
        return game.step(world, commands, inputs)

    def view(
        self,
        world: World,
        events: list[Event],
        renumber: Renumber | None = None,
        before: View | None = None,
    ) -> View:
        """Cut out what may be seen, with shots under the numbers that seats may know."""
        return game.view(world, events, renumber, before)

    def digest(self, world: World) -> bytes:
        """Name its state in 16 bytes."""
        return game.digest(world)

    def dump(self, world: World) -> tuple[Any, ...]:
        """Turn it into plain tuples."""
        return game.dump(world)

    def load(self, dumped: tuple[Any, ...], arena: Arena) -> World:
        """Turn plain tuples back into a world."""
        return game.load(dumped, arena, self.tuning)

"""The rules of the game, wrapped to record what went into each tick of each round.

Owns: the record that a run is judged by, which is independent of the journal. Must not know: how a
match writes. Invariant: the record of a tick is what was stepped last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from attrs import define, field

import game
from game.arena import Arena
from game.events import Event
from game.inputs import Command, Input
from game.tuning import TICKS_PER_SECOND, TUNING
from game.view import Renumber, View
from game.world import MatchConfig, Phase, World
from tests.simulation.effects import Mortal

HASTE = replace(
    TUNING,
    countdown_ticks=TICKS_PER_SECOND // 2,
    overtime_ticks_max=2 * TICKS_PER_SECOND,
    scoreboard_ticks=TICKS_PER_SECOND,
)

Step = tuple[tuple[Command, ...], tuple[tuple[int, Input], ...]]


@define(eq=False)
class Record:
    """All steps of all processes of a run. A round is identified by its seed, which is unique."""

    steps: dict[int, dict[int, Step]] = field(factory=dict)  # by seed, then by tick
    scored: dict[int, bytes] = field(factory=dict)  # the digest a round was scored with, by seed


@define(eq=False)
class TappedRules:
    """The recording rules of one process; implements `server.match.rules.Rules`."""

    record: Record
    process: Mortal

    def new(self, config: MatchConfig, arena: Arena) -> World:
        return game.new(config, arena, tuning=HASTE)

    def step(
        self, world: World, commands: Sequence[Command], inputs: Iterable[tuple[int, Input]]
    ) -> list[Event]:
        inputs = list(inputs)
        steps = self.record.steps.setdefault(world.config.seed, {})
        steps[world.tick + 1] = (tuple(commands), tuple(inputs))
        return game.step(world, commands, inputs)

    def view(
        self,
        world: World,
        events: list[Event],
        renumber: Renumber | None = None,
        before: View | None = None,
    ) -> View:
        return game.view(world, events, renumber, before)

    def digest(self, world: World) -> bytes:
        digest = game.digest(world)
        if world.phase >= Phase.SCOREBOARD and not self.process.is_dead:
            self.record.scored[world.config.seed] = digest
        return digest

    def dump(self, world: World) -> tuple[Any, ...]:
        return game.dump(world)

    def load(self, dumped: tuple[Any, ...], arena: Arena) -> World:
        return game.load(dumped, arena, tuning=HASTE)

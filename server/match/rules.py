"""The seam to the game: what a match asks of the rules. The package `game` fits; so does the toy in
the tests.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from game.arena import Arena
from game.events import Event
from game.inputs import Command, Input
from game.view import View
from game.world import MatchConfig

World = Any  # opaque: a match only hands it back to the rules and reads tick, phase and next_map


class Rules(Protocol):
    """A game behind six functions; see `game/__init__.py` for what each promises."""

    def new(self, config: MatchConfig, arena: Arena) -> World:
        """Make the world of one round."""

    def step(
        self, world: World, commands: Sequence[Command], inputs: Iterable[tuple[int, Input]]
    ) -> list[Event]:
        """Advance it by one tick."""

    def view(self, world: World, events: list[Event]) -> View:
        """Cut out what may be seen."""

    def digest(self, world: World) -> bytes:
        """Name its state in 16 bytes."""

    def dump(self, world: World) -> tuple[Any, ...]:
        """Turn it into plain tuples."""

    def load(self, dumped: tuple[Any, ...], arena: Arena) -> World:
        """Turn plain tuples back into a world."""

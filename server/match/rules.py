"""The seam to the game: what a match asks of the rules and of the bots.

Owns: the two protocols. The packages `game` and `game.brain` fit them; so does the tests' toy.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from game.arena import Arena
from game.events import Event
from game.inputs import Command, Input, Wish
from game.view import Renumber, View
from game.world import MatchConfig

World = Any  # opaque: a match only hands it back to the rules and reads tick, phase and next_map


class Rules(Protocol):
    """A game behind six functions; see `game/__init__.py` for what each promises."""

    def new(self, config: MatchConfig, arena: Arena) -> World:
        """Make the world of one round."""

    def step(
        self, world: World, commands: Sequence[Command], inputs: Iterable[tuple[int, Wish]]
    ) -> list[Event]:
        """Advance it by one tick."""

    def view(
        self,
        world: World,
        events: list[Event],
        renumber: Renumber | None = None,
        before: View | None = None,
    ) -> View:
        """Cut out what may be seen, with shots under the numbers that seats may know. It may share
        with the view `before` what has not changed.
        """

    def digest(self, world: World) -> bytes:
        """Name its state in 16 bytes."""

    def dump(self, world: World) -> tuple[Any, ...]:
        """Turn it into plain tuples."""

    def load(self, dumped: tuple[Any, ...], arena: Arena) -> World:
        """Turn plain tuples back into a world."""


class Brain(Protocol):
    """One bot's brain."""

    def think(self, perception: Any) -> Input:
        """What this bot wants for the next tick, from what it sees."""


class BotFactory(Protocol):
    """Makes bots; see `game/brain/__init__.py`."""

    def Brain(self, arena: Arena, level: int, seed: int, slot: int) -> Brain:  # noqa: N802
        """Make a brain."""

    def perceptions_of(self, world: World, slots: Iterable[int]) -> Iterable[tuple[int, Any]]:
        """What each of these seats sees of the world."""

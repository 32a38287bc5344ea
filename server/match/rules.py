"""The interface to the game: what a match needs from the rules and from the bots' brains.

Owns: the two protocols. The packages `game` and `game.brain` implement them; so does the tests'
toy game.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from game.arena import Arena
from game.events import Event
from game.inputs import Command, Input, InputFields
from game.view import Renumber, View
from game.world import MatchConfig

World = Any  # opaque: a match only hands it back to the rules and reads tick, phase and next_map


class Rules(Protocol):
    """A game behind six functions; `game/__init__.py` documents each."""

    def new(self, config: MatchConfig, arena: Arena) -> World:
        """Make the world of one round."""

    def step(
        self, world: World, commands: Sequence[Command], inputs: Iterable[tuple[int, InputFields]]
    ) -> list[Event]:
        """Advance it by one tick."""

    def view(
        self,
        world: World,
        events: list[Event],
        renumber: Renumber | None = None,
        before: View | None = None,
    ) -> View:
        """Extract what may be seen, with shots under their numbers on the wire. The view may share
        unchanged parts with `before`.
        """

    def digest(self, world: World) -> bytes:
        """Hash its state to 16 bytes."""

    def dump(self, world: World) -> tuple[Any, ...]:
        """Turn it into plain tuples."""

    def load(self, dumped: tuple[Any, ...], arena: Arena) -> World:
        """Turn plain tuples back into a world."""


class Brain(Protocol):
    """One bot's brain."""

    def think(self, perception: Any) -> Input:
        """Choose this bot's input for the next tick from what it sees."""


class BotFactory(Protocol):
    """Makes bots; see `game/brain/__init__.py`."""

    def Brain(self, arena: Arena, level: int, seed: int, slot: int) -> Brain:  # noqa: N802
        """Make a brain."""

    def perceptions_of(self, world: World, slots: Iterable[int]) -> Iterable[tuple[int, Any]]:
        """The perceptions of these seats."""

"""The arguments typed after a command, parsed.

Owns: turning words into numbers, fields and probes. Must not know: what a command does with them.
"""

import re
from collections.abc import Callable

from attrs import define

from game.events import Event, EventKind
from game.world import World
from server.debugger.cursor import Probe
from server.debugger.errors import DebugError
from server.debugger.phrases import is_about
from server.replays.fields import field_of


@define(eq=False)
class Arguments:
    """The arguments typed after a command."""

    words: list[str]

    def number(self, name: str, default: int | None = None) -> int:
        """Take the next word as a whole number. Raises `DebugError`."""
        if not self.words:
            if default is None:
                raise DebugError(f"say {name}, a whole number")
            return default
        word = self.words.pop(0)
        if not re.fullmatch(r"-?\d{1,9}", word):
            raise DebugError(f"{word!r:.40} is not {name}: type a whole number")
        return int(word)

    def end(self) -> None:
        """There must be no more. Raises `DebugError`."""
        if self.words:
            raise DebugError(f"{' '.join(self.words)!r:.60} is one argument too many")


def typed(text: str) -> Arguments:
    """The words of a command's rest."""
    return Arguments(text.split())


def count_of(text: str) -> int:
    """A number of ticks, 1 if none is said. Raises `DebugError`."""
    given = typed(text)
    count = given.number("a number of ticks", 1)
    given.end()
    if count < 1:
        raise DebugError("type one tick or more")
    return count


def event_probe(text: str) -> Probe:
    """A test for events of `KIND [PLAYER]`. Raises `DebugError`."""
    given = typed(text)
    kinds = {kind.name.lower(): kind for kind in EventKind}
    word = given.words.pop(0) if given.words else ""
    if word != "event" and word not in kinds:
        raise DebugError(f"say event, change FIELD, or one of {', '.join(kinds)}")
    slot = given.number("a player's slot", -1)
    given.end()

    def probe(_world: World, events: list[Event]) -> bool:
        return any(
            (word == "event" or event[0] == kinds[word]) and (slot < 0 or is_about(event, slot))
            for event in events
        )

    return probe


def value_of(name: str) -> Callable[[World], object]:
    """A function that reads one field."""
    return lambda world: field_of(world, name)

"""A position in a recorded match, and searches from it.

Owns: the current tick, and searching forwards and backwards from it. Must not know: words for
people. Invariant: `world` is the world after `tick`, and `events` are what happened in it.
"""

from collections.abc import Callable

from attrs import define, field

from game.events import Event
from game.world import World
from server.debugger.errors import DebugError
from server.replays.session import ReplaySession

Probe = Callable[[World, list[Event]], bool]


@define(eq=False)
class Cursor:
    """Begins at the first tick."""

    session: ReplaySession
    world: World = field(init=False)
    events: list[Event] = field(init=False, factory=list)
    _checkpoints: list[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Stand at the beginning."""
        self.world = self.session.world_at(self.session.first_tick)
        self._checkpoints = self.session.checkpoints()

    @property
    def tick(self) -> int:
        """The current tick."""
        return self.world.tick

    def go(self, tick: int) -> None:
        """Stand after `tick`. Raises `RecordingError`."""
        self.world, self.events = self.at(tick)

    def at(self, tick: int) -> tuple[World, list[Event]]:
        """A fresh world of another tick, and what happened in that tick."""
        if not self.session.first_tick < tick <= self.session.last_tick:
            return self.session.world_at(tick), []
        return self.session.advance(self.session.world_at(tick - 1))

    def forward(self, ticks: int) -> None:
        """As many ticks on, at most to the end. Raises `DebugError` there."""
        if self.tick >= self.session.last_tick:
            raise DebugError(f"tick {self.tick} is the last")
        for _ in range(min(ticks, self.session.last_tick - self.tick)):
            self.world, self.events = self.session.advance(self.world)

    def back(self, ticks: int) -> None:
        """As many ticks back, at most to the beginning. Raises `DebugError` there."""
        if self.tick <= self.session.first_tick:
            raise DebugError(f"tick {self.tick} is the first")
        self.go(max(self.session.first_tick, self.tick - ticks))

    def find_next(self, probe: Probe) -> int | None:
        """The first tick after this one at which `probe` says yes; the cursor stays."""
        for world, events in self.session.walk(self.tick):
            if probe(world, events):
                return world.tick
        return None

    def find_last(self, before: int, probe: Probe) -> int | None:
        """The last tick before `before` at which `probe` says yes; the cursor stays.

        The rules only run forwards: so from checkpoint to checkpoint, the newest stretch first.
        """
        found: int | None = None
        for start, end in self._stretches(before):
            for world, events in self.session.walk(start):
                if world.tick >= end:
                    break
                if probe(world, events):
                    found = world.tick
            if found is not None:
                return found
        return None

    def last_change(self, before: int, value_of: Callable[[World], object]) -> int | None:
        """The last tick before `before` in which a value became another one; the cursor stays."""
        for start, end in self._stretches(before):
            found = None
            value = value_of(self.session.world_at(start))
            for world, _ in self.session.walk(start):
                if world.tick >= end:
                    break
                now = value_of(world)
                if now != value:
                    found, value = world.tick, now
            if found is not None:
                return found
        return None

    def _stretches(self, before: int) -> list[tuple[int, int]]:
        """(after this tick, before that tick), newest first; together all ticks before `before`."""
        starts = [tick for tick in self._checkpoints if tick < before - 1]
        if not starts:
            return []
        ends = [*(tick + 1 for tick in starts[1:]), before]
        return list(zip(starts, ends, strict=True))[::-1]

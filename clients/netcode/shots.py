"""Projectiles, drawn ahead of the last snapshot along their velocity, and the local player's shots
before the server knows them.

Owns: when each shot was first seen, and the ghosts of shots just fired. Must not know: the network.
Invariants: no shot is drawn beyond a wall in its path; a ghost is dropped as soon as its shot is in
a snapshot, or clearly never will be.
"""

from typing import Final, NamedTuple

from attrs import define, field

from clients.netcode.flight import Course, flown
from game.arena import Arena
from game.records import SOURCE_OWNER_SHIFT, SOURCE_WEAPON_MASK
from game.trig import ONE, direction
from game.tuning import TUNING
from game.view import View

CATCH_UP_TICKS: Final = 15
GHOST_TICKS_MAX: Final = 40  # a round trip of over half a second
GHOST_EARLY_TICKS: Final = 2
GHOSTS_MAX: Final = 32


class ShotDrawn(NamedTuple):
    """A projectile where it is to be drawn; ghosts have negative numbers."""

    number: int
    x: float
    y: float
    vx: int
    vy: int
    owner: int
    weapon: int


class Ghost(NamedTuple):
    """A shot that the server does not know yet, fired in `tick`."""

    number: int
    weapon: int
    tick: int
    x: int
    y: int
    vx: int
    vy: int


@define
class Shots:
    """The shots of one round, for the seat `slot` (-1: a watcher's)."""

    arena: Arena
    slot: int
    _first_ticks: dict[int, int] = field(factory=dict)  # by shot number
    _ghosts: list[Ghost] = field(factory=list)
    _next_ghost: int = -1

    def note(self, view: View) -> None:
        """Note a snapshot's new shots, and drop the ghosts that they confirm."""
        for number, shot in view.shots.items():
            if number not in self._first_ticks:
                self._first_ticks[number] = view.tick
                if shot.source >> SOURCE_OWNER_SHIFT == self.slot:
                    self._answer(shot.source & SOURCE_WEAPON_MASK, view.tick)
        for number in [number for number in self._first_ticks if number not in view.shots]:
            del self._first_ticks[number]
        self._ghosts = [it for it in self._ghosts if view.tick < it.tick + GHOST_EARLY_TICKS]

    def fire(self, weapon: int, tick: int, place: tuple[int, int], aim: int) -> None:
        """Add a ghost for a shot fired in `tick`; the server confirms it a round trip later."""
        speed = TUNING.weapons[weapon].speed
        cosine, sine = direction(aim)
        vx, vy = (cosine * speed + ONE // 2) // ONE, (sine * speed + ONE // 2) // ONE
        self._ghosts.append(Ghost(self._next_ghost, weapon, tick, *place, vx, vy))
        self._next_ghost -= 1
        del self._ghosts[:-GHOSTS_MAX]

    def at(self, view: View, tick: float, lag_ticks: float) -> list[ShotDrawn]:
        """All projectiles as of `tick`. `lag_ticks` is how far behind that the others are drawn:
        their shots start where they are drawn, and catch up in a quarter of a second.
        """
        drawn = []
        for number, shot in view.shots.items():
            owner = shot.source >> SOURCE_OWNER_SHIFT
            first_tick = self._first_ticks.get(number, view.tick)
            age = max(0.0, tick - lag_ticks - first_tick)
            lag = 0.0 if owner == self.slot else lag_ticks * max(0.0, 1 - age / CATCH_UP_TICKS)
            ticks = max(first_tick - 1.0, tick - lag) - view.tick
            weapon = shot.source & SOURCE_WEAPON_MASK
            x, y, vx, vy, _ = shot.values()
            course = flown(self.arena, Course(x, y, vx, vy), weapon, ticks)
            drawn.append(ShotDrawn(number, *course, owner, weapon))
        for ghost in self._ghosts:
            ticks = tick - ghost.tick + 1  # a shot already flies in the tick it is fired
            if ticks <= GHOST_TICKS_MAX:
                course = flown(self.arena, Course(*ghost[3:]), ghost.weapon, ticks)
                drawn.append(ShotDrawn(ghost.number, *course, self.slot, ghost.weapon))
        return drawn

    def _answer(self, weapon: int, tick: int) -> None:
        for ghost in self._ghosts:
            if ghost.weapon == weapon and ghost.tick <= tick:
                self._ghosts.remove(ghost)
                return

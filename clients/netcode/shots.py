"""Projectiles, drawn ahead of the last snapshot, and the local player's shots before the server
knows them.

Owns: when each shot was first seen, and the ghosts of shots just fired. Must not know: the network.
Invariants: a ghost turns into its shot under the same number and without a jump, so nothing is
drawn twice; one that the server never made fades away within `FADE_TICKS`; no shot is drawn beyond
a wall in its path.
"""

from collections.abc import Sequence
from math import hypot
from typing import Final, NamedTuple

from attrs import define, evolve, field

from clients.netcode.flight import Course, flown
from clients.netcode.predicted_actions import PendingAction
from clients.netcode.tuning import (
    CATCH_UP_TICKS,
    FADE_TICKS,
    GHOST_TICKS_MAX,
    SHOT_ERROR_HALVES_IN_TICKS,
)
from game.arena import Arena
from game.records import SOURCE_OWNER_SHIFT, SOURCE_WEAPON_MASK, Flight
from game.trig import ONE, direction
from game.tuning import TUNING
from game.view import View


class ShotDrawn(NamedTuple):
    """A projectile where it is to be drawn; ghosts have negative numbers."""

    number: int
    x: float
    y: float
    vx: int
    vy: int
    owner: int
    weapon: int
    opacity: float = 1.0  # below 1: predicted, and never fired


class Offset(NamedTuple):
    """The offset of a shot's drawn place, in units, when it began to shrink."""

    x: float
    y: float
    since_tick: float


NO_ERROR: Final = Offset(0, 0, 0)


@define
class Ghost:
    """A shot that the server does not know yet, fired in `tick`."""

    number: int
    weapon: int
    tick: int
    course: Course
    error: Offset = NO_ERROR
    denied_tick: float | None = None  # the server never made it

    def course_at(self, arena: Arena, tick: float) -> Course:
        """Where the rules place it; a shot already flies in the tick it is fired."""
        return flown(arena, self.course, self.weapon, tick - self.tick + 1)

    def drawn_at(self, arena: Arena, tick: float) -> Course:
        """Where it is drawn."""
        return _shifted(self.course_at(arena, tick), self.error, tick)


class Known(NamedTuple):
    """A shot of the server's: when it was first seen, and how it is drawn."""

    first_tick: int
    number: int  # that of its ghost, if it had one
    error: Offset


@define
class Shots:
    """The shots of one round, for the seat `slot` (-1: a watcher's)."""

    arena: Arena
    slot: int
    _known: dict[int, Known] = field(factory=dict)  # by the server's number
    _ghosts: dict[int, Ghost] = field(factory=dict)

    def fire(self, pending: PendingAction) -> None:
        """Add a ghost for a shot of the local player."""
        self._ghosts[pending.number] = _ghost_of(pending)

    def move(self, pending: PendingAction, now_tick: float) -> None:
        """Move a ghost whose shot was fired in another tick than predicted, or from elsewhere."""
        before = self._ghosts.get(pending.number)
        if before is None:
            return
        after, arena = _ghost_of(pending), self.arena
        drawn, course = before.drawn_at(arena, now_tick), after.drawn_at(arena, now_tick)
        self._ghosts[pending.number] = evolve(after, error=_between(drawn, course, now_tick))

    def deny(self, pending: PendingAction, now_tick: float) -> None:
        """Let the ghost fade of a shot that was never fired."""
        ghost = self._ghosts.get(pending.number)
        if ghost is not None and ghost.denied_tick is None:
            ghost.denied_tick = now_tick

    def note(self, view: View, confirmed: Sequence[PendingAction], now_tick: float) -> None:
        """Note the new shots of a snapshot, and put own ones in the place of their ghosts. A
        `confirmed` shot that is not in it has ended already.
        """
        for number, shot in view.shots.items():
            if number not in self._known:
                self._known[number] = self._met(view.tick, number, shot, now_tick)
        for number in self._known.keys() - view.shots.keys():
            del self._known[number]
        for pending in confirmed:
            self._ghosts.pop(pending.number, None)
        for ghost in list(self._ghosts.values()):
            if ghost.tick < now_tick - GHOST_TICKS_MAX:
                del self._ghosts[ghost.number]

    def at(self, view: View, tick: float, lag_ticks: float) -> list[ShotDrawn]:
        """All projectiles as of `tick`. `lag_ticks` is how far behind that the others are drawn:
        their shots start where they are drawn, and catch up in a quarter of a second.
        """
        drawn = []
        for number, shot in view.shots.items():
            owner, weapon, course = _course_of(shot)
            known = self._known.get(number) or Known(view.tick, number, NO_ERROR)
            age = max(0.0, tick - lag_ticks - known.first_tick)
            lag = 0.0 if owner == self.slot else lag_ticks * max(0.0, 1 - age / CATCH_UP_TICKS)
            ticks = max(known.first_tick - 1.0, tick - lag) - view.tick
            course = _shifted(flown(self.arena, course, weapon, ticks), known.error, tick)
            drawn.append(ShotDrawn(known.number, *course, owner, weapon))
        for ghost in list(self._ghosts.values()):
            denied_tick = ghost.denied_tick
            fading = 0.0 if denied_tick is None else (tick - denied_tick) / FADE_TICKS
            if fading >= 1:
                del self._ghosts[ghost.number]
                continue
            course, opacity = ghost.drawn_at(self.arena, tick), min(1.0, 1 - fading)
            drawn.append(ShotDrawn(ghost.number, *course, self.slot, ghost.weapon, opacity))
        return drawn

    def _met(self, tick: int, number: int, shot: Flight, now_tick: float) -> Known:
        """A new shot of the server's; an own one takes over the number of its ghost."""
        owner, weapon, course = _course_of(shot)
        ghost = self._ghost_at(course, weapon, tick) if owner == self.slot else None
        if ghost is None:
            return Known(tick, number, NO_ERROR)
        del self._ghosts[ghost.number]
        authoritative = flown(self.arena, course, weapon, now_tick - tick)
        error = _between(ghost.drawn_at(self.arena, now_tick), authoritative, now_tick)
        return Known(tick, ghost.number, error)

    def _ghost_at(self, course: Course, weapon: int, tick: int) -> Ghost | None:
        """The ghost of an own shot that is on `course` at `tick`: the nearest of its weapon."""

        def distance(ghost: Ghost) -> float:
            there = ghost.course_at(self.arena, tick)
            return hypot(there.x - course.x, there.y - course.y)

        ghosts = [it for it in self._ghosts.values() if it.weapon == weapon and it.tick <= tick + 1]
        return min(ghosts, key=distance, default=None)


def _ghost_of(pending: PendingAction) -> Ghost:
    number, (tick, event, x, y, aim) = pending
    speed = TUNING.weapons[event[2]].speed
    cosine, sine = direction(aim)
    vx, vy = (cosine * speed + ONE // 2) // ONE, (sine * speed + ONE // 2) // ONE
    return Ghost(number, event[2], tick, Course(x, y, vx, vy))


def _course_of(shot: Flight) -> tuple[int, int, Course]:
    x, y, vx, vy, source = shot.values()
    return source >> SOURCE_OWNER_SHIFT, source & SOURCE_WEAPON_MASK, Course(x, y, vx, vy)


def _between(drawn: Course, place: Course, tick: float) -> Offset:
    return Offset(drawn.x - place.x, drawn.y - place.y, tick)


def _shifted(course: Course, error: Offset, tick: float) -> Course:
    left = 0.5 ** (max(0.0, tick - error.since_tick) / SHOT_ERROR_HALVES_IN_TICKS)
    return course._replace(x=course.x + error.x * left, y=course.y + error.y * left)

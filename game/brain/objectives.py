"""Objectives: what the mode wants of a bot. Flags are fetched, guarded and brought home; no bot
stays outside of the circle for long.

Owns: the roles, and where each has to be. Must not know: navigation, fights, pickups. Invariant: an
objective is a place on the map; a bot without one is free to hunt.
"""

from typing import NamedTuple

from attrs import define, field

from game.arena import Arena
from game.brain.dice import Dice
from game.brain.perception import FlagSeen, Perception
from game.circle_plan import circle_at
from game.tuning import TICKS_PER_SECOND, TILE_UNITS
from game.world import HOME, ON_GROUND

GUARDS_ONE_OF = 3  # of so many mates one stays at home
HOME_UNITS = 10 * TILE_UNITS  # around one's own flag
ALARM_UNITS = 16 * TILE_UNITS  # an enemy so near to it is a guard's business
GRAB_UNITS = 7 * TILE_UNITS  # a flag so near is worth more than a fight
RESCUE_UNITS = 25 * TILE_UNITS  # from so far even attackers come for their own flag
ESCORT_UNITS = 4 * TILE_UNITS
WARNING_TICKS = 12 * TICKS_PER_SECOND  # before the circle begins to close, the next one counts
NARROW_UNITS = 40 * TILE_UNITS  # a circle so small brings everybody together anyway
LEG_UNITS = 40 * TILE_UNITS  # of a long way into the circle
CHOICE_MAX = 4  # of so many places the dice choose, so that not all stand on one


class Objective(NamedTuple):
    """A place to be at; urgent: no fight and no pickup on the way."""

    x: int
    y: int
    urgent: bool = False


@define
class ObjectiveSelector:
    """Chooses one bot's objectives. `places` is everything on the map that has a name."""

    arena: Arena
    dice: Dice
    places: list[tuple[int, int]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Spawns and pads are spread over all of a map, and can be reached."""
        arena = self.arena
        self.places = [(spot.x, spot.y) for spot in arena.spawns]
        self.places += [(pad.x, pad.y) for pad in arena.pads]

    def next(self, perception: Perception) -> Objective | None:
        """Return the present objective; None: there is none."""
        if perception.circle.end_tick:
            return self._into_the_circle(perception)
        if perception.flags and perception.team:
            return self._about_flags(perception)
        return None

    def is_allowed(self, perception: Perception, x: int, y: int) -> bool:
        """Whether a goal may be there: not where the circle will soon have left."""
        return not perception.circle.end_tick or _is_within(_bounds(perception), x, y)

    def may_hunt(self, perception: Perception) -> bool:
        """Whether to look for enemies; with one life a bot waits, until the circle gets narrow."""
        return not perception.circle.end_tick or perception.circle.radius < NARROW_UNITS

    def _into_the_circle(self, perception: Perception) -> Objective | None:
        bounds = _bounds(perception)
        if _is_within(bounds, perception.x, perception.y):
            return None
        x, y, radius = bounds
        urgent = perception.tick >= perception.circle.begin_tick
        near = [at for at in self.places if _away(perception, *at) <= LEG_UNITS]
        inside = [at for at in near if _is_within((x, y, radius * 3 // 4), *at)]
        if inside:
            inside.sort(key=lambda at: _away(perception, *at))
            return Objective(*inside[self.dice.below(min(len(inside), CHOICE_MAX))], urgent)
        if not near or max(abs(x - perception.x), abs(y - perception.y)) <= LEG_UNITS:
            return Objective(x, y, urgent)
        return Objective(*min(near, key=lambda at: max(abs(x - at[0]), abs(y - at[1]))), urgent)

    def _about_flags(self, perception: Perception) -> Objective | None:
        ours, theirs = perception.flags[perception.team], perception.flags[3 - perception.team]
        if theirs.holder == perception.slot:
            return self._bring_home(perception, ours)
        if ours.holder == ON_GROUND and _away(perception, ours.x, ours.y) < RESCUE_UNITS:
            return Objective(ours.x, ours.y, urgent=True)
        thief, mate = (
            self._where_to_stop(perception, ours.holder),
            perception.bodies.get(theirs.holder),
        )
        if _is_guard(perception):
            return self._guard(perception, ours, thief)
        if mate is None:
            near = _away(perception, theirs.x, theirs.y) < GRAB_UNITS
            return Objective(theirs.x, theirs.y, urgent=near)
        if thief is not None:  # both are away: nobody scores before ours is back
            return Objective(*thief)
        is_near = _away(perception, mate.x, mate.y) < ESCORT_UNITS
        return None if is_near else Objective(mate.x, mate.y)

    def _bring_home(self, perception: Perception, ours: FlagSeen) -> Objective:
        base = self.arena.flags[perception.team - 1]
        if ours.holder == HOME or _away(perception, base.x, base.y) > HOME_UNITS:
            return Objective(base.x, base.y, urgent=True)
        return Objective(*self._somewhere_around(base.x, base.y), urgent=True)

    def _where_to_stop(self, perception: Perception, holder: int) -> tuple[int, int] | None:
        """The thief's position, or their flag's home if out of sight; None: there is no thief."""
        if holder in (HOME, ON_GROUND):
            return None
        thief, enemy_base = perception.bodies.get(holder), self.arena.flags[2 - perception.team]
        if thief is not None:
            return thief.x, thief.y
        if _away(perception, enemy_base.x, enemy_base.y) > HOME_UNITS:
            return enemy_base.x, enemy_base.y
        return self._somewhere_around(enemy_base.x, enemy_base.y)

    def _guard(
        self, perception: Perception, ours: FlagSeen, thief: tuple[int, int] | None
    ) -> Objective:
        if thief is not None:
            return Objective(*thief)
        if ours.holder == ON_GROUND:
            return Objective(ours.x, ours.y)
        intruders = [
            body
            for body in perception.bodies.values()
            if body.alive
            and body.team != perception.team
            and max(abs(body.x - ours.x), abs(body.y - ours.y)) < ALARM_UNITS
        ]
        if intruders:
            nearest = min(intruders, key=lambda body: _away(perception, body.x, body.y))
            return Objective(nearest.x, nearest.y)
        return Objective(*self._somewhere_around(ours.x, ours.y))

    def _somewhere_around(self, x: int, y: int) -> tuple[int, int]:
        near = [at for at in self.places if max(abs(at[0] - x), abs(at[1] - y)) < HOME_UNITS]
        return near[self.dice.below(len(near))] if near else (x, y)


def _bounds(perception: Perception) -> tuple[int, int, int]:
    """x, y and radius of where one should be: in the next circle, once it is about to come."""
    circle = perception.circle
    if perception.tick < circle.begin_tick - WARNING_TICKS:
        return circle_at(circle, perception.tick)
    return circle.next_x, circle.next_y, circle.next_radius


def _is_within(bounds: tuple[int, int, int], x: int, y: int) -> bool:
    centre_x, centre_y, radius = bounds
    inner = radius * 9 // 10
    return (x - centre_x) * (x - centre_x) + (y - centre_y) * (y - centre_y) <= inner * inner


def _away(perception: Perception, x: int, y: int) -> int:
    return max(abs(x - perception.x), abs(y - perception.y))


def _is_guard(perception: Perception) -> bool:
    """Decide by the rank of the slot among the mates, without communication."""
    rank = sum(
        body.team == perception.team and body.slot < perception.slot
        for body in perception.bodies.values()
    )
    return rank % GUARDS_ONE_OF == 1

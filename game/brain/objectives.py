"""What the mode wants of a bot: flags fetched, guarded and brought home, and never to be outside of
the circle for long.

Owns: the roles, and where each has to be. Must not know: ways, fights, pickups. Invariant: an
errand is a place on the map; who has none is free to hunt.
"""

from typing import NamedTuple

from attrs import define, field

from game.arena import Arena
from game.brain.dice import Dice
from game.brain.perception import FlagSeen, Sight
from game.circle_plan import circle_at
from game.tuning import TICKS_PER_SECOND, TILE_UNITS
from game.world import HOME, ON_GROUND

GUARDS_ONE_OF = 3  # of so many mates one stays at home
HOME_UNITS = 10 * TILE_UNITS  # around one's own flag
ALARM_UNITS = 16 * TILE_UNITS  # an enemy so near to it is a guard's business
GRAB_UNITS = 7 * TILE_UNITS  # a flag so near is worth more than a fight
RESCUE_UNITS = 25 * TILE_UNITS  # from so far even attackers come for their own flag
ESCORT_UNITS = 4 * TILE_UNITS
WARNING_TICKS = 12 * TICKS_PER_SECOND  # before the circle begins to close, one looks at the next
NARROW_UNITS = 40 * TILE_UNITS  # a circle so small brings everybody together anyway
LEG_UNITS = 40 * TILE_UNITS  # of a long way into the circle
CHOICE_MAX = 4  # of so many places the dice choose, so that not all stand on one


class Errand(NamedTuple):
    """A place to be at; urgent: no fight and no pickup on the way."""

    x: int
    y: int
    urgent: bool = False


@define
class Errands:
    """One bot's duties. `places` is everything on the map that has a name."""

    arena: Arena
    dice: Dice
    places: list[tuple[int, int]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Spawns and pads are spread over all of a map, and can be reached."""
        arena = self.arena
        self.places = [(spot.x, spot.y) for spot in arena.spawns]
        self.places += [(pad.x, pad.y) for pad in arena.pads]

    def next(self, sight: Sight) -> Errand | None:
        """What is to be done now; None: whatever one likes."""
        if sight.circle.end_tick:
            return self._into_the_circle(sight)
        if sight.flags and sight.team:
            return self._about_flags(sight)
        return None

    def is_allowed(self, sight: Sight, x: int, y: int) -> bool:
        """Whether one may want to be there: not where the circle will soon have been."""
        return not sight.circle.end_tick or _is_within(_bounds(sight), x, y)

    def is_for_hunting(self, sight: Sight) -> bool:
        """Whether enemies are looked for; who has one life waits for them, until it gets narrow."""
        return not sight.circle.end_tick or sight.circle.radius < NARROW_UNITS

    def _into_the_circle(self, sight: Sight) -> Errand | None:
        bounds = _bounds(sight)
        if _is_within(bounds, sight.x, sight.y):
            return None
        x, y, radius = bounds
        urgent = sight.tick >= sight.circle.begin_tick
        near = [at for at in self.places if _away(sight, *at) <= LEG_UNITS]
        inside = [at for at in near if _is_within((x, y, radius * 3 // 4), *at)]
        if inside:
            inside.sort(key=lambda at: _away(sight, *at))
            return Errand(*inside[self.dice.below(min(len(inside), CHOICE_MAX))], urgent)
        if not near or max(abs(x - sight.x), abs(y - sight.y)) <= LEG_UNITS:
            return Errand(x, y, urgent)
        return Errand(*min(near, key=lambda at: max(abs(x - at[0]), abs(y - at[1]))), urgent)

    def _about_flags(self, sight: Sight) -> Errand | None:
        ours, theirs = sight.flags[sight.team], sight.flags[3 - sight.team]
        if theirs.holder == sight.slot:
            return self._bring_home(sight, ours)
        if ours.holder == ON_GROUND and _away(sight, ours.x, ours.y) < RESCUE_UNITS:
            return Errand(ours.x, ours.y, urgent=True)
        thief, mate = self._where_to_stop(sight, ours.holder), sight.bodies.get(theirs.holder)
        if _is_guard(sight):
            return self._guard(sight, ours, thief)
        if mate is None:
            near = _away(sight, theirs.x, theirs.y) < GRAB_UNITS
            return Errand(theirs.x, theirs.y, urgent=near)
        if thief is not None:  # both are away: nobody scores before ours is back
            return Errand(*thief)
        is_near = _away(sight, mate.x, mate.y) < ESCORT_UNITS
        return None if is_near else Errand(mate.x, mate.y)

    def _bring_home(self, sight: Sight, ours: FlagSeen) -> Errand:
        base = self.arena.flags[sight.team - 1]
        if ours.holder == HOME or _away(sight, base.x, base.y) > HOME_UNITS:
            return Errand(base.x, base.y, urgent=True)
        return Errand(*self._somewhere_around(base.x, base.y), urgent=True)

    def _where_to_stop(self, sight: Sight, holder: int) -> tuple[int, int] | None:
        """Where a thief is, or will bring our flag if out of sight; None: there is no thief."""
        if holder in (HOME, ON_GROUND):
            return None
        thief, den = sight.bodies.get(holder), self.arena.flags[2 - sight.team]
        if thief is not None:
            return thief.x, thief.y
        if _away(sight, den.x, den.y) > HOME_UNITS:
            return den.x, den.y
        return self._somewhere_around(den.x, den.y)

    def _guard(self, sight: Sight, ours: FlagSeen, thief: tuple[int, int] | None) -> Errand:
        if thief is not None:
            return Errand(*thief)
        if ours.holder == ON_GROUND:
            return Errand(ours.x, ours.y)
        intruders = [
            body
            for body in sight.bodies.values()
            if body.alive
            and body.team != sight.team
            and max(abs(body.x - ours.x), abs(body.y - ours.y)) < ALARM_UNITS
        ]
        if intruders:
            nearest = min(intruders, key=lambda body: _away(sight, body.x, body.y))
            return Errand(nearest.x, nearest.y)
        return Errand(*self._somewhere_around(ours.x, ours.y))

    def _somewhere_around(self, x: int, y: int) -> tuple[int, int]:
        near = [at for at in self.places if max(abs(at[0] - x), abs(at[1] - y)) < HOME_UNITS]
        return near[self.dice.below(len(near))] if near else (x, y)


def _bounds(sight: Sight) -> tuple[int, int, int]:
    """x, y and radius of where one should be: in the next circle, once it is about to come."""
    circle = sight.circle
    if sight.tick < circle.begin_tick - WARNING_TICKS:
        return circle_at(circle, sight.tick)
    return circle.next_x, circle.next_y, circle.next_radius


def _is_within(bounds: tuple[int, int, int], x: int, y: int) -> bool:
    centre_x, centre_y, radius = bounds
    inner = radius * 9 // 10
    return (x - centre_x) * (x - centre_x) + (y - centre_y) * (y - centre_y) <= inner * inner


def _away(sight: Sight, x: int, y: int) -> int:
    return max(abs(x - sight.x), abs(y - sight.y))


def _is_guard(sight: Sight) -> bool:
    """By one's number among the mates, so that nobody has to ask."""
    rank = sum(body.team == sight.team and body.slot < sight.slot for body in sight.bodies.values())
    return rank % GUARDS_ONE_OF == 1

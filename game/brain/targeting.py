"""Target selection: a bot watches the nearest enemy in its line of sight.

Owns: the choice of a target, and since when it is watched. Must not know: weapons, navigation.
Invariant: a target was in plain sight at the last look.
"""

from collections.abc import Iterable

from attrs import define

from game.arena import Arena
from game.brain.perception import Body, Perception
from game.collision import trace
from game.grid import FEW
from game.tuning import TILE_UNITS

LOOKED_AT_MAX = 4  # candidates whose line of sight is traced in one look, nearest first
RANGE_UNITS = 28 * TILE_UNITS
CAREFUL_UNITS = 11 * TILE_UNITS  # with one life, and a circle that is still wide
NEAR_UNITS = 8 * TILE_UNITS  # looked at first, and farther only when there are too few
LOYALTY_PERCENT = 60  # the present target counts as that much of its distance


@define
class TargetSelector:
    """The target's slot (-1 none), and the tick at which it came into sight."""

    arena: Arena
    target: int = -1
    seen_since_tick: int = 0

    def look(self, perception: Perception) -> None:
        """Choose the target from now on."""
        previous, self.target = self.target, -1
        for _, body in self.candidates(perception, previous)[:LOOKED_AT_MAX]:
            if can_see(self.arena, perception.x, perception.y, body.x, body.y):
                self.target = body.slot
                if body.slot != previous:
                    self.seen_since_tick = perception.tick
                return

    def body(self, perception: Perception) -> Body | None:
        """Return the target as it is now; None when there is none, or it is dead or safe."""
        if self.target < 0:
            return None
        body = perception.bodies.get(self.target)
        return body if body is not None and body.alive and not body.protected else None

    def candidates(self, perception: Perception, previous: int) -> list[tuple[int, Body]]:
        """Return the nearest enemies in range, the nearest first; equal distances go by slot."""
        careful = perception.circle.next_radius > RANGE_UNITS
        most = CAREFUL_UNITS if careful else RANGE_UNITS
        reach = NEAR_UNITS if len(perception.bodies) > FEW else most
        found = _watchable(perception, perception.near(reach), reach)
        while len(found) < LOOKED_AT_MAX and reach < most:
            reach = min(2 * reach, most)
            found = _watchable(perception, perception.near(reach), reach)
        if previous in perception.bodies:
            found = [each for each in found if each[1].slot != previous]
            for away, body in _watchable(perception, (perception.bodies[previous],), most):
                found.append((away * LOYALTY_PERCENT // 100, body))
        return sorted(found)


def _watchable(
    perception: Perception, bodies: Iterable[Body], reach: int
) -> list[tuple[int, Body]]:
    """Return the enemies nearer than `reach` who can be hurt, with their squared distances."""
    found = []
    for body in bodies:
        across, down = body.x - perception.x, body.y - perception.y
        away = across * across + down * down
        if away < reach * reach and is_enemy(perception, body) and not body.protected:
            found.append((away, body))
    return found


def is_enemy(perception: Perception, body: Body) -> bool:
    """Whether `body` lives and is no team mate; team 0 means free for all."""
    if not body.alive or body.slot == perception.slot:
        return False
    return body.team == 0 or body.team != perception.team


def can_see(arena: Arena, x: int, y: int, x2: int, y2: int) -> bool:
    """Whether no wall stands between two points."""
    return not trace(arena, x, y, x2, y2)[2]

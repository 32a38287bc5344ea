"""How a bot moves: along a way, round an enemy, out of a rocket's path, off a spot where it hangs.

Owns: the movement keys. Must not know: what the goal is for, weapons. Invariant: who wants to be
elsewhere and does not get there within two seconds is sent somewhere else.
"""

from math import isqrt

from attrs import define

from game.arena import Arena
from game.brain.dice import Dice
from game.brain.navigation import Chart
from game.brain.perception import Body, ShotSeen, Sight
from game.brain.skill import Skill
from game.collision import trace
from game.inputs import DOWN, LEFT, RIGHT, UP
from game.tuning import TILE_UNITS, TUNING, Weapon

SLACK_UNITS = 100  # nearer than that along an axis: no key
FAR_HOPS, NEAR_HOPS = 6, 2  # tiles ahead that are tried as the next waypoint, if straight
STRAFE_TICKS_MIN, STRAFE_TICKS_MORE = 18, 40
ROOM_UNITS = 1_500  # free way ahead that a strafe step wants
CHECK_TICKS = 60  # how often progress is checked
PROGRESS_UNITS = 700
DODGE_TICKS = 30  # how far ahead a shot is thought
DODGE_UNITS = 1_300  # how near it must pass to be dodged

# The distance each weapon likes best, in units.
LIKED_UNITS = {
    Weapon.BLASTER: 5 * TILE_UNITS,
    Weapon.SCATTER: 2 * TILE_UNITS,
    Weapon.LAUNCHER: 6 * TILE_UNITS,
    Weapon.RAIL: 10 * TILE_UNITS,
    Weapon.DISC: 5 * TILE_UNITS,
}


@define
class Footwork:
    """One bot's feet."""

    arena: Arena
    chart: Chart
    skill: Skill
    dice: Dice
    side: int = 1  # the way round an enemy: 1 or -1
    side_until_tick: int = 0
    check_tick: int = 0
    check_x: int = 0
    check_y: int = 0

    def walk(self, sight: Sight, goal_x: int, goal_y: int) -> int:
        """Return the keys for the next steps on the way to a point."""
        here, goal = self.chart.cell_at(sight.x, sight.y), self.chart.cell_at(goal_x, goal_y)
        hops = self.chart.hops(goal, here, FAR_HOPS)
        if not hops:
            return keys_towards(goal_x - sight.x, goal_y - sight.y)
        waypoint = hops[0]
        for count in (FAR_HOPS, NEAR_HOPS):
            if len(hops) >= count and self.chart.is_straight(sight.x, sight.y, hops[count - 1]):
                waypoint = hops[count - 1]
                break
        x, y = self.chart.centre_of(waypoint)
        return keys_towards(x - sight.x, y - sight.y)

    def circle(self, sight: Sight, body: Body, weapon: int) -> int:
        """Return the keys that go round `body`, at the distance that `weapon` likes."""
        if sight.tick >= self.side_until_tick:
            more = self.dice.below(STRAFE_TICKS_MORE)
            self.side_until_tick = sight.tick + STRAFE_TICKS_MIN + more
            self.side = -self.side
        across, down = body.x - sight.x, body.y - sight.y
        distance = max(isqrt(across * across + down * down), 1)
        pull = distance - LIKED_UNITS[Weapon(weapon)]  # positive: go nearer
        for _ in range(2):
            # The sum of a step sideways and one along the line, in proportion to what is wrong.
            step_x = (-down * self.side * 3 * TILE_UNITS + across * pull) // distance
            step_y = (across * self.side * 3 * TILE_UNITS + down * pull) // distance
            if self._has_room(sight, step_x, step_y):
                break
            self.side = -self.side
        return keys_towards(step_x, step_y)

    def dodge(self, sight: Sight) -> int:
        """Return the keys to dash out of the way of a rocket or disc, 0 when none comes near."""
        if sight.tick < sight.dash_ready_tick:
            return 0
        for shot in sight.shots:
            if shot.owner != sight.slot and shot.weapon in (Weapon.LAUNCHER, Weapon.DISC):
                side = _passing_side(sight, shot)
                if side and self.dice.percent(self.skill.dodge_percent):
                    return keys_towards(-shot.vy * side * TILE_UNITS, shot.vx * side * TILE_UNITS)
        return 0

    def hangs(self, sight: Sight) -> bool:
        """Whether the bot got nowhere since the last check; true at most once a second."""
        if sight.tick < self.check_tick:
            return False
        moved = abs(sight.x - self.check_x) + abs(sight.y - self.check_y)
        on_time = sight.tick < self.check_tick + CHECK_TICKS  # it lived and looked all the time
        self.check_tick = sight.tick + CHECK_TICKS
        self.check_x, self.check_y = sight.x, sight.y
        return on_time and moved < PROGRESS_UNITS

    def _has_room(self, sight: Sight, across: int, down: int) -> bool:
        length = max(isqrt(across * across + down * down), 1)
        x, y = sight.x + across * ROOM_UNITS // length, sight.y + down * ROOM_UNITS // length
        return not trace(self.arena, sight.x, sight.y, x, y)[2]


def keys_towards(across: int, down: int) -> int:
    """Return the keys of the one of eight directions that is nearest to a vector."""
    keys = 0
    if abs(across) > SLACK_UNITS and abs(across) * 5 > abs(down) * 2:  # tan 22° is 2 in 5
        keys |= RIGHT if across > 0 else LEFT
    if abs(down) > SLACK_UNITS and abs(down) * 5 > abs(across) * 2:
        keys |= DOWN if down > 0 else UP
    return keys


def _passing_side(sight: Sight, shot: ShotSeen) -> int:
    """Return to which side of a shot's way one stands (1 or -1), 0 when it does not come near."""
    across, down = sight.x - shot.x, sight.y - shot.y
    along = across * shot.vx + down * shot.vy
    speed = isqrt(shot.vx * shot.vx + shot.vy * shot.vy)
    if along <= 0 or along > speed * speed * DODGE_TICKS:
        return 0
    beside = (shot.vx * down - shot.vy * across) // speed
    if abs(beside) > DODGE_UNITS + TUNING.player_radius_units:
        return 0
    return 1 if beside >= 0 else -1

"""Steering: path following, circle strafing, dodging, and noticing that a bot is stuck.

Owns: the movement keys. Must not know: what the goal is for. Invariant: a bot that makes
no progress for two seconds is sent somewhere else.
"""

from math import isqrt

from attrs import define

from game.arena import Arena
from game.brain.dice import Dice
from game.brain.navigation import Navigation
from game.brain.perception import Body, Perception, ShotSeen
from game.brain.skill import Skill
from game.brain.weapon_hints import HINTS
from game.collision import trace
from game.inputs import DOWN, LEFT, RIGHT, UP
from game.tuning import TILE_UNITS, TUNING

SLACK_UNITS = 100  # nearer than that along an axis: no key
FAR_TILES, NEAR_TILES = 6, 2  # tiles ahead that are tried as the next waypoint, if straight
STRAFE_TICKS_MIN, STRAFE_TICKS_MORE = 18, 40
ROOM_UNITS = 1_500  # free distance ahead that a strafe step needs
CHECK_TICKS = 60  # how often progress is checked
PROGRESS_UNITS = 700
DODGE_TICKS = 30  # how far ahead a shot is predicted
DODGE_UNITS = 1_300  # how near it must pass to be dodged


@define
class Steering:
    """One bot's movement."""

    arena: Arena
    navigation: Navigation
    skill: Skill
    dice: Dice
    side: int = 1  # the direction round an enemy: 1 or -1
    side_until_tick: int = 0
    check_tick: int = 0
    check_x: int = 0
    check_y: int = 0

    def walk(self, perception: Perception, goal_x: int, goal_y: int) -> int:
        """Return the keys for the next steps on the way to a point."""
        here, goal = (
            self.navigation.cell_at(perception.x, perception.y),
            self.navigation.cell_at(goal_x, goal_y),
        )
        path = self.navigation.path(goal, here, FAR_TILES)
        if not path:
            return keys_towards(goal_x - perception.x, goal_y - perception.y)
        waypoint = path[0]
        for count in (FAR_TILES, NEAR_TILES):
            if len(path) >= count and self.navigation.is_straight(
                perception.x, perception.y, path[count - 1]
            ):
                waypoint = path[count - 1]
                break
        x, y = self.navigation.centre_of(waypoint)
        return keys_towards(x - perception.x, y - perception.y)

    def circle_strafe(self, perception: Perception, body: Body, weapon: int) -> int:
        """Return the keys that circle `body` at the preferred distance of `weapon`."""
        if perception.tick >= self.side_until_tick:
            more = self.dice.below(STRAFE_TICKS_MORE)
            self.side_until_tick = perception.tick + STRAFE_TICKS_MIN + more
            self.side = -self.side
        across, down = body.x - perception.x, body.y - perception.y
        distance = max(isqrt(across * across + down * down), 1)
        pull = distance - HINTS[weapon].preferred_units  # positive: go nearer
        for _ in range(2):
            # The sum of a step sideways and one along the line, in proportion to what is wrong.
            step_x = (-down * self.side * 3 * TILE_UNITS + across * pull) // distance
            step_y = (across * self.side * 3 * TILE_UNITS + down * pull) // distance
            if self._has_room(perception, step_x, step_y):
                break
            self.side = -self.side
        return keys_towards(step_x, step_y)

    def dodge(self, perception: Perception) -> int:
        """Return the keys to dash out of the way of a shot, 0 when none comes near."""
        if perception.tick < perception.dash_ready_tick:
            return 0
        for shot in perception.shots:
            if shot.owner != perception.slot and HINTS[shot.weapon].is_dodged:
                side = _passing_side(perception, shot)
                if side and self.dice.percent(self.skill.dodge_percent):
                    return keys_towards(-shot.vy * side * TILE_UNITS, shot.vx * side * TILE_UNITS)
        return 0

    def is_stuck(self, perception: Perception) -> bool:
        """Whether the bot made no progress since the last check; true at most once a second."""
        if perception.tick < self.check_tick:
            return False
        moved = abs(perception.x - self.check_x) + abs(perception.y - self.check_y)
        on_time = perception.tick < self.check_tick + CHECK_TICKS  # no gap since
        self.check_tick = perception.tick + CHECK_TICKS
        self.check_x, self.check_y = perception.x, perception.y
        return on_time and moved < PROGRESS_UNITS

    def _has_room(self, perception: Perception, across: int, down: int) -> bool:
        length = max(isqrt(across * across + down * down), 1)
        x, y = (
            perception.x + across * ROOM_UNITS // length,
            perception.y + down * ROOM_UNITS // length,
        )
        return not trace(self.arena, perception.x, perception.y, x, y)[2]


def keys_towards(across: int, down: int) -> int:
    """Return the keys of the one of eight directions that is nearest to a vector."""
    keys = 0
    if abs(across) > SLACK_UNITS and abs(across) * 5 > abs(down) * 2:  # tan 22° is 2 in 5
        keys |= RIGHT if across > 0 else LEFT
    if abs(down) > SLACK_UNITS and abs(down) * 5 > abs(across) * 2:
        keys |= DOWN if down > 0 else UP
    return keys


def _passing_side(perception: Perception, shot: ShotSeen) -> int:
    """Return the side of a shot's path that the bot is on (1 or -1), 0 when it stays away."""
    across, down = perception.x - shot.x, perception.y - shot.y
    along = across * shot.vx + down * shot.vy
    speed = isqrt(shot.vx * shot.vx + shot.vy * shot.vy)
    if along <= 0 or along > speed * speed * DODGE_TICKS:
        return 0
    beside = (shot.vx * down - shot.vy * across) // speed
    if abs(beside) > DODGE_UNITS + TUNING.player_radius_units:
        return 0
    return 1 if beside >= 0 else -1

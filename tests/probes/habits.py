"""The behaviour of players while they are measured.

Owns: their inputs, and what they record. Must not know: sockets, the server. Invariant: the same
dice give the same inputs.
"""

import random
from math import cos, hypot, pi, sin
from typing import Final

from attrs import define, field

from game.collision import closest_along, trace
from game.inputs import DASH, DOWN, FIRE, LEFT, RIGHT, SELECT_SHIFT, UP, Input
from game.records import ALIVE, DASHING, PROTECTED
from game.trig import ONE, angle, direction
from game.tuning import TILE_UNITS, TUNING, TURN, Weapon
from game.world import Player
from tests.probes.person import Person

DIRECTIONS: Final = (0, UP, DOWN, LEFT, RIGHT, UP | LEFT, UP | RIGHT, DOWN | LEFT, DOWN | RIGHT)
TAKE_RAIL: Final = (Weapon.RAIL + 1) << SELECT_SHIFT
UNHURT: Final = PROTECTED | DASHING

# The pendulum runs on the right of the range; the sniper stands on its left.
PENDULUM_X: Final = 34 * TILE_UNITS
TURN_HIGH_Y, TURN_LOW_Y = 3 * TILE_UNITS, 21 * TILE_UNITS
SNIPER_X: Final = 4 * TILE_UNITS
SNIPER_Y: Final = 12 * TILE_UNITS
SNIPER_OFF_UNITS: Final = 60  # of a radius of 430: in 4 ticks a runner leaves the line
LONGEST_LAG_TICKS: Final = 40


@define
class Runner:
    """Runs in random directions; with `dashes` also dashes now and then, and fires the blaster."""

    dice: random.Random
    dashes: bool = False
    _keys: int = 0
    _until_tick: int = 0

    def press(self, person: Person, tick: int) -> Input:
        if tick >= self._until_tick:
            self._keys = self.dice.choice(DIRECTIONS)
            self._until_tick = tick + self.dice.randint(8, 40)
            if self.dashes and self.dice.random() < 0.3:
                return Input(self._keys | DASH, self.dice.randrange(TURN))
        fire = FIRE if self.dashes else 0
        return Input(self._keys | fire, tick * 97 % TURN)

    def simulated(self, person: Person, tick: int, wish: Input) -> None:
        """Nothing to note."""

    def looked(self, person: Person) -> None:
        """Nothing to note."""


@define
class Pendulum:
    """Runs up and down along the far side, straight and long, so that a shot either hits where it
    was or misses where it is.
    """

    _keys: int = DOWN

    def press(self, person: Person, tick: int) -> Input:
        own = _own(person)
        if own is None:
            return Input()
        if own.x < PENDULUM_X:
            return Input(RIGHT | _round_pillars(own))
        if own.x > PENDULUM_X + TILE_UNITS:
            return Input(LEFT | _round_pillars(own))
        if own.y > TURN_LOW_Y:
            self._keys = UP
        elif own.y < TURN_HIGH_Y:
            self._keys = DOWN
        return Input(self._keys)

    def simulated(self, person: Person, tick: int, wish: Input) -> None:
        """Nothing to note."""

    def looked(self, person: Person) -> None:
        """Nothing to note."""


@define
class Shot:
    """One rail, as the shooter saw it."""

    tick: int
    lag_ticks: float
    target: int
    is_seen_hit: bool
    is_guess: bool  # the target was extrapolated: no snapshot had its place


@define
class Marksman:
    """Strafes and shoots rails at a target, from through its middle to just past it."""

    dice: random.Random
    target: int
    legs: Runner = field(init=False)
    shots: list[Shot] = field(factory=list)
    _ready_tick: int = 0

    def __attrs_post_init__(self) -> None:
        self.legs = Runner(random.Random(self.dice.getrandbits(64)))

    def press(self, person: Person, tick: int) -> Input:
        keys = self.legs.press(person, tick).buttons
        pose, own = person.pose_of(self.target), _own(person)
        if pose is None or own is None:
            return Input(keys | TAKE_RAIL)
        self._ready_tick = own.fire_ready_tick
        turn, length = self.dice.random() * 2 * pi, TUNING.player_radius_units * 1.4
        away = length * self.dice.random()
        aim = angle(
            round(pose.x + away * cos(turn)) - own.x - own.vx,
            round(pose.y + away * sin(turn)) - own.y - own.vy,
        )
        return Input(keys | TAKE_RAIL | FIRE, aim)

    def simulated(self, person: Person, tick: int, wish: Input) -> None:
        round_ = person.round
        assert round_ is not None, "there is a round"
        own, pose = round_.prediction.self, person.pose_of(self.target)
        if own is None or pose is None or not person.is_counting:
            return
        if own.weapon != Weapon.RAIL or own.fire_ready_tick <= tick or self._ready_tick > tick:
            return
        ray = _ray(person, own.x, own.y, wish.aim)
        radius = TUNING.player_radius_units
        is_crossed = closest_along(ray, round(pose.x), round(pose.y), radius) >= 0
        is_open = bool(pose.status & ALIVE) and not pose.status & UNHURT
        view = round_.view
        assert view is not None, "there is a view"
        is_guess = person.others_tick > view.tick
        lag = tick - person.others_tick
        self.shots.append(Shot(tick, lag, self.target, is_crossed and is_open, is_guess))

    def looked(self, person: Person) -> None:
        """Nothing to note."""


@define
class Sniper(Marksman):
    """Goes to the left side, stands, and shoots at a pendulum's middle while it runs straight on.

    Whatever the lag, the pendulum has left the line of the shot by the time it arrives.
    """

    def press(self, person: Person, tick: int) -> Input:
        pose, own = person.pose_of(self.target), _own(person)
        if pose is None or own is None:
            return Input()
        if own.x > SNIPER_X + TILE_UNITS:
            return Input(LEFT | _round_pillars(own))
        if own.y < SNIPER_Y:
            return Input(DOWN)
        if own.y > SNIPER_Y + TILE_UNITS:
            return Input(UP)
        self._ready_tick = own.fire_ready_tick
        runs = abs(pose.vy) == TUNING.run_speed and own.vx == own.vy == 0
        far = pose.y + LONGEST_LAG_TICKS * pose.vy  # where it is then, if it runs on
        if not runs or not TURN_HIGH_Y < pose.y < TURN_LOW_Y or not TURN_HIGH_Y < far < TURN_LOW_Y:
            return Input(TAKE_RAIL)
        off = self.dice.randint(-SNIPER_OFF_UNITS, SNIPER_OFF_UNITS)
        aim = angle(round(pose.x) - own.x, round(pose.y) + off - own.y)
        return Input(TAKE_RAIL | FIRE, aim)


@define
class Tapper:
    """Stands, holds a key for a while, and stands again; measures when it moves on its screen."""

    dice: random.Random
    pressed_at_s: list[float] = field(factory=list)
    frames_to_move: list[int] = field(factory=list)
    _tap_tick: int = 0
    _key: int = RIGHT
    _pressed_frame: int | None = None
    _frame: int = 0
    _stood: tuple[float, float] = (0.0, 0.0)

    def press(self, person: Person, tick: int) -> Input:
        if not person.is_counting:
            self._tap_tick = tick + 60
            return Input()
        if tick >= self._tap_tick + 20:
            self._tap_tick = tick + self.dice.randint(45, 75)  # long enough to come to rest
            self._key = LEFT if self._key == RIGHT else RIGHT
        if tick < self._tap_tick:
            return Input()
        if tick == self._tap_tick:
            self.pressed_at_s.append(person.frame_at_s)
            self._pressed_frame = self._frame
        return Input(self._key)

    def simulated(self, person: Person, tick: int, wish: Input) -> None:
        """Nothing to note."""

    def looked(self, person: Person) -> None:
        round_ = person.round
        assert round_ is not None, "there is a round"
        place = round_.prediction.position_at(person.core.clock.predicted_tick)
        if self._pressed_frame is not None and place != self._stood:
            self.frames_to_move.append(self._frame - self._pressed_frame)
            self._pressed_frame = None
        if self._pressed_frame is None:
            self._stood = place
        self._frame += 1


@define
class Watcher:
    """Stands still and records when a target begins to move on its screen."""

    target: int
    moved_at_s: list[float] = field(factory=list)
    _before: tuple[float, float] | None = None
    _is_moving: bool = True

    def press(self, person: Person, tick: int) -> Input:
        return Input()

    def simulated(self, person: Person, tick: int, wish: Input) -> None:
        """Nothing to note."""

    def looked(self, person: Person) -> None:
        pose = person.pose_of(self.target)
        if pose is None:
            return
        place, before = (pose.x, pose.y), self._before
        self._before = place
        if before is None:
            return
        is_moving = hypot(place[0] - before[0], place[1] - before[1]) > 0.5
        if is_moving and not self._is_moving and person.is_counting:
            self.moved_at_s.append(person.frame_at_s)
        self._is_moving = is_moving


def _round_pillars(own: Player) -> int:
    """The key that leads around a pillar: down, for a player who is stopped on the way."""
    return DOWN if own.vx == 0 else 0


def _own(person: Person) -> Player | None:
    assert person.round is not None, "there is a round"
    return person.round.prediction.self


def _ray(person: Person, x: int, y: int, aim: int) -> tuple[int, int, int, int]:
    """The rail's line, as `game.hitscan` computes it."""
    cosine, sine = direction(aim)
    length = TUNING.weapons[Weapon.RAIL].range_units
    x2, y2, _, _ = trace(
        person.range.arena, x, y, x + cosine * length // ONE, y + sine * length // ONE
    )
    return x, y, x2, y2

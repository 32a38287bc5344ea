"""A bot player: what one seat sees → its input, every tick or every few.

Owns: how often the parts of a bot think, and how their decisions become one input. Must not know:
the World, clocks, who plays. Invariants: equal seeds and equal perceptions give equal inputs; the
cost of a tick is bounded, because targeting, goals and steering run every few ticks, and not for
all bots at once.
"""

from attrs import define, field

from game.arena import Arena
from game.brain.aiming import Aiming
from game.brain.dice import Dice, dice_for
from game.brain.goals import GoalSelector
from game.brain.navigation import navigation_of
from game.brain.perception import Body, Perception
from game.brain.skill import LEVELS, Skill
from game.brain.steering import Steering
from game.brain.targeting import TargetSelector
from game.inputs import AIM_MAX, DASH, DOWN, FIRE, LEFT, RIGHT, SELECT_SHIFT, UP, Input
from game.trig import angle
from game.tuning import TILE_UNITS
from game.world import Phase

STEP_TICKS = 5  # between two steering decisions
TURN_TICKS_MAX = 6  # a bot that thinks seldom turns as far in one `think` as others in this many
CHOOSE_TICKS = 40  # between two choices of a goal
DUEL_UNITS = 9 * TILE_UNITS  # nearer than that an enemy is circled, if nothing is more urgent
WANDER_TICKS = 90  # how long a random goal holds, after being stuck
BEGINNING = (Phase.COUNTDOWN, Phase.PLAY)  # everybody is put somewhere else
SILENT = (Phase.SCOREBOARD, Phase.OVER)


@define
class Brain:
    """One bot, made for one arena and one seat; `think` takes that seat's perceptions in order."""

    arena: Arena
    level: int
    seed: int
    slot: int
    _skill: Skill = field(init=False)
    _dice: Dice = field(init=False)
    _targeting: TargetSelector = field(init=False)
    _aiming: Aiming = field(init=False)
    _steering: Steering = field(init=False)
    _goals: GoalSelector = field(init=False)
    _keys: int = 0
    _fleeing: bool = False
    _look_tick: int = 0
    _step_tick: int = 0
    _choose_tick: int = 0
    _wander_until_tick: int = 0  # until then a random goal holds, after being stuck
    _was_alive: bool = False
    _last_think_tick: int = 0
    _phase: int = Phase.WARMUP

    def __attrs_post_init__(self) -> None:
        """Give the parts what they share: the arena, its navigation, the skill and the dice."""
        arena, skill, dice = self.arena, LEVELS[self.level], dice_for(self.seed, self.slot)
        navigation = navigation_of(arena)
        self._skill, self._dice = skill, dice
        self._targeting = TargetSelector(arena)
        self._aiming = Aiming(arena, skill, dice)
        self._steering = Steering(arena, navigation, skill, dice)
        self._goals = GoalSelector(arena, navigation, skill, dice)

    def think(self, perception: Perception) -> Input:
        """Decide what to press from this tick on until the next thought."""
        self._aiming.ticks = min(max(perception.tick - self._last_think_tick, 1), TURN_TICKS_MAX)
        self._last_think_tick = perception.tick
        if not perception.alive or perception.phase in SILENT:
            self._was_alive = False
            return Input(0, self._aiming.aim, 0)
        is_moved = perception.phase != self._phase and perception.phase in BEGINNING
        self._phase = perception.phase
        if is_moved or not self._was_alive:
            self._wake(perception)
        tick, dash = perception.tick, 0
        if tick >= self._look_tick:
            self._look_tick = tick + self._skill.look_ticks
            dash = self._look(perception)
        body = self._targeting.body(perception)
        if tick >= self._choose_tick or self._goals.is_reached(perception):
            self._wander_until_tick = 0
            self._choose_tick = tick + CHOOSE_TICKS
            self._goals.choose(perception, fleeing=self._fleeing)
            self._step_tick = tick
        if self._steering.is_stuck(perception):
            self._choose_tick = self._wander_until_tick = tick + WANDER_TICKS
            self._goals.wander(perception)
            self._step_tick = tick
        if tick >= self._step_tick:
            self._step_tick = tick + STEP_TICKS
            self._keys = self._step(perception, body)
        fire = self._aim(perception, body)
        select = 0 if perception.weapon == self._aiming.weapon else self._aiming.weapon + 1
        return Input((dash or self._keys) | fire | select << SELECT_SHIFT, self._aiming.aim, 0)

    def _wake(self, perception: Perception) -> None:
        """Begin a life: look and choose soon, but not in the same tick as all the others."""
        self._was_alive = True
        self._keys, self._fleeing = 0, False
        self._look_tick = perception.tick + self.slot % self._skill.look_ticks
        self._choose_tick = self._step_tick = perception.tick + self.slot % CHOOSE_TICKS
        self._wander_until_tick = 0
        self._aiming.desired_aim = self._aiming.aim

    def _look(self, perception: Perception) -> int:
        """Look round: whom to fight, with what, whether at all. Return the keys of a dash, or 0."""
        self._targeting.look(perception)
        body = self._targeting.body(perception)
        self._fleeing = (
            body is not None and perception.health + perception.armour < self._skill.flee_health
        )
        if body is not None:
            self._aiming.choose(perception, body)
        dash = self._steering.dodge(perception) if self._skill.dodge_percent else 0
        return dash | DASH if dash else 0

    def _step(self, perception: Perception, body: Body | None) -> int:
        """Choose the movement keys for the next few ticks."""
        free_to_fight = not self._fleeing and not self._goals.urgent
        if body is not None and free_to_fight and perception.tick >= self._wander_until_tick:
            across, down = body.x - perception.x, body.y - perception.y
            if across * across + down * down < DUEL_UNITS * DUEL_UNITS:
                return self._steering.circle_strafe(perception, body, self._aiming.weapon)
        return self._steering.walk(perception, self._goals.goal_x, self._goals.goal_y)

    def _aim(self, perception: Perception, body: Body | None) -> int:
        """Turn the aim; return FIRE when the trigger is to be pulled."""
        if body is None:
            self._aiming.desired_aim = _heading(self._keys, self._aiming.desired_aim)
            self._aiming.turn()
            return 0
        seen_ticks = perception.tick - self._targeting.seen_since_tick
        ready = seen_ticks >= self._skill.reaction_ticks and perception.phase != Phase.COUNTDOWN
        return FIRE if self._aiming.track(perception, body, ready) else 0


def _heading(keys: int, otherwise: int) -> int:
    """Return the angle of the movement keys."""
    across = bool(keys & RIGHT) - bool(keys & LEFT)
    down = bool(keys & DOWN) - bool(keys & UP)
    return angle(across, down) & AIM_MAX if across or down else otherwise

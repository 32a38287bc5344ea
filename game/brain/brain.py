"""A bot player: what one seat sees → its input, every tick or every few.

Owns: how often the parts of a bot think, and how their wishes become one input. Must not know:
the World, clocks, who plays. Invariant: equal seeds and equal sights give equal inputs; what a
tick costs is bounded, because looking, choosing and walking are done every few ticks, and not by
all bots at once.
"""

from attrs import define, field

from game.arena import Arena
from game.brain.aiming import Gunnery
from game.brain.dice import Dice, dice_for
from game.brain.goals import Wishes
from game.brain.navigation import chart_of
from game.brain.perception import Body, Sight
from game.brain.skill import LEVELS, Skill
from game.brain.steering import Footwork
from game.brain.targeting import Attention
from game.inputs import AIM_MAX, DASH, DOWN, FIRE, LEFT, RIGHT, SELECT_SHIFT, UP, Input
from game.trig import angle
from game.tuning import TILE_UNITS
from game.world import Phase

STEP_TICKS = 5  # between two looks at the way
TURN_TICKS_MAX = 6  # who thinks seldom turns as far in one thought as others do in so many
CHOOSE_TICKS = 40  # between two choices of a goal
DUEL_UNITS = 9 * TILE_UNITS  # nearer than that an enemy is circled, if nothing is more urgent
WHIM_TICKS = 90  # how long a random goal holds, after hanging somewhere
BEGINNING = (Phase.COUNTDOWN, Phase.PLAY)  # everybody is put somewhere else
SILENT = (Phase.SCOREBOARD, Phase.OVER)


@define
class Brain:
    """One bot. Made for one arena and one seat; `think` wants the sights of that seat in order."""

    arena: Arena
    level: int
    seed: int
    slot: int
    _skill: Skill = field(init=False)
    _dice: Dice = field(init=False)
    _attention: Attention = field(init=False)
    _gunnery: Gunnery = field(init=False)
    _footwork: Footwork = field(init=False)
    _wishes: Wishes = field(init=False)
    _keys: int = 0
    _fleeing: bool = False
    _look_tick: int = 0
    _step_tick: int = 0
    _choose_tick: int = 0
    _whim_until_tick: int = 0  # until then a random goal holds, after hanging somewhere
    _was_alive: bool = False
    _thought_tick: int = 0
    _phase: int = Phase.WARMUP

    def __attrs_post_init__(self) -> None:
        """Give the parts what they share: the arena, the chart of it, the skill and the dice."""
        arena, skill, dice = self.arena, LEVELS[self.level], dice_for(self.seed, self.slot)
        chart = chart_of(arena)
        self._skill, self._dice = skill, dice
        self._attention = Attention(arena)
        self._gunnery = Gunnery(arena, skill, dice)
        self._footwork = Footwork(arena, chart, skill, dice)
        self._wishes = Wishes(arena, chart, skill, dice)

    def think(self, sight: Sight) -> Input:
        """Decide what to press from this tick on until the next thought."""
        self._gunnery.ticks = min(max(sight.tick - self._thought_tick, 1), TURN_TICKS_MAX)
        self._thought_tick = sight.tick
        if not sight.alive or sight.phase in SILENT:
            self._was_alive = False
            return Input(0, self._gunnery.aim, 0)
        is_moved = sight.phase != self._phase and sight.phase in BEGINNING
        self._phase = sight.phase
        if is_moved or not self._was_alive:
            self._wake(sight)
        tick, dash = sight.tick, 0
        if tick >= self._look_tick:
            self._look_tick = tick + self._skill.look_ticks
            dash = self._look(sight)
        body = self._attention.body(sight)
        if tick >= self._choose_tick or self._wishes.is_reached(sight):
            self._whim_until_tick = 0
            self._choose_tick = tick + CHOOSE_TICKS
            self._wishes.choose(sight, fleeing=self._fleeing)
            self._step_tick = tick
        if self._footwork.hangs(sight):
            self._choose_tick = self._whim_until_tick = tick + WHIM_TICKS
            self._wishes.wander(sight)
            self._step_tick = tick
        if tick >= self._step_tick:
            self._step_tick = tick + STEP_TICKS
            self._keys = self._step(sight, body)
        fire = self._point(sight, body)
        select = 0 if sight.weapon == self._gunnery.weapon else self._gunnery.weapon + 1
        return Input((dash or self._keys) | fire | select << SELECT_SHIFT, self._gunnery.aim, 0)

    def _wake(self, sight: Sight) -> None:
        """Begin a life: look and choose soon, but not in the same tick as all the others."""
        self._was_alive = True
        self._keys, self._fleeing = 0, False
        self._look_tick = sight.tick + self.slot % self._skill.look_ticks
        self._choose_tick = self._step_tick = sight.tick + self.slot % CHOOSE_TICKS
        self._whim_until_tick = 0
        self._gunnery.wished = self._gunnery.aim

    def _look(self, sight: Sight) -> int:
        """Look round: whom to fight, with what, whether at all. Return the keys of a dash, or 0."""
        self._attention.look(sight)
        body = self._attention.body(sight)
        self._fleeing = body is not None and sight.health + sight.armour < self._skill.flee_health
        if body is not None:
            self._gunnery.choose(sight, body)
        dash = self._footwork.dodge(sight) if self._skill.dodge_percent else 0
        return dash | DASH if dash else 0

    def _step(self, sight: Sight, body: Body | None) -> int:
        """Choose the movement keys for the next few ticks."""
        free_to_fight = not self._fleeing and not self._wishes.urgent
        if body is not None and free_to_fight and sight.tick >= self._whim_until_tick:
            across, down = body.x - sight.x, body.y - sight.y
            if across * across + down * down < DUEL_UNITS * DUEL_UNITS:
                return self._footwork.circle(sight, body, self._gunnery.weapon)
        return self._footwork.walk(sight, self._wishes.goal_x, self._wishes.goal_y)

    def _point(self, sight: Sight, body: Body | None) -> int:
        """Turn the aim; return FIRE when the trigger is to be pulled."""
        if body is None:
            self._gunnery.wished = _heading(self._keys, self._gunnery.wished)
            self._gunnery.turn()
            return 0
        seen_ticks = sight.tick - self._attention.seen_since_tick
        ready = seen_ticks >= self._skill.reaction_ticks and sight.phase != Phase.COUNTDOWN
        return FIRE if self._gunnery.track(sight, body, ready) else 0


def _heading(keys: int, otherwise: int) -> int:
    """Return the angle of the movement keys."""
    across = bool(keys & RIGHT) - bool(keys & LEFT)
    down = bool(keys & DOWN) - bool(keys & UP)
    return angle(across, down) & AIM_MAX if across or down else otherwise

"""Aiming: which weapon a bot uses, where it points, and when it pulls the trigger.

Owns: the choice of a weapon, the aim and its error. Must not know: navigation, pickups. Invariant:
a trigger is pulled only when the line to the point aimed at is free of walls.
"""

from math import isqrt

from attrs import define

from game.arena import Arena
from game.brain.dice import Dice
from game.brain.perception import Body, Perception
from game.brain.skill import Skill
from game.brain.targeting import can_see
from game.brain.weapon_hints import HINTS
from game.inputs import AIM_MAX
from game.trig import angle
from game.tuning import TILE_UNITS, TUNING, TURN, Weapon

BIAS_TICKS = 150  # how long the biases for weapons last
ERROR_TICKS = 25  # how long one error of aim lasts
TOLERANCE = 900  # 5°: how near to the desired angle the trigger is pulled, beyond the error itself
LEAD_TICKS_MAX = 60


@define
class Aiming:
    """One bot's weapon and aim. `aim` is where it points now, `desired_aim` where it turns to."""

    arena: Arena
    skill: Skill
    dice: Dice
    aim: int = 0
    desired_aim: int = 0
    weapon: int = Weapon.BLASTER
    error: int = 0
    error_until_tick: int = 0
    biases: tuple[int, ...] = (0,) * len(Weapon)
    bias_until_tick: int = 0
    ticks: int = 1  # since the last `think`: the time there was to turn

    def choose(self, perception: Perception, body: Body) -> None:
        """Choose the weapon for the distance, out of those with ammunition."""
        if perception.tick >= self.bias_until_tick:
            self.bias_until_tick = perception.tick + BIAS_TICKS
            self.biases = tuple(self.dice.below(self.skill.weapon_bias + 1) for _ in Weapon)
        tiles = _distance(perception, body) // TILE_UNITS
        best_worth = -1
        for weapon, hints in HINTS.items():
            worth = hints.worth(tiles)
            if worth and (weapon == Weapon.BLASTER or perception.ammo[weapon]):
                worth += self.biases[weapon]
                if worth > best_worth:
                    best_worth, self.weapon = worth, weapon

    def track(self, perception: Perception, body: Body, ready: bool) -> bool:
        """Turn towards `body`; return whether to pull the trigger, if `ready` to shoot."""
        across, down = self._lead(perception, body)
        if perception.tick >= self.error_until_tick:
            self.error_until_tick = perception.tick + ERROR_TICKS
            self.error = self.dice.around(self.skill.aim_error)
        true = angle(across, down)
        self.desired_aim = (true + self.error) & AIM_MAX
        off = abs(self.turn())
        if not ready or off > TOLERANCE or perception.tick + 1 < perception.fire_ready_tick:
            return False
        return can_see(
            self.arena, perception.x, perception.y, perception.x + across, perception.y + down
        )

    def turn(self) -> int:
        """Turn towards the desired angle, as fast as the level can; return what is left to turn."""
        off = (self.desired_aim - self.aim + TURN // 2) % TURN - TURN // 2
        most = self.skill.turn_per_tick * self.ticks
        step = min(max(off, -most), most)
        self.aim = (self.aim + step) & AIM_MAX
        return off - step

    def _lead(self, perception: Perception, body: Body) -> tuple[int, int]:
        """Return the vector to where shot and target should meet, as well as the level predicts."""
        speed = TUNING.weapons[self.weapon].speed
        ticks = min(_distance(perception, body) // speed, LEAD_TICKS_MAX) if speed else 0
        ticks_percent = ticks * self.skill.lead_percent
        return (
            body.x + body.vx * ticks_percent // 100 - perception.x,
            body.y + body.vy * ticks_percent // 100 - perception.y,
        )


def _distance(perception: Perception, body: Body) -> int:
    across, down = body.x - perception.x, body.y - perception.y
    return isqrt(across * across + down * down)

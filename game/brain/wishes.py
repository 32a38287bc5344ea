"""Where a bot wants to be: the pickup it needs most for the way, or the enemy nearest by.

Owns: the weighing of goals. Must not know: how to get there, how to fight. Invariant: after a
choice there is a goal, and the bot does not stand on it.
"""

from attrs import define, field

from game.arena import Arena, Pad
from game.brain.attention import is_enemy
from game.brain.chart import Chart
from game.brain.dice import Dice
from game.brain.sight import Body, Sight
from game.brain.skill import Skill
from game.tuning import AMMO_BASE, TILE_SHIFT, TUNING, PickupKind

HUNT_WORTH = 55
URGENT_WORTH = 60_000
NEAR_STEPS = 4  # added to each way, so that what lies at one's feet does not outweigh everything
GUESS_PERCENT = 140  # of the straight line, for a way not walked in thought yet
ARRIVED_UNITS = 400  # well inside of a pickup's reach
RECOVERS = (PickupKind.HEALTH, PickupKind.MEGA, PickupKind.ARMOUR)


@define
class Wishes:
    """One bot's goal: a point, in units."""

    arena: Arena
    chart: Chart
    skill: Skill
    dice: Dice
    goal_x: int = 0
    goal_y: int = 0
    urgent: bool = False  # a pickup so near and so needed that no fight keeps from it
    surveyed: list[bool] = field(init=False)  # pads whose ways this bot has thought through

    def __attrs_post_init__(self) -> None:
        """Begin without knowing any way."""
        self.surveyed = [False] * len(self.arena.pads)

    def choose(self, sight: Sight, *, fleeing: bool) -> None:
        """Weigh all pads that are ready, and the nearest enemy, by their worth for the way."""
        here = self.chart.cell_at(sight.x, sight.y)
        self._survey(here)
        best_worth, goal = 0, None
        for index, pad in enumerate(self.arena.pads):
            need = self._need(sight, pad) if sight.pads_ready[index] else 0
            if (
                need
                and not (fleeing and pad.kind not in RECOVERS)
                and not _is_at(sight, pad.x, pad.y)
            ):
                worth = (
                    need * self.skill.need_percent * 100 // (self._steps(index, here) + NEAR_STEPS)
                )
                if worth > best_worth:
                    best_worth, goal = worth, (pad.x, pad.y)
        prey = None if fleeing else _nearest_enemy(sight)
        if prey is not None and not _is_at(sight, prey.x, prey.y):
            steps = self.chart.steps(self.chart.cell_at(prey.x, prey.y), here)
            if HUNT_WORTH * 10_000 // (steps + NEAR_STEPS) > best_worth:
                best_worth, goal = 0, (prey.x, prey.y)
        self.urgent = best_worth > URGENT_WORTH
        if goal is None:
            self.wander(sight)
        else:
            self.goal_x, self.goal_y = goal

    def wander(self, sight: Sight) -> None:
        """Go to a random spawn, somewhere else than here."""
        self.urgent = False
        spots = [spot for spot in self.arena.spawns if not _is_at(sight, spot.x, spot.y)]
        if spots:
            spot = spots[self.dice.below(len(spots))]
            self.goal_x, self.goal_y = spot.x, spot.y

    def is_reached(self, sight: Sight) -> bool:
        """Whether there is nothing left to walk."""
        return _is_at(sight, self.goal_x, self.goal_y)

    def _survey(self, here: int) -> None:
        """Think one more way through: all at once would be a late tick."""
        if False in self.surveyed:
            index = self.surveyed.index(False)
            pad = self.arena.pads[index]
            self.chart.steps(self.chart.cell_at(pad.x, pad.y), here)
            self.surveyed[index] = True

    def _steps(self, index: int, here: int) -> int:
        """Return how far a pad is: exactly if surveyed, or else a guess."""
        pad = self.arena.pads[index]
        if self.surveyed[index]:
            return max(self.chart.steps(self.chart.cell_at(pad.x, pad.y), here), 0)
        row, column = divmod(here, self.arena.width)
        across, down = abs((pad.x >> TILE_SHIFT) - column), abs((pad.y >> TILE_SHIFT) - row)
        return max(across, down) * GUESS_PERCENT // 100

    def _need(self, sight: Sight, pad: Pad) -> int:
        """Return how much a pickup would help now; 0 when it would not."""
        missing = max(TUNING.health_at_spawn - sight.health, 0)
        if pad.kind == PickupKind.HEALTH:
            return missing * 3 // 2
        if pad.kind == PickupKind.MEGA:
            return 90 + missing if sight.health < TUNING.health_max else 0
        if pad.kind == PickupKind.ARMOUR:
            return max(TUNING.armour_max - sight.armour, 0)
        if pad.kind == PickupKind.DOUBLE:
            return 130
        weapon = pad.kind - AMMO_BASE
        most = TUNING.weapons[weapon].ammo_max
        left = sight.ammo[weapon]
        return (most - left) * 40 // most + (30 if left == 0 else 0)


def _is_at(sight: Sight, x: int, y: int) -> bool:
    return abs(x - sight.x) < ARRIVED_UNITS and abs(y - sight.y) < ARRIVED_UNITS


def _nearest_enemy(sight: Sight) -> Body | None:
    """Return the enemy nearest in a straight line: the minimap shows everybody."""
    nearest, prey = -1, None
    for body in sight.others:
        if is_enemy(sight, body):
            across, down = body.x - sight.x, body.y - sight.y
            away = across * across + down * down
            if prey is None or away < nearest:
                nearest, prey = away, body
    return prey

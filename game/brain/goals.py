"""Goal selection: a bot's goal is its objective, or else the pickup that it needs most for the
distance, or the nearest enemy.

Owns: the weighing of goals. Must not know: how to get there, how to fight. Invariant: after a
choice there is a goal, and the bot does not stand on it.
"""

from attrs import define, field

from game.arena import Arena, Pad
from game.brain.dice import Dice
from game.brain.navigation import Navigation
from game.brain.objectives import ObjectiveSelector
from game.brain.perception import Body, Perception
from game.brain.skill import Skill
from game.brain.targeting import is_enemy
from game.tuning import AMMO_BASE, TILE_SHIFT, TILE_UNITS, TUNING, PickupKind

HUNT_WORTH = 55
URGENT_WORTH = 60_000
NEAR_STEPS = 4  # added to each distance, so that a pickup underfoot does not outweigh everything
GUESS_PERCENT = 140  # of the straight line, where no path has been computed yet
DETOUR_WORTH = 25_000  # a pickup on the way to an objective
DETOUR_UNITS = 9 * TILE_UNITS
HORIZON_UNITS = 40 * TILE_UNITS  # on a large map no goal is farther away
LARGE_TILES = 8_000
ARRIVED_UNITS = 400  # well inside of a pickup's reach
RECOVERS = (PickupKind.HEALTH, PickupKind.MEGA, PickupKind.ARMOUR)


@define
class GoalSelector:
    """One bot's goal: a point, in units."""

    arena: Arena
    navigation: Navigation
    skill: Skill
    dice: Dice
    goal_x: int = 0
    goal_y: int = 0
    urgent: bool = False  # a pickup so near and so needed that it comes before any fight
    surveyed: list[bool] = field(init=False)  # pads whose paths this bot has computed
    ready_ticks: list[int] = field(init=False)  # of pads, as they were when they were seen last
    objectives: ObjectiveSelector = field(init=False)
    horizon_units: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin without any path; on a large map distances stay guesses."""
        arena = self.arena
        is_large = arena.width * arena.height > LARGE_TILES
        self.surveyed = [False] * len(arena.pads)
        self.ready_ticks = [0] * len(arena.pads)
        self.horizon_units = HORIZON_UNITS if is_large else 1 << 30
        self.objectives = ObjectiveSelector(arena, self.dice)

    def choose(self, perception: Perception, *, fleeing: bool) -> None:
        """Weigh all pads that are ready as far as is known, and the objective or the nearest
        enemy, by their worth.
        """
        for index, ready_tick in perception.pads.items():
            if index < len(self.ready_ticks):  # a server may send any index
                self.ready_ticks[index] = ready_tick
        objective = self.objectives.next(perception)
        if objective is not None and _is_at(perception, objective.x, objective.y):
            objective = None
        if objective is not None and objective.urgent:
            self.goal_x, self.goal_y, self.urgent = objective
            return
        here = self.navigation.cell_at(perception.x, perception.y)
        self._survey(here)
        best_worth, goal = self._best_pad(perception, here, fleeing, objective is not None)
        if objective is not None:
            if goal is None or best_worth < DETOUR_WORTH:
                best_worth, goal = 0, (objective.x, objective.y)
        elif not fleeing and self.objectives.may_hunt(perception):
            enemy = self._nearest_enemy(perception)
            if enemy is not None and not _is_at(perception, enemy.x, enemy.y):
                steps = self.navigation.steps(self.navigation.cell_at(enemy.x, enemy.y), here)
                if HUNT_WORTH * 10_000 // (steps + NEAR_STEPS) > best_worth:
                    best_worth, goal = 0, (enemy.x, enemy.y)
        self.urgent = best_worth > URGENT_WORTH
        if goal is None:
            self.wander(perception)
        else:
            self.goal_x, self.goal_y = goal

    def _best_pad(
        self, perception: Perception, here: int, fleeing: bool, on_objective: bool
    ) -> tuple[int, tuple[int, int] | None]:
        """Return the worth of the best pad, and where it is; the nearest count most."""
        reach = DETOUR_UNITS if on_objective else self.horizon_units
        best_worth, goal = 0, None
        for index, pad in enumerate(self.arena.pads):
            if abs(pad.x - perception.x) > reach or abs(pad.y - perception.y) > reach:
                continue
            need = self._need(perception, pad) if self.ready_ticks[index] <= perception.tick else 0
            if (
                need
                and not (fleeing and pad.kind not in RECOVERS)
                and not _is_at(perception, pad.x, pad.y)
                and self.objectives.is_allowed(perception, pad.x, pad.y)
            ):
                worth = (
                    need * self.skill.need_percent * 100 // (self._steps(index, here) + NEAR_STEPS)
                )
                if worth > best_worth:
                    best_worth, goal = worth, (pad.x, pad.y)
        return best_worth, goal

    def wander(self, perception: Perception) -> None:
        """Go to a random spawn, somewhere else than here."""
        self.urgent = False
        reach = self.horizon_units
        spots = [
            spot
            for spot in self.arena.spawns
            if not _is_at(perception, spot.x, spot.y)
            and abs(spot.x - perception.x) < reach
            and abs(spot.y - perception.y) < reach
            and self.objectives.is_allowed(perception, spot.x, spot.y)
        ]
        if spots:
            spot = spots[self.dice.below(len(spots))]
            self.goal_x, self.goal_y = spot.x, spot.y

    def is_reached(self, perception: Perception) -> bool:
        """Whether the bot is at its goal."""
        return _is_at(perception, self.goal_x, self.goal_y)

    def _nearest_enemy(self, perception: Perception) -> Body | None:
        """Return the enemy nearest in a straight line, of those in sight."""
        nearest, enemy = self.horizon_units * self.horizon_units, None
        for body in perception.bodies.values():
            across, down = body.x - perception.x, body.y - perception.y
            away = across * across + down * down
            if (
                away < nearest
                and is_enemy(perception, body)
                and self.objectives.is_allowed(perception, body.x, body.y)
            ):
                nearest, enemy = away, body
        return enemy

    def _survey(self, here: int) -> None:
        """Compute one more path: all at once would make the tick late."""
        if False in self.surveyed and self.horizon_units != HORIZON_UNITS:
            index = self.surveyed.index(False)
            pad = self.arena.pads[index]
            self.navigation.steps(self.navigation.cell_at(pad.x, pad.y), here)
            self.surveyed[index] = True

    def _steps(self, index: int, here: int) -> int:
        """Return how far a pad is: exactly if surveyed, or else a guess."""
        pad = self.arena.pads[index]
        if self.surveyed[index]:
            return max(self.navigation.steps(self.navigation.cell_at(pad.x, pad.y), here), 0)
        row, column = divmod(here, self.arena.width)
        across, down = abs((pad.x >> TILE_SHIFT) - column), abs((pad.y >> TILE_SHIFT) - row)
        return max(across, down) * GUESS_PERCENT // 100

    def _need(self, perception: Perception, pad: Pad) -> int:
        """Return how much a pickup would help now; 0 when it would not."""
        missing = max(TUNING.health_at_spawn - perception.health, 0)
        if pad.kind == PickupKind.HEALTH:
            return missing * 3 // 2
        if pad.kind == PickupKind.MEGA:
            return 90 + missing if perception.health < TUNING.health_max else 0
        if pad.kind == PickupKind.ARMOUR:
            return max(TUNING.armour_max - perception.armour, 0)
        if pad.kind == PickupKind.DOUBLE:
            return 130
        weapon = pad.kind - AMMO_BASE
        most = TUNING.weapons[weapon].ammo_max
        left = perception.ammo[weapon]
        return (most - left) * 40 // most + (30 if left == 0 else 0)


def _is_at(perception: Perception, x: int, y: int) -> bool:
    return abs(x - perception.x) < ARRIVED_UNITS and abs(y - perception.y) < ARRIVED_UNITS

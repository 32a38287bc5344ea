"""Where a bot wants to be: where its errand is, or else at the pickup it needs most for the way, or
at the enemy nearest by.

Owns: the weighing of goals. Must not know: how to get there, how to fight. Invariant: after a
choice there is a goal, and the bot does not stand on it.
"""

from attrs import define, field

from game.arena import Arena, Pad
from game.brain.dice import Dice
from game.brain.navigation import Chart
from game.brain.objectives import Errands
from game.brain.perception import Body, Sight
from game.brain.skill import Skill
from game.brain.targeting import is_enemy
from game.tuning import AMMO_BASE, TILE_SHIFT, TILE_UNITS, TUNING, PickupKind

HUNT_WORTH = 55
URGENT_WORTH = 60_000
NEAR_STEPS = 4  # added to each way, so that what lies at one's feet does not outweigh everything
GUESS_PERCENT = 140  # of the straight line, for a way not walked in thought yet
DETOUR_WORTH = 25_000  # a pickup on an errand's way
DETOUR_UNITS = 9 * TILE_UNITS
HORIZON_UNITS = 40 * TILE_UNITS  # on a large map nobody thinks further
LARGE_TILES = 8_000
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
    ready_ticks: list[int] = field(init=False)  # of pads, as they were when they were seen last
    errands: Errands = field(init=False)
    horizon_units: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Begin without knowing any way; on a large map they stay guesses."""
        arena = self.arena
        is_large = arena.width * arena.height > LARGE_TILES
        self.surveyed = [False] * len(arena.pads)
        self.ready_ticks = [0] * len(arena.pads)
        self.horizon_units = HORIZON_UNITS if is_large else 1 << 30
        self.errands = Errands(arena, self.dice)

    def choose(self, sight: Sight, *, fleeing: bool) -> None:
        """Weigh all pads that are ready as far as is known, and the errand or the nearest enemy, by
        their worth.
        """
        for index, ready_tick in sight.pads.items():
            if index < len(self.ready_ticks):  # whatever a server says
                self.ready_ticks[index] = ready_tick
        errand = self.errands.next(sight)
        if errand is not None and _is_at(sight, errand.x, errand.y):
            errand = None
        if errand is not None and errand.urgent:
            self.goal_x, self.goal_y, self.urgent = errand
            return
        here = self.chart.cell_at(sight.x, sight.y)
        self._survey(here)
        best_worth, goal = self._best_pad(sight, here, fleeing, errand is not None)
        if errand is not None:
            if goal is None or best_worth < DETOUR_WORTH:
                best_worth, goal = 0, (errand.x, errand.y)
        elif not fleeing and self.errands.is_for_hunting(sight):
            prey = self._nearest_prey(sight)
            if prey is not None and not _is_at(sight, prey.x, prey.y):
                steps = self.chart.steps(self.chart.cell_at(prey.x, prey.y), here)
                if HUNT_WORTH * 10_000 // (steps + NEAR_STEPS) > best_worth:
                    best_worth, goal = 0, (prey.x, prey.y)
        self.urgent = best_worth > URGENT_WORTH
        if goal is None:
            self.wander(sight)
        else:
            self.goal_x, self.goal_y = goal

    def _best_pad(
        self, sight: Sight, here: int, fleeing: bool, on_errand: bool
    ) -> tuple[int, tuple[int, int] | None]:
        """The worth of the best one, and where it is; the nearest count most."""
        reach = DETOUR_UNITS if on_errand else self.horizon_units
        best_worth, goal = 0, None
        for index, pad in enumerate(self.arena.pads):
            if abs(pad.x - sight.x) > reach or abs(pad.y - sight.y) > reach:
                continue
            need = self._need(sight, pad) if self.ready_ticks[index] <= sight.tick else 0
            if (
                need
                and not (fleeing and pad.kind not in RECOVERS)
                and not _is_at(sight, pad.x, pad.y)
                and self.errands.is_allowed(sight, pad.x, pad.y)
            ):
                worth = (
                    need * self.skill.need_percent * 100 // (self._steps(index, here) + NEAR_STEPS)
                )
                if worth > best_worth:
                    best_worth, goal = worth, (pad.x, pad.y)
        return best_worth, goal

    def wander(self, sight: Sight) -> None:
        """Go to a random spawn, somewhere else than here."""
        self.urgent = False
        reach = self.horizon_units
        spots = [
            spot
            for spot in self.arena.spawns
            if not _is_at(sight, spot.x, spot.y)
            and abs(spot.x - sight.x) < reach
            and abs(spot.y - sight.y) < reach
            and self.errands.is_allowed(sight, spot.x, spot.y)
        ]
        if spots:
            spot = spots[self.dice.below(len(spots))]
            self.goal_x, self.goal_y = spot.x, spot.y

    def is_reached(self, sight: Sight) -> bool:
        """Whether there is nothing left to walk."""
        return _is_at(sight, self.goal_x, self.goal_y)

    def _nearest_prey(self, sight: Sight) -> Body | None:
        """Return the enemy nearest in a straight line, of those in sight."""
        nearest, prey = self.horizon_units * self.horizon_units, None
        for body in sight.bodies.values():
            across, down = body.x - sight.x, body.y - sight.y
            away = across * across + down * down
            if (
                away < nearest
                and is_enemy(sight, body)
                and self.errands.is_allowed(sight, body.x, body.y)
            ):
                nearest, prey = away, body
        return prey

    def _survey(self, here: int) -> None:
        """Think one more way through: all at once would be a late tick."""
        if False in self.surveyed and self.horizon_units != HORIZON_UNITS:
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

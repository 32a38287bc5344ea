"""Navigation by flow fields: paths from any tile to any other, shared by all bots of an arena.

Owns: the flow fields, each grown only as far as a query needs. Must not know: bots. Invariants:
every answer is a function of the map and the query alone, so sharing a navigation never changes
what a bot does; all fields together have a bounded size.

A set of tiles is one integer with a bit per tile, so that a flood grows by a ring in a dozen
operations on the whole map at once. Rings alternate between four and eight neighbours, which makes
distances octagons: near enough to circles for walking.
"""

from math import isqrt

from attrs import define, field

from game.arena import Arena
from game.collision import trace
from game.tuning import TILE_SHIFT, TILE_UNITS

MEMORY_BITS = 128_000_000  # of all fields of one arena
FIELDS_MIN = 8
BODY_UNITS = 400  # half the width of a straight path that must be free; a body's radius is 430


@define
class FlowField:
    """`floods[n]` is the set of tiles from which the goal is at most n rings away."""

    floods: list[int]
    complete: bool = False

    def steps(self, cell: int) -> int:
        """Return how many steps it is from `cell`, or -1 when the flood has not reached it."""
        floods = self.floods
        if not floods[-1] >> cell & 1:
            return -1
        low, high = 0, len(floods) - 1
        while low < high:
            middle = (low + high) >> 1
            if floods[middle] >> cell & 1:
                high = middle
            else:
                low = middle + 1
        return low


@define
class Navigation:
    """The flow fields of one arena, by goal; the least recently used is dropped first."""

    arena: Arena
    free: int = field(init=False)
    fields: dict[int, FlowField] = field(factory=dict)
    rings: int = 0  # of all fields
    rings_max: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Turn the walls into a set of free tiles, and size the limit for the map."""
        arena = self.arena
        cells = arena.width * arena.height
        self.free = int("".join("01"[not wall] for wall in reversed(arena.walls)), 2)
        self.rings_max = MEMORY_BITS // cells

    def cell_at(self, x: int, y: int) -> int:
        """Return the tile of a point."""
        return (y >> TILE_SHIFT) * self.arena.width + (x >> TILE_SHIFT)

    def centre_of(self, cell: int) -> tuple[int, int]:
        """Return the middle of a tile, in units."""
        row, column = divmod(cell, self.arena.width)
        return column * TILE_UNITS + TILE_UNITS // 2, row * TILE_UNITS + TILE_UNITS // 2

    def steps(self, goal: int, cell: int) -> int:
        """Return the steps from `cell` to `goal`; -1 when there is no path."""
        flow = self.fields.pop(goal, None)
        if flow is None:
            flow = FlowField([1 << goal])
            self.rings += 1
        self.fields[goal] = flow
        while not flow.complete and not flow.floods[-1] >> cell & 1:
            self._grow(flow)
        while self.rings > self.rings_max and len(self.fields) > FIELDS_MIN:
            self.rings -= len(self.fields.pop(next(iter(self.fields))).floods)
        return flow.steps(cell)

    def path(self, goal: int, cell: int, count: int) -> list[int]:
        """Return the next tiles on the path from `cell` to `goal`, at most `count` of them."""
        steps = self.steps(goal, cell)
        floods = self.fields[goal].floods
        tiles: list[int] = []
        while steps > 0 and len(tiles) < count:
            cell = self._nearer(floods[steps - 1], cell)
            steps -= 1
            while steps > 0 and floods[steps - 1] >> cell & 1:
                steps -= 1  # a diagonal can be worth two rings
            tiles.append(cell)
        return tiles

    def is_straight(self, x: int, y: int, cell: int) -> bool:
        """Whether a body can walk in a straight line from a point to the middle of a tile."""
        goal_x, goal_y = self.centre_of(cell)
        across, down = goal_x - x, goal_y - y
        length = isqrt(across * across + down * down)
        if length == 0:
            return True
        side_x, side_y = -down * BODY_UNITS // length, across * BODY_UNITS // length
        return not any(
            trace(
                self.arena,
                x + sign * side_x,
                y + sign * side_y,
                goal_x + sign * side_x,
                goal_y + sign * side_y,
            )[2]
            for sign in (1, -1)
        )

    def _grow(self, flow: FlowField) -> None:
        """Add a ring. All tiles at once: 2 µs on the largest of our maps."""
        free, width, floods = self.free, self.arena.width, flow.floods
        flood = floods[-1]
        east, west = flood << 1 & free, flood >> 1 & free
        south, north = flood << width & free, flood >> width & free
        grown = flood | east | west | south | north
        if grown == flood:
            flow.complete = True
            return
        if not len(floods) & 1:  # cut no corner: both tiles beside a diagonal must be free
            grown |= (east << width & south << 1 | west << width & south >> 1) & free
            grown |= (east >> width & north << 1 | west >> width & north >> 1) & free
        floods.append(grown)
        self.rings += 1

    def _nearer(self, nearer: int, cell: int) -> int:
        """Return a neighbour of `cell` in the set `nearer`, preferably a diagonal one."""
        width, walls = self.arena.width, self.arena.walls
        for down in (-width, width):
            for across in (-1, 1):
                corner_free = not walls[cell + down] and not walls[cell + across]
                if corner_free and nearer >> (cell + down + across) & 1:
                    return cell + down + across
        for step in (-1, 1, -width, width):
            if nearer >> (cell + step) & 1:
                return cell + step
        raise AssertionError("a tile of a flood has a neighbour in the flood before")


def navigation_of(arena: Arena) -> Navigation:
    """Return the navigation of `arena`, made at the first call and kept with it."""
    navigation = arena.derived.get("navigation")
    if not isinstance(navigation, Navigation):
        navigation = Navigation(arena)
        arena.derived["navigation"] = navigation
    return navigation

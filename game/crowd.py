"""Who may be touched at a place, for one tick: a coarse grid, so that shots look at few players.

Owns: the grid. Must not know: who looks. Invariant: every living player whose centre is within
`reach` of a point, along each axis, is in the list of that point's cell; a cell is 8 × 8 tiles.
"""

from collections import defaultdict

from game.tuning import Tuning
from game.world import Player, World

Crowd = dict[int, list[Player]]

CELL_SHIFT = 13
ROW_SHIFT = 16  # the cells of a row are numbered below 2**16


def reach_units(tuning: Tuning) -> int:
    """How far a shot can touch from where it starts a tick."""
    way = max(weapon.speed for weapon in tuning.weapons)
    return way + tuning.player_radius_units + tuning.shot_radius_units


def gather(world: World) -> Crowd:
    """Enter each living player in the one, two or four cells from which he is within reach."""
    reach = reach_units(world.tuning)
    assert 2 * reach < 1 << CELL_SHIFT
    crowd: defaultdict[int, list[Player]] = defaultdict(list)
    for player in world.players.values():
        if player.alive:
            x, y = player.x, player.y
            left = (x - reach) >> CELL_SHIFT
            right = (x + reach) >> CELL_SHIFT
            top = (y - reach) >> CELL_SHIFT << ROW_SHIFT
            bottom = (y + reach) >> CELL_SHIFT << ROW_SHIFT
            crowd[top + left].append(player)
            if right != left:
                crowd[top + right].append(player)
            if bottom != top:
                crowd[bottom + left].append(player)
                if right != left:
                    crowd[bottom + right].append(player)
    return crowd


def cell_of(x: int, y: int) -> int:
    """The key in a crowd of the cell that holds a point."""
    return (y >> CELL_SHIFT << ROW_SHIFT) + (x >> CELL_SHIFT)

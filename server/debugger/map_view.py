"""A piece of the arena in characters, for a terminal.

Owns: the letters. Must not know: where a world comes from.
"""

from collections.abc import Iterator

from game.arena import Arena
from game.tuning import TILE_SHIFT
from game.world import World

RADIUS_MAX = 40
LEGEND = "# wall   @ here   0-9 a-z players by slot   , dead   * shot   + pickup   - pickup to come"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def draw_map(world: World, column: int, row: int, radius: int, slot: int = -1) -> list[str]:
    """The tiles around one, a character each; `slot` is the player who is `@`."""
    marks = dict(_marks(world, slot))
    lines = []
    for y in range(row - radius, row + radius + 1):
        cells = [
            marks.get((x, y)) or _ground(world.arena, x, y)
            for x in range(column - 2 * radius, column + 2 * radius + 1)
        ]
        line = "".join(cells).rstrip()
        if line:
            lines.append(f"{y:>4} {line}")
    return [*lines, LEGEND]


def tile_of(x: int, y: int) -> tuple[int, int]:
    """Column and row of a place in units."""
    return x >> TILE_SHIFT, y >> TILE_SHIFT


def _marks(world: World, slot: int) -> Iterator[tuple[tuple[int, int], str]]:
    """The layers of the map; later ones are drawn over earlier ones."""
    for pad, ready in zip(world.arena.pads, world.pad_ready_ticks, strict=True):
        yield tile_of(pad.x, pad.y), "+" if world.tick >= ready else "-"
    for shot in world.shots.values():
        yield tile_of(shot.x, shot.y), "*"
    for player in sorted(world.players.values(), key=lambda each: (each.slot == slot, each.alive)):
        mark = "@" if player.slot == slot else _DIGITS[player.slot % len(_DIGITS)]
        yield tile_of(player.x, player.y), mark if player.alive or mark == "@" else ","


def _ground(arena: Arena, x: int, y: int) -> str:
    if not (0 <= x < arena.width and 0 <= y < arena.height):
        return " "
    return "#" if arena.walls[y * arena.width + x] else "."

"""Where players stood a few ticks ago, so that a rail that crossed its target on the shooter's
screen hits.

Owns: `World.history`. Must not know: weapons. Invariant: at most `rewind_ticks_max + 1` ticks are
kept, newest last.
"""

from struct import pack, unpack

from game.world import World


def remember(world: World) -> None:
    """Write down where the living stand; once a tick, after they moved.

    As bytes, four to a number: tuples would keep thousands of integers alive for the few that a
    rail ever looks at.
    """
    line: list[int] = []
    for player in world.players.values():
        if player.alive:
            line += (player.slot, player.x, player.y)
    history = world.history
    history.append(pack(f"<{len(line)}i", *line))
    if len(history) > world.tuning.rewind_ticks_max + 1:
        del history[0]


def recall(world: World, ticks_ago: int) -> tuple[int, ...]:
    """(slot, x, y, slot, x, y, …) as it was; as long ago as is remembered, if that is less."""
    newest = len(world.history) - 1
    line = world.history[max(newest - ticks_ago, 0)]
    return unpack(f"<{len(line) // 4}i", line)

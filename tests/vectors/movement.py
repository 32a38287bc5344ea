"""Walks through the probe arena: inputs and bodies, tick by tick."""

from typing import Any

from game.wire.probe import Step, probe_arena, start, walk

SHORT_WALKS, SHORT_TICKS = 240, 24
LONG_WALKS, LONG_TICKS = 8, 240


def movement() -> dict[str, Any]:
    """`steps` hold the fields named in `step`; the first step is tick 1."""
    arena = probe_arena()
    rows = [
        "".join("#" if arena.walls[y * arena.width + x] else "." for x in range(arena.width))
        for y in range(arena.height)
    ]
    lengths = [SHORT_TICKS] * SHORT_WALKS + [LONG_TICKS] * LONG_WALKS
    walks = []
    for seed, ticks in enumerate(lengths):
        body = start(seed, arena)
        first = [body.x, body.y, body.vx, body.vy]
        walks.append({"start": first, "steps": [list(step) for step in walk(seed, ticks, arena)]})
    return {"plan": rows, "step": list(Step._fields), "walks": walks}

"""Floor division, directions and angles: where languages often differ."""

from itertools import product
from typing import Any

from game.trig import angle, direction

NUMERATORS = (
    -(2**52),
    -(2**31),
    -65_537,
    -1_025,
    -1_024,
    -8,
    -7,
    -1,
    0,
    1,
    7,
    8,
    1_023,
    2**31,
    2**52,
)
DIVISORS = (1, 2, 3, 7, 60, 333, 1_024, 16_384, 65_536)
LEGS = (-40_000, -1_024, -333, -7, -1, 0, 1, 7, 430, 1_024, 40_000)


def arithmetic() -> dict[str, Any]:
    """Rows of arguments and results."""
    aims = [*range(0, 65_536, 509), 7, 8, 9, 16_383, 16_384, 32_768, 49_152, 65_527, 65_528, 65_535]
    return {
        "floorDivision": [[a, b, a // b] for a, b in product(NUMERATORS, DIVISORS)],
        "direction": [[aim, *direction(aim)] for aim in aims],
        "angle": [[dx, dy, angle(dx, dy)] for dx, dy in product(LEGS, LEGS)],
    }

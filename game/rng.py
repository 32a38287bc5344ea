"""The world's own random numbers: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), whose whole state
is one integer.

Owns: how numbers are drawn. Must not know: what they decide. Invariant: nothing in `game/` draws
from anywhere else.
"""

from typing import Final

from game.world import World

_MASK: Final = (1 << 64) - 1


def draw_below(world: World, bound: int) -> int:
    """Draw a number from 0 to `bound - 1`; advances the world's random state by one."""
    assert bound > 0
    state = (world.random_state + 0x9E37_79B9_7F4A_7C15) & _MASK
    world.random_state = state
    mixed = ((state ^ (state >> 30)) * 0xBF58_476D_1CE4_E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB) & _MASK
    mixed ^= mixed >> 31
    return mixed * bound >> 64

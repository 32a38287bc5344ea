"""Directions without floats: a quarter wave in 1/16,384, made from integer square roots alone.

Owns: the one table with which both the server and the clients turn angles into vectors. Must not
know: what moves. Invariant: the table is computed in integers, so every machine has the same 1,025
numbers.
"""

from math import isqrt
from typing import Final

from game.tuning import TURN

ONE: Final = 16_384  # a cosine of 1
ONE_SHIFT: Final = 14
QUARTER_STEPS: Final = 1_024  # table steps in a quarter turn; a step is 16 of the 65,536 angles
QUARTER_ANGLE: Final = TURN // 4
STEP_ANGLE: Final = QUARTER_ANGLE // QUARTER_STEPS

_PRECISION_BITS: Final = 128  # of the exact rotation; 1,024 roundings leave 110 good bits


def _quarter_wave() -> tuple[int, ...]:
    """Sines of 0 to a quarter turn: halve a right angle ten times, then rotate by the result."""
    one = 1 << _PRECISION_BITS
    cosine = 0
    for _ in range(10):  # cos(a / 2) = √((1 + cos a) / 2)
        cosine = isqrt((one + cosine) * one // 2)
    sine = isqrt(one * one - cosine * cosine)
    shift = _PRECISION_BITS - ONE_SHIFT
    half = 1 << (shift - 1)
    x, y, wave = one, 0, []
    for _ in range(QUARTER_STEPS + 1):
        wave.append((y + half) >> shift)
        x, y = (x * cosine - y * sine) // one, (x * sine + y * cosine) // one
    return tuple(wave)


QUARTER_WAVE: Final = _quarter_wave()


def _whole_turn() -> tuple[tuple[int, int], ...]:
    first = [(QUARTER_WAVE[QUARTER_STEPS - i], QUARTER_WAVE[i]) for i in range(QUARTER_STEPS)]
    second = [(-y, x) for x, y in first]
    return tuple(first + second + [(-x, -y) for x, y in first + second])


DIRECTIONS: Final = _whole_turn()  # 4,096 pairs (cos, sin)


def direction(aim: int) -> tuple[int, int]:
    """(cos, sin) in 1/16,384 of the table step nearest to `aim`; y grows downwards."""
    return DIRECTIONS[((aim + 8) >> 4) & 4_095]


def angle(dx: int, dy: int) -> int:
    """The angle (0 … 65,535) of a vector; 0 for the zero vector. Never decreases as the vector
    turns.
    """
    if dx == 0 and dy == 0:
        return 0
    turned = 0  # bring the vector into the first quarter, 0 ≤ angle < a quarter turn
    while not (dx > 0 and dy >= 0):
        dx, dy = dy, -dx
        turned += QUARTER_ANGLE
    slope = (dy << SLOPE_SHIFT) // (dx + dy)
    low, high = SLOPE_STEPS[slope], SLOPE_STEPS[slope + 1] + 1
    if high - low > 1:
        low = _step_of(dx, dy, low, high)
        high = low + 1
    after_low, before_high = _cross(dx, dy, low), -_cross(dx, dy, high)
    return turned + low * STEP_ANGLE + STEP_ANGLE * after_low // (after_low + before_high)


def _step_of(dx: int, dy: int, low: int, high: int) -> int:
    """The last table step at or before a vector of the first quarter; it is at least `low` and less
    than `high`.
    """
    wave = QUARTER_WAVE
    while high - low > 1:
        middle = (low + high) >> 1
        if dy * wave[QUARTER_STEPS - middle] >= dx * wave[middle]:
            low = middle
        else:
            high = middle
    return low


def _cross(dx: int, dy: int, step: int) -> int:
    """How far the vector lies past a table step; negative is before it."""
    return dy * QUARTER_WAVE[QUARTER_STEPS - step] - dx * QUARTER_WAVE[step]


# By dy / (dx + dy) in 1/1,024: a slope leaves at most three steps to search for a vector's own.
SLOPE_SHIFT: Final = 10
SLOPE_STEPS: Final = tuple(
    _step_of((1 << SLOPE_SHIFT) - slope, slope, 0, QUARTER_STEPS)
    for slope in range((1 << SLOPE_SHIFT) + 1)
)

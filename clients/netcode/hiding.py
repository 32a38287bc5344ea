"""The offset between a player's drawn and true position, smoothed out over some frames.

Owns: how fast it shrinks. Must not know: whose offset it is. Invariants: it never shrinks faster
than `HIDDEN_UNITS_PER_TICK_MAX`, however long it is, and never grows; an offset longer than
`HIDDEN_UNITS_MAX` is no movement of a player, and is jumped.
"""

from math import hypot, log

from clients.netcode.tuning import (
    HIDDEN_HALVES_IN_TICKS,
    HIDDEN_NONE_UNITS,
    HIDDEN_UNITS_MAX,
    HIDDEN_UNITS_PER_TICK_MAX,
)


def units_left(units: float, ticks: float) -> float:
    """What is left of an offset of `units` after so many ticks."""
    if ticks < 0:
        return units
    if units > HIDDEN_UNITS_MAX:
        return 0.0
    # First at the top speed, then by halving, from the point where halving is the slower of both.
    halving_units = HIDDEN_UNITS_PER_TICK_MAX * HIDDEN_HALVES_IN_TICKS / log(2)
    fast_ticks = max(0.0, (units - halving_units) / HIDDEN_UNITS_PER_TICK_MAX)
    if ticks < fast_ticks:
        return units - ticks * HIDDEN_UNITS_PER_TICK_MAX
    slowed = min(units, halving_units) * 0.5 ** ((ticks - fast_ticks) / HIDDEN_HALVES_IN_TICKS)
    return 0.0 if slowed < HIDDEN_NONE_UNITS else slowed


def share_left(x: float, y: float, ticks: float) -> float:
    """The share of the offset (x, y) that is left after so many ticks."""
    units = hypot(x, y)
    return units_left(units, ticks) / units if units else 0.0

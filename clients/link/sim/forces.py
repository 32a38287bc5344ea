"""What else than one's own inputs acted on somebody, as the events of a snapshot tell.

Owns: the line between a wrong prediction and news. Must not know: what was foretold.
"""

from math import hypot
from typing import Final

from game.events import Event, EventKind
from game.tuning import TUNING, Weapon
from game.view import View

# A rocket's reach, a player's radius, and what both may have moved in two ticks.
BLAST_UNITS: Final = (
    TUNING.weapons[Weapon.LAUNCHER].blast_radius_units
    + TUNING.player_radius_units
    + 2 * TUNING.speed_max
)
_BY_SLOT: Final = frozenset((EventKind.HIT, EventKind.KILL, EventKind.SPAWN, EventKind.PICKUP))


def is_forced(view: View, slot: int, x: int, y: int) -> bool:
    """Whether somebody or something had a hand in what became of the player of `slot`."""
    return any(_acts_on(event, slot, x, y) for event in view.events)


def reborn(view: View) -> frozenset[int]:
    """The players who began another life, wherever they were before."""
    return frozenset(event[1] for event in view.events if event[0] == EventKind.SPAWN)


def _acts_on(event: Event, slot: int, x: int, y: int) -> bool:
    kind = event[0]
    if kind in _BY_SLOT:
        return event[1] == slot
    if kind == EventKind.EXPLODE:  # it may push without hurting
        return hypot(event[1] - x, event[2] - y) < BLAST_UNITS
    return kind == EventKind.PHASE  # triggers are locked, or free

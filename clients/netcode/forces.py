"""Whether anything besides a player's own inputs acted on them, judged by a snapshot's events.

Owns: the line between a wrong prediction and news. Must not know: what was predicted.
"""

from math import cos, hypot, sin, tan, tau
from typing import Final

from game.events import Event, EventKind
from game.tuning import TUNING, TURN, Weapon
from game.view import View

# A player's radius, plus how far they may have moved in two ticks.
SLACK_UNITS: Final = TUNING.player_radius_units + 2 * TUNING.speed_max
BLAST_UNITS: Final = TUNING.weapons[Weapon.LAUNCHER].blast_radius_units + SLACK_UNITS
FAN_UNITS: Final = TUNING.weapons[Weapon.SCATTER].range_units
FAN_SLOPE: Final = tan(TUNING.weapons[Weapon.SCATTER].spread / 2 / TURN * tau)
_BY_SLOT: Final = frozenset((EventKind.HIT, EventKind.KILL, EventKind.SPAWN, EventKind.PICKUP))


def is_forced(view: View, slot: int, x: int, y: int) -> bool:
    """Whether anybody or anything else may have acted on the player of `slot`, now at (x, y)."""
    return any(_acts_on(event, slot, x, y) for event in view.events)


def respawned(view: View) -> frozenset[int]:
    """The slots of the players who spawned, wherever they were before."""
    return frozenset(event[1] for event in view.events if event[0] == EventKind.SPAWN)


def _acts_on(event: Event, slot: int, x: int, y: int) -> bool:
    kind = event[0]
    if kind in _BY_SLOT:
        return event[1] == slot
    if kind == EventKind.EXPLODE:  # it may push without hurting
        return hypot(event[1] - x, event[2] - y) < BLAST_UNITS
    if kind == EventKind.SCATTER:  # and so may a pellet near the end of its range
        return event[1] != slot and _is_in_fan(event, x, y)
    return kind == EventKind.PHASE  # it locks triggers, or frees them


def _is_in_fan(scatter: Event, x: int, y: int) -> bool:
    """Whether a pellet may have touched a player who is now at (x, y)."""
    _, _, from_x, from_y, aim = scatter
    way_x, way_y, turn = x - from_x, y - from_y, aim / TURN * tau
    along = way_x * cos(turn) + way_y * sin(turn)
    across = abs(way_y * cos(turn) - way_x * sin(turn))
    return (
        -SLACK_UNITS < along < FAN_UNITS + SLACK_UNITS
        and across < max(along, 0) * FAN_SLOPE + SLACK_UNITS
    )

"""The events of a tick, as plain tuples of integers: (kind, …), which the wire sends unchanged.

The fields of each kind are in `EVENT_FIELDS`, from which the browser's types are generated too.
"""

from enum import IntEnum
from typing import Final

Event = tuple[int, ...]


class EventKind(IntEnum):
    """Numbers are never reused."""

    SCATTER = 1  # eight pellets left
    RAIL = 2  # a line from (x, y) to (x2, y2)
    HIT = 3  # damage as dealt, armour included
    KILL = 4
    SPAWN = 5
    PICKUP = 6
    EXPLODE = 7  # a rocket's blast
    IMPACT = 8  # a bolt or disc ended at a wall or in the air (pellets are drawn from SCATTER)
    BOUNCE = 9  # a disc hit a wall and flies on
    DASH = 10
    PHASE = 11
    MEDAL = 12
    FIRE = 13  # a projectile left; the projectile itself is in the state
    EMPTY = 14  # the trigger clicked
    FLAG = 15  # a action with a team's flag; slot -1: it returned home by itself
    CIRCLE = 16  # a circle stands, and when it will shrink
    OUT = 17  # dead for good, or gone; place 0: joined too late for this round


class FlagAction(IntEnum):
    """A flag's changes of state. Captured: its carrier reached their own flag; it is home."""

    TAKEN = 0
    DROPPED = 1
    RETURNED = 2
    CAPTURED = 3


NOWHERE: Final = -1  # as x and y of a HIT: the victim is out of the attacker's sight
NO_WEAPON: Final = -1  # in HIT and KILL: the circle did it; attacker and killer are the victim


class Medal(IntEnum):
    """The medals on the scoreboard."""

    FIRST_BLOOD = 0
    STREAK = 1
    SHARPSHOOTER = 2
    UNTOUCHED = 3


EVENT_FIELDS: dict[EventKind, tuple[str, ...]] = {
    EventKind.SCATTER: ("slot", "x", "y", "aim"),
    EventKind.RAIL: ("slot", "x", "y", "x2", "y2"),
    EventKind.HIT: ("victim", "attacker", "weapon", "damage", "x", "y"),
    EventKind.KILL: ("victim", "killer", "weapon", "streak"),
    EventKind.SPAWN: ("slot", "x", "y"),
    EventKind.PICKUP: ("slot", "pad"),
    EventKind.EXPLODE: ("x", "y", "owner"),
    EventKind.IMPACT: ("x", "y", "weapon"),
    EventKind.BOUNCE: ("x", "y"),
    EventKind.DASH: ("slot",),
    EventKind.PHASE: ("phase", "end_tick"),
    EventKind.MEDAL: ("slot", "medal"),
    EventKind.FIRE: ("slot", "weapon"),
    EventKind.EMPTY: ("slot",),
    EventKind.FLAG: ("slot", "team", "action", "x", "y"),
    EventKind.CIRCLE: ("begin_tick", "end_tick"),
    EventKind.OUT: ("slot", "place"),
}

"""What may enter a match: a seat's input for a tick, and the host's commands. Nothing else ever
does.
"""

from enum import IntEnum
from typing import NamedTuple

UP, DOWN, LEFT, RIGHT, FIRE, DASH = 1, 2, 4, 8, 16, 32
SELECT_SHIFT = 6  # bits 6 to 8: 0 keeps the weapon, 1 to 5 ask for weapon 0 to 4
SELECT_MAX = 5
BUTTONS_MAX = (
    SELECT_MAX << SELECT_SHIFT
) | 63  # 383; every value up to here is a valid combination
BUTTON_BITS = 511  # all the bits there are; a select above SELECT_MAX asks for nothing
AIM_MAX = 65_535
VIEW_LAG_PER_TICK = 8  # a screen is no more than a sixteenth of a tick off what its lag says
VIEW_LAG_MAX = 30 * VIEW_LAG_PER_TICK  # the rules cut it further, to `Tuning.rewind_ticks_max`


class Input(NamedTuple):
    """One seat's wish for one tick. It stays in force until the next one replaces it."""

    buttons: int = 0  # 0 … BUTTONS_MAX
    aim: int = 0  # 0 … AIM_MAX; 0 is east (+x), a quarter turn is south (+y): y grows downwards
    view_lag: int = 0  # how many eighths of a tick behind this tick his screen showed the others


NEUTRAL = Input()


class CommandKind(IntEnum):
    """What the host may do to a match between two ticks."""

    JOIN = 1  # value: bit 0 bot, bits 1… team
    LEAVE = 2
    PRESENCE = 3  # value: 1 connected, 0 the seat coasts
    VOTE = 4  # value: index into MatchConfig.vote_maps


COMMAND_VALUE_MAX = 1 << 16


class Command(NamedTuple):
    """A change to who plays, applied at the start of a tick in the order given."""

    kind: int
    slot: int
    value: int = 0

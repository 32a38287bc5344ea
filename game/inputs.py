"""The inputs of a match: each seat's input for a tick, and the host's commands. Nothing else."""

from enum import IntEnum
from typing import Final, NamedTuple

UP: Final = 1
DOWN: Final = 2
LEFT: Final = 4
RIGHT: Final = 8
FIRE: Final = 16
DASH: Final = 32
SELECT_SHIFT: Final = 6  # bits 6 to 8: 0 keeps the weapon, 1 to 5 ask for weapon 0 to 4
SELECT_MAX: Final = 5
BUTTONS_MAX: Final = 383  # `SELECT_MAX` and all keys; every value up to here is valid
BUTTON_BITS: Final = 511  # mask of all bits; a select above SELECT_MAX asks for nothing
AIM_MAX: Final = 65_535
VIEW_LAG_PER_TICK: Final = 8  # rounding puts the lag at most a sixteenth of a tick off the screen
VIEW_LAG_MAX: Final = 240  # 30 ticks; the rules limit it further, to `Tuning.rewind_ticks_max`


InputFields = tuple[int, int, int]  # an `Input`, or its fields in their order


class Input(NamedTuple):
    """One seat's input for one tick. It stays in force until the next one replaces it."""

    buttons: int = 0  # 0 … BUTTONS_MAX
    aim: int = 0  # 0 … AIM_MAX; 0 is east (+x), a quarter turn is south (+y): y grows downwards
    view_lag: int = 0  # how far behind this tick the player's screen showed others, in 1/8 tick


NEUTRAL: Final = Input()


class CommandKind(IntEnum):
    """The host's commands to a match between two ticks."""

    JOIN = 1  # value: bit 0 bot, bits 1… team
    LEAVE = 2
    PRESENCE = 3  # value: 1 connected, 0 the seat coasts
    VOTE = 4  # value: index into MatchConfig.vote_maps


COMMAND_VALUE_MAX: Final = 1 << 16


class Command(NamedTuple):
    """A change to who plays, applied at the start of a tick in the order given."""

    kind: int
    slot: int
    value: int = 0

"""All modes, by the name that configs, messages, maps and results use."""

from game.modes.base import Mode
from game.modes.capture_the_flag import CAPTURE_THE_FLAG
from game.modes.deathmatch import DEATHMATCH
from game.modes.duel import DUEL
from game.modes.last_standing import LAST_STANDING
from game.modes.team_deathmatch import TEAM_DEATHMATCH

MODES: dict[str, Mode] = {
    mode.name: mode for mode in (DEATHMATCH, DUEL, TEAM_DEATHMATCH, CAPTURE_THE_FLAG, LAST_STANDING)
}

__all__ = ["MODES", "Mode"]

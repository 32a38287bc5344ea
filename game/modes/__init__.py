"""Every mode there is, by the name that configs, messages and results call it."""

from game.modes.base import Mode
from game.modes.deathmatch import DEATHMATCH
from game.modes.duel import DUEL

MODES: dict[str, Mode] = {mode.name: mode for mode in (DEATHMATCH, DUEL)}

__all__ = ["MODES", "Mode"]

"""The game with the operator's numbers: implements `server.match.rules.Rules`.

Owns: which of the rules' numbers are settings. Must not know: matches. Invariant: the chosen
numbers are in each world's tuning, and so in its journal: a replay plays as the match did, whatever
the settings are by then.
"""

from dataclasses import replace
from typing import Any

from attrs import frozen

import game
from game.arena import Arena
from game.bounds import faults_of_tuning
from game.tuning import TICKS_PER_SECOND, TUNING, Tuning
from game.world import MatchConfig, World
from server.match.settings import MatchSettings
from server.runtime.start_error import StartError


@frozen
class TunedRules:
    """The rules, with `tuning` for every new round."""

    tuning: Tuning

    # These need no numbers: a world has its own.
    step = staticmethod(game.step)
    view = staticmethod(game.view)
    digest = staticmethod(game.digest)
    dump = staticmethod(game.dump)

    @classmethod
    def chosen(cls, settings: MatchSettings) -> "TunedRules":
        """The rules with the numbers from `settings`. Raises `StartError` for unplayable ones."""
        ticks = settings.rewind_ms * TICKS_PER_SECOND // 1_000
        tuning = replace(TUNING, rewind_ticks_max=ticks)
        if fault := next(faults_of_tuning(tuning), ""):
            raise StartError(f"the server cannot start: {fault} (game/tuning.py, game/bounds.py)")
        return cls(tuning)

    def new(self, config: MatchConfig, arena: Arena) -> World:
        """Make the world of one round."""
        return game.new(config, arena, self.tuning)

    def load(self, dumped: tuple[Any, ...], arena: Arena) -> World:
        """Turn plain tuples back into a world."""
        return game.load(dumped, arena, self.tuning)

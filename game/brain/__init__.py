"""Bot players: what one seat sees → its input, pure and seeded."""

from game.brain.brain import Brain
from game.brain.perception import Sight, sight_of, sight_of_view, sights_of
from game.brain.skill import LEVELS

__all__ = ["LEVELS", "Brain", "Sight", "sight_of", "sight_of_view", "sights_of"]

"""Bot players: what one seat sees → its input, pure and seeded."""

from game.brain.brain import Brain
from game.brain.perception import Perception, perception_of, perception_of_view, perceptions_of
from game.brain.skill import LEVELS

__all__ = ["LEVELS", "Brain", "Perception", "perception_of", "perception_of_view", "perceptions_of"]

"""One against one: a deathmatch for exactly two, shorter in points and in time."""

from game.modes.deathmatch import FreeForAll
from game.tuning import TICKS_PER_SECOND

DUEL = FreeForAll(
    name="duel",
    title="Duel",
    players_min=2,
    players_max=2,
    score_limit=10,
    time_limit_ticks=5 * 60 * TICKS_PER_SECOND,
    is_rated=True,
)

"""The medals that players get at the end of a match.

Owns: the conditions. Players who tie share a medal.

- FIRST_BLOOD: drew the first kill of somebody else.
- STREAK: the longest run of kills without dying, if it is at least `Tuning.streak_at`.
- SHARPSHOOTER: the best share of triggers that hurt somebody, among those who pulled at least 20.
- UNTOUCHED: the fewest deaths, among those who killed at all (hiding earns nothing).
"""

from typing import Final

from game.events import Event, EventKind, Medal
from game.world import Player, World

SHARPSHOOTER_SHOTS_MIN: Final = 20
_ACCURACY_ONE: Final = 10_000


def award_medals(world: World, events: list[Event]) -> None:
    """Set the medal bits and emit the events, player by player."""
    players = list(world.players.values())
    streak = max((player.streak_best for player in players), default=0)
    accuracy = max((_accuracy(player) for player in players), default=0)
    deaths = min((player.deaths for player in players if player.kills), default=-1)
    for player in players:
        earned = (
            (Medal.FIRST_BLOOD, world.first_blood == player.slot + 1),
            (Medal.STREAK, player.streak_best == streak >= world.tuning.streak_at),
            (Medal.SHARPSHOOTER, _accuracy(player) == accuracy > 0),
            (Medal.UNTOUCHED, player.kills > 0 and player.deaths == deaths),
        )
        for medal, has_earned in earned:
            if has_earned:
                player.medals |= 1 << medal
                events.append((EventKind.MEDAL, player.slot, medal))


def _accuracy(player: Player) -> int:
    if player.shots < SHARPSHOOTER_SHOTS_MIN:
        return 0
    return player.hits * _ACCURACY_ONE // player.shots

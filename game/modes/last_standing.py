"""One life: the last player alive wins. A closing circle (`game.circle`) brings them together.

Owns: places. Must not know: how the circle hurts. Invariant: a player who is out has a place, one
more than the number of players who were still alive then, and does not live again in that round.
"""

from attrs import frozen

from game.circle_plan import first_circle
from game.events import Event, EventKind
from game.modes.deathmatch import FreeForAll
from game.world import NEVER_TICK, NO_CIRCLE, Phase, Player, World

SCORING = (Phase.PLAY, Phase.OVERTIME)


@frozen
class LastStanding(FreeForAll):
    """The score is the number of kills, and only shown: places decide."""

    def begin(self, world: World) -> None:
        """Start without places; in play, with the first circle around the whole map."""
        super().begin(world)
        world.circle = first_circle(world) if world.phase == Phase.PLAY else NO_CIRCLE

    def may_enter(self, phase: int) -> bool:
        """Not once points count: leaving and joining must not give another life."""
        return phase not in SCORING

    def on_kill(self, world: World, killer: Player, victim: Player, events: list[Event]) -> None:
        """A point for the killer; the victim is out."""
        if killer is not victim:
            killer.score += 1
        victim.respawn_tick = NEVER_TICK
        victim.place = _note_out(world, victim.slot, events)

    def on_leave(self, world: World, leaver: Player, events: list[Event]) -> None:
        """Count a player who leaves alive as out, as if they had died."""
        if leaver.alive and world.phase in SCORING:
            _note_out(world, leaver.slot, events)

    def leader(self, world: World) -> int:
        """The only player alive, or else the last one who died; -1 while several live."""
        living = _living(world)
        if living:
            return living[0].slot if len(living) == 1 else -1
        placed = [player for player in world.players.values() if player.place]
        return min(placed, key=self.rank).slot if placed else -1

    def rank(self, player: Player) -> tuple[int, ...]:
        """By place; before the end, players who are still in come first, by kills."""
        is_outside = not player.alive and not player.place
        return (is_outside, player.place, -player.kills, player.slot)

    def is_over(self, world: World) -> bool:
        """Whether at most one lives."""
        return len(_living(world)) < 2


def _living(world: World) -> list[Player]:
    return [player for player in world.players.values() if player.alive]


def _note_out(world: World, slot: int, events: list[Event]) -> int:
    """The place of a player who has just died or left; a sole survivor gets first place."""
    living = _living(world)
    if len(living) == 1:
        living[0].place = 1
    events.append((EventKind.OUT, slot, len(living) + 1))
    return len(living) + 1


LAST_STANDING = LastStanding(
    name="last-standing",
    title="Last standing",
    players_min=8,
    players_max=128,
    score_limit=0,
    time_limit_ticks=0,
    population=32,
    wants_own_map=True,
)

"""Compares a match before a crash with the one recovered after it.

Owns: the comparison. Must not know: files. Invariant: it changes neither of the two.
"""

from collections.abc import Iterator, Mapping

from attrs import frozen

import game
from server.match.match import Match
from server.match.recovery import Recovered
from tests.simulation.rules import HASTE, Record


@frozen
class Death:
    """A match at the moment at which its process died."""

    match: Match
    round_number: int
    seated: set[str]  # ids of players who had been welcomed and had not left
    ended_reason: str
    is_behind: bool  # the disk was full while the match ran: its journal may lack the end


def recovery_faults(
    recovered: Recovered, death: Death | None, shown: Mapping[int, int], record: Record
) -> Iterator[str]:
    """Describe every difference. `shown` has the last tick that anybody saw, by round."""
    if death is not None and death.is_behind:
        return
    number, tick = recovered.plan.number, recovered.world.tick
    for shown_number, shown_tick in shown.items():
        if (shown_number, shown_tick) > (number, tick):
            yield (
                f"goes on from tick {tick} of round {number}, but somebody was shown tick "
                f"{shown_tick} of round {shown_number}"
            )
    if death is None:
        return
    people = {person.player_id for person in recovered.people}
    for player_id in sorted(death.seated - people):
        yield f"the seat of {player_id} was not brought back"
    if death.match.plan.number == number:
        yield from _state_faults(recovered, death, record)


def _state_faults(recovered: Recovered, death: Death, record: Record) -> Iterator[str]:
    """Step a copy of the recovered world to the dead one's tick, and compare.

    The journal may have a tick that the dead process never stepped. Then a copy of the dead world
    is behind, and is stepped instead.
    """
    dead, arena = death.match.world, recovered.plan.arena
    ours = game.load(game.dump(recovered.world), arena, tuning=HASTE)
    theirs = game.load(game.dump(dead), arena, tuning=HASTE)
    steps = record.steps.get(ours.config.seed, {})
    for world in (ours, theirs):
        while world.tick < max(recovered.world.tick, dead.tick):
            if world.tick + 1 not in steps:
                yield f"tick {world.tick + 1} is in the journal, and never happened"
                return
            game.step(world, *steps[world.tick + 1])
    if game.digest(ours) != game.digest(theirs):
        yield f"the state of tick {recovered.world.tick} is not what it was"

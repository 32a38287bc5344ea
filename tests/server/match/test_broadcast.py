"""A seat's snapshots depend on nothing that this seat cannot see."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import game
from game.inputs import FIRE
from game.tuning import SNAPSHOT_EVERY_TICKS, TILE_UNITS, TURN
from game.wire.codec import decode
from game.wire.match_messages import DeltaSnapshot, FullSnapshot, Inputs, Step
from game.wire.schema import FromMatch
from game.world import Phase
from server.match.match import Match
from server.match.rounds import SECRET_BYTES, MatchSpec
from server.match.status import BotPolicy
from tests.server.match.fakes import FakeReadiness, enter, match_context, run
from tests.strategies import arena_from

CELLS = arena_from("\n".join(["#" * 24, "#s......s####s........s#", "#" * 24]))
SNAPSHOTS = 40
EAST, WEST = 0, TURN // 2


def fired(own: list[bool], hidden: list[bool]) -> tuple[list[bytes], Match]:
    """The snapshots of a player who fires as `own` says, while another behind a wall fires as
    `hidden` says.
    """
    context = evolve(match_context(game), maps={CELLS.name: CELLS})
    spec = MatchSpec("m1", "deathmatch", CELLS.name, 1, BotPolicy(), secret=bytes(SECRET_BYTES))
    match = Match(spec, context, FakeReadiness())
    handles = [enter(match, name)[1] for name in ("ada", "bob")]
    while match.world.phase != Phase.PLAY:
        run(match, SNAPSHOT_EVERY_TICKS)
    half = CELLS.width * TILE_UNITS // 2
    aims = [EAST if match.world.players[slot].x < half else WEST for slot in range(2)]
    for buttons in zip(own, hidden, strict=True):
        for handle, is_down, aim in zip(handles, buttons, aims, strict=True):
            steps = (Step(FIRE * is_down, aim),) * SNAPSHOT_EVERY_TICKS
            handle.says(Inputs(match.world.tick + 1, 0, steps))
        run(match, SNAPSHOT_EVERY_TICKS)
    sent = [
        message
        for message in handles[0].stream.outbound
        if isinstance(decode(FromMatch, message), FullSnapshot | DeltaSnapshot)
    ]
    return sent, match


TRIGGER = st.lists(st.booleans(), min_size=SNAPSHOTS, max_size=SNAPSHOTS)


@pytest.mark.slow
@pytest.mark.everywhere
@given(TRIGGER, TRIGGER, TRIGGER)
def test_the_bytes_are_the_same_whatever_somebody_behind_a_wall_fires(
    own: list[bool], hidden: list[bool], hidden_otherwise: list[bool]
) -> None:
    assert fired(own, hidden)[0] == fired(own, hidden_otherwise)[0]


def test_shots_on_both_sides_of_the_wall_are_what_is_compared() -> None:
    """Otherwise the test above could not fail."""
    always = [True] * SNAPSHOTS
    _, match = fired(always, always)
    assert all(player.shots > 2 for player in match.world.players.values())
    owners = {shot.owner for shot in match.world.shots.values()}
    assert owners == match.world.players.keys()

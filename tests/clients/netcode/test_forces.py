"""The effects of other players on a player are recognised, whatever they are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.netcode.forces import is_forced
from clients.netcode.predictor import Predictor, copy_of, is_same
from game import step, view
from game.arena import Arena
from game.events import EventKind
from game.fog import Fog
from game.inputs import FIRE, NEUTRAL, SELECT_SHIFT, Command, CommandKind, Input
from game.trig import ONE, angle, direction
from game.tuning import TILE_UNITS, TUNING, TURN, Weapon
from game.view import nothing
from game.world import Phase
from tests.strategies import ARENA, aims, arena_from, centre, places, world_of

HALL = arena_from("\n".join(["#" * 25, *["#" + "s" * 23 + "#"] * 23, "#" * 25]))
SLOT, SHOOTER = 0, 1
FLIGHT_TICKS = 60
RANGE_UNITS = TUNING.weapons[Weapon.SCATTER].range_units

Place = tuple[int, int]


def duel(arena: Arena, mine: Place, theirs: Place, weapon: Weapon, beside: int) -> None:
    """One shot, aimed `beside` angles off: all that becomes of its target was its own doing, or is
    told.
    """
    world = world_of(arena=arena)
    step(world, [Command(CommandKind.JOIN, slot) for slot in (SLOT, SHOOTER)])
    world.phase, world.phase_end_tick = Phase.PLAY, 10_000
    me, them = world.players[SLOT], world.players[SHOOTER]
    me.x, me.y = mine
    them.x, them.y = theirs
    me.protected_until_tick = 0
    them.ammo = [9] * len(Weapon)
    aim = (angle(mine[0] - theirs[0], mine[1] - theirs[1]) + beside) % TURN
    shot = Input(FIRE | (weapon + 1) << SELECT_SHIFT, aim)
    predictor = Predictor(arena)
    for _ in range(FLIGHT_TICKS):
        predicted = copy_of(me)
        events = step(world, (), [(SLOT, NEUTRAL), (SHOOTER, shot)])
        predictor.simulate(predicted, world.tick, NEUTRAL, world.phase)
        told = Fog(view(world, events)).seen_by(SLOT)
        assert is_same(predicted, me) or is_forced(told, SLOT, me.x, me.y)
        shot = NEUTRAL


besides = st.integers(-3_000, 3_000)
weapons = st.sampled_from(Weapon)


@given(mine=places, theirs=places, weapon=weapons, beside=besides)
def test_a_shots_impact_among_walls_is_sent_to_its_target(
    mine: Place, theirs: Place, weapon: Weapon, beside: int
) -> None:
    duel(ARENA, mine, theirs, weapon, beside)


@given(
    turn=aims,
    away=st.integers(RANGE_UNITS - 1_500, RANGE_UNITS + 500),
    weapon=st.just(Weapon.SCATTER) | weapons,
    beside=besides,
)
def test_a_shots_impact_at_the_end_of_its_range_is_sent_to_its_target(
    turn: int, away: int, weapon: Weapon, beside: int
) -> None:
    cosine, sine = direction(turn)
    mine = centre(12) + cosine * away // ONE, centre(12) + sine * away // ONE
    duel(HALL, mine, (centre(12), centre(12)), weapon, beside)


@pytest.mark.parametrize(
    ("x", "y", "shooter", "expected"),
    [
        (RANGE_UNITS, 0, SHOOTER, True),  # a push that does not hurt
        (RANGE_UNITS, 2_100, SHOOTER, True),  # at the edge of the fan
        (RANGE_UNITS, 5 * TILE_UNITS, SHOOTER, False),  # beside it
        (2 * TILE_UNITS, 3 * TILE_UNITS, SHOOTER, False),  # beside it, where it is narrow
        (RANGE_UNITS + 2 * TILE_UNITS, 0, SHOOTER, False),  # beyond it
        (-2 * TILE_UNITS, 0, SHOOTER, False),  # behind whoever fired
        (TILE_UNITS, 0, SLOT, False),  # one's own
    ],
)
def test_a_fan_of_pellets_acts_on_those_in_it(x: int, y: int, shooter: int, expected: bool) -> None:
    fan = (EventKind.SCATTER, shooter, 5_000, 5_000, TURN // 4)  # downwards
    seen = replace(nothing(), tick=9, events=[fan])
    assert is_forced(seen, SLOT, 5_000 - y, 5_000 + x) is expected

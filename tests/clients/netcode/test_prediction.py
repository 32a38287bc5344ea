"""Own inputs act at once, whatever the network does; the server state corrects without a jump."""

import random
import re
from itertools import pairwise
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.netcode.prediction import Prediction, ServerState
from clients.netcode.predictor import Predictor, fighter_of
from clients.netcode.tuning import HIDDEN_UNITS_MAX, HIDDEN_UNITS_PER_TICK_MAX
from game import view
from game.brain.brain import Brain
from game.brain.perception import perception_of
from game.inputs import DASH, FIRE, RIGHT, SELECT_SHIFT, Input
from game.tuning import TICKS_PER_SECOND, TILE_UNITS, TUNING, Weapon
from game.world import Phase, Player
from tests.clients.netcode.virtual_match import SLOT, VirtualMatch
from tests.examples import examples
from tests.strategies import ARENA, ROOMS, aims, arena_from, inputs, world_of

HALL = arena_from("\n".join(["#" * 40, *["#" + "s" * 38 + "#"] * 20, "#" * 40]))
BARE = arena_from(re.sub(r"[^#s\n]", ".", ROOMS))  # no launcher to blow oneself away with


def script(wishes: list[Input], ticks_each: int = 7):
    return lambda tick: wishes[tick // ticks_each % len(wishes)]


@examples(25)
@given(
    wishes=st.lists(inputs, min_size=1, max_size=12),
    delay_ms=st.sampled_from([0, 15, 50, 125]),
    frame_ms=st.sampled_from([4, 16.7, 33]),
)
def test_alone_in_a_match_one_is_never_corrected(
    wishes: list[Input], delay_ms: int, frame_ms: float
) -> None:
    world = world_of(arena=BARE)
    match = VirtualMatch(delay_s=delay_ms / 1_000, frame_s=frame_ms / 1_000, world=world)
    match.run(4, script([wish._replace(view_lag=0) for wish in wishes]))
    assert not match.is_starved
    assert match.round.prediction.correction_count == 0
    assert match.round.prediction.unforced_count == 0


@pytest.mark.slow
@pytest.mark.parametrize("delay_ms", [0, 50, 100])
def test_in_a_fight_only_what_others_did_is_ever_corrected(delay_ms: int) -> None:
    match = VirtualMatch(delay_s=delay_ms / 1_000, others=5)
    match.brains = {slot: Brain(ARENA, 4, 1, slot) for slot in range(1, 6)}
    own = Brain(ARENA, 4, 1, SLOT)
    match.run(30, lambda tick: own.think(perception_of(match.world, SLOT))._replace(view_lag=0))
    assert match.world.players[SLOT].deaths > 1, "it was a fight"
    assert match.round.prediction.correction_count > 5
    assert match.round.prediction.unforced_count == 0


def test_a_shot_and_its_ammunition_are_known_at_once() -> None:
    match = VirtualMatch(delay_s=0.1)
    match.run(1)
    select = (Weapon.SCATTER + 1) << SELECT_SHIFT
    match.run(0.05, lambda tick: Input(select | FIRE, 0))
    predicted = match.round.prediction.self
    assert predicted is not None
    assert predicted.weapon == Weapon.SCATTER
    assert predicted.ammo[Weapon.SCATTER] == match.world.players[SLOT].ammo[Weapon.SCATTER] - 1


@given(before=aims, dashes=st.booleans())
def test_a_key_moves_oneself_in_the_frame_it_is_pressed(before: int, dashes: bool) -> None:
    prediction = Prediction(Predictor(HALL))
    x = 10 * TILE_UNITS
    prediction.reconcile(ServerState(8, Player(0, x=x, y=x, alive=1, aim=before), Phase.PLAY))
    prediction.advance(9, Input(RIGHT | (DASH if dashes else 0), before), Phase.PLAY)
    assert prediction.self is not None
    assert prediction.self.x > x


def test_a_push_from_outside_is_corrected_once_and_blended_in() -> None:
    match = VirtualMatch(delay_s=0.06, world=world_of(arena=HALL))
    match.run(2, lambda tick: Input(RIGHT))
    match.run(1)
    match.world.players[SLOT].vx -= 150
    drawn = []
    for _ in range(60):
        match.run(1 / 60)
        match.round.prediction.fade(1)
        drawn.append(match.round.prediction.position_at(match.clock.predicted_tick))
    assert match.round.prediction.correction_count == 1
    steps = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(drawn)]
    assert sum(steps) > TILE_UNITS / 2, "the push is seen"
    assert max(steps) < TUNING.speed_max, "and nobody is drawn faster than the rules allow"
    assert all(b[0] <= a[0] + 1 for a, b in pairwise(drawn)), "nor back again"


def test_a_teleport_is_not_smeared() -> None:
    prediction = Prediction(Predictor(HALL))
    prediction.reconcile(ServerState(8, Player(0, x=5_000, y=5_000, alive=1), Phase.PLAY))
    prediction.advance(9, Input(), Phase.PLAY)
    there = Player(0, x=5_000 + HIDDEN_UNITS_MAX + 1, y=5_000, alive=1)
    prediction.reconcile(ServerState(9, there, Phase.PLAY))
    assert prediction.position_at(9.5) == (there.x, there.y)
    assert prediction.correction_count == 0


def test_a_long_correction_is_smoothed_out_no_faster_than_the_rules_allow() -> None:
    prediction = Prediction(Predictor(HALL))
    prediction.reconcile(ServerState(8, Player(0, x=20_000, y=9_000, alive=1), Phase.PLAY))
    prediction.advance(9, Input(), Phase.PLAY)
    prediction.position_at(9.0)
    there = Player(0, x=20_000 - HIDDEN_UNITS_MAX + 1, y=9_000, alive=1)
    prediction.reconcile(ServerState(9, there, Phase.PLAY))
    drawn = [prediction.position_at(9.0)[0]]
    for _ in range(60):
        prediction.fade(1)
        drawn.append(prediction.position_at(9.0)[0])
    assert (drawn[0], drawn[-1]) == (20_000, there.x)
    assert max(a - b for a, b in pairwise(drawn)) <= HIDDEN_UNITS_PER_TICK_MAX


def test_a_jump_of_the_clock_moves_nobody_at_once() -> None:
    prediction = Prediction(Predictor(HALL))
    prediction.reconcile(ServerState(8, Player(0, x=5_000, y=5_000, alive=1), Phase.PLAY))
    for tick in range(9, 30):
        prediction.advance(tick, Input(RIGHT), Phase.PLAY)
    before = prediction.position_at(29.5)
    prediction.advance(45, Input(RIGHT), Phase.PLAY)
    assert prediction.position_at(45.0) == before


def test_a_death_is_nobodys_misprediction() -> None:
    prediction = Prediction(Predictor(HALL))
    prediction.reconcile(ServerState(8, Player(0, x=5_000, y=5_000, alive=1), Phase.PLAY))
    for tick in range(9, 20):
        prediction.advance(tick, Input(RIGHT), Phase.PLAY)
    dead = Player(0, x=5_010, y=5_000, alive=0)
    assert prediction.reconcile(ServerState(10, dead, Phase.PLAY)) is not None
    assert prediction.self is not None
    assert not prediction.self.alive
    assert prediction.correction_count == 0


@pytest.mark.parametrize("phase", [Phase.COUNTDOWN, Phase.SCOREBOARD])
def test_nobody_shoots_when_the_rules_say_no(phase: Phase) -> None:
    player = Player(0, x=5_000, y=5_000, alive=1)
    assert Predictor(HALL).simulate(player, 9, Input(FIRE), phase) == []
    assert player.fire_ready_tick == 0


def test_a_body_from_a_view_is_the_servers() -> None:
    match = VirtualMatch()
    match.run(0.5, lambda tick: Input(RIGHT | FIRE | DASH, 16_384))
    player = match.world.players[SLOT]
    body = fighter_of(view(match.world, []), SLOT)
    for name in ("x", "y", "vx", "vy", "dash_until_tick", "fire_ready_tick", "alive", "ammo"):
        assert getattr(body, name) == getattr(player, name)


def test_a_long_sleep_costs_no_long_replay() -> None:
    prediction = Prediction(Predictor(ARENA))
    prediction.reconcile(ServerState(0, Player(0, x=1_536, y=1_536, alive=1), Phase.PLAY))
    prediction.advance(1_000_000, Input(), Phase.PLAY)
    assert prediction.tick == 1_000_000


@pytest.mark.parametrize("delay_ms", [2, 40])
@pytest.mark.parametrize("frame_ms", [(100, 100), (60, 180), (150, 230)])
def test_a_machine_that_draws_few_frames_settles_and_its_counters_agree(
    frame_ms: tuple[int, int], delay_ms: int
) -> None:
    dice = random.Random(7)
    match = VirtualMatch(delay_s=delay_ms / 1_000, world=world_of(arena=BARE))
    wishes = [Input(dice.getrandbits(6), dice.getrandbits(16)) for _ in range(200)]
    prediction = match.round.prediction

    def play(seconds: float) -> None:
        end_s = match.now_s + seconds
        while match.now_s < end_s:
            match.frame_s = dice.uniform(*frame_ms) / 1_000
            match.run(match.frame_s, script(wishes))
            assert prediction.unforced_count <= prediction.correction_count

    play(5)
    settling = prediction.correction_count
    assert settling < 15
    late_before = match.inbox.late_count
    play(30)
    assert prediction.correction_count - settling < 10
    assert match.inbox.late_count - late_before < 0.015 * 30 * TICKS_PER_SECOND
    assert match.inbox.early_count == 0

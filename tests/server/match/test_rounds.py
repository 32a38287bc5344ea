"""Public facts of a round do not reveal the next round's seed. Its result has the players in
the mode's order, and team scores where there are teams.
"""

from types import SimpleNamespace

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from game import digest
from game.modes import MODES
from server.match.rounds import (
    SECRET_BYTES,
    SEED_BITS,
    MatchSpec,
    RoundPlan,
    new_spec,
    plan_round,
    round_result,
    round_seed,
    shot_key,
    standings,
)
from server.match.status import BotPolicy
from tests.game.modes.sides import play
from tests.server.match.fakes import HALLS

SPECS = st.builds(
    MatchSpec,
    match_id=st.just("m1"),
    mode=st.just("deathmatch"),
    map_name=st.just("hall"),
    seed=st.integers(0, 2**SEED_BITS - 1),
    bots=st.just(BotPolicy()),
    secret=st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES),
)
NUMBERS = st.integers(1, 10_000)
EMPTY = SimpleNamespace(players={}, bots=SimpleNamespace(names={}))


@given(SPECS, st.lists(NUMBERS, min_size=2, max_size=20, unique=True))
def test_every_round_has_dice_of_its_own(spec: MatchSpec, numbers: list[int]):
    seeds = [round_seed(spec, number) for number in (0, *numbers)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**SEED_BITS for seed in seeds)
    assert seeds == [round_seed(spec, number) for number in (0, *numbers)]


@given(SPECS, NUMBERS, st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES))
def test_the_seeds_of_later_rounds_hang_on_what_is_not_published(
    spec: MatchSpec, number: int, guess: bytes
):
    other = evolve(spec, secret=guess)
    assert round_seed(other, 0) == round_seed(spec, 0)
    assert (round_seed(other, number) == round_seed(spec, number)) == (guess == spec.secret)


@given(SPECS, NUMBERS, st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES))
def test_shot_numbers_are_hidden_by_the_secret_and_the_round(
    spec: MatchSpec, number: int, guess: bytes
):
    key = shot_key(spec, number)
    assert key == shot_key(spec, number) != shot_key(spec, number + 1)
    assert (shot_key(evolve(spec, secret=guess), number) == key) == (guess == spec.secret)
    assert round_seed(spec, number).to_bytes(8, "big") not in key


def test_a_round_is_planned_with_its_seed_and_a_match_made_with_a_secret():
    spec = new_spec(HALLS, "deathmatch", "hall", private=False, bots=BotPolicy())
    another = new_spec(HALLS, "deathmatch", "hall", private=False, bots=BotPolicy())
    assert len(spec.secret) == SECRET_BYTES
    assert spec.secret != another.secret
    for number in (0, 1, 7):
        plan = plan_round(HALLS, spec, "hall", number, 2)
        assert plan.config.seed == round_seed(spec, number)


def test_with_one_life_the_order_is_that_of_the_places() -> None:
    world = play("last-standing", 4)
    for slot, place, kills in ((0, 3, 9), (1, 1, 0), (2, 4, 1), (3, 2, 0)):
        player = world.players[slot]
        player.place, player.kills, player.score, player.alive = place, kills, kills, place == 1
    assert [row.slot for row in standings(world, EMPTY)] == [1, 3, 0, 2]


def test_sides_and_their_points_are_on_record() -> None:
    world = play("capture-the-flag", 4)
    world.team_scores, world.winner = [2, 5], 2
    plan = RoundPlan("m1", world.config, world.arena, 0)
    rows = standings(world, EMPTY)
    result = round_result(world, plan, rows, digest(world), (0.0, 1.0))
    assert (result.winner, result.red, result.blue) == (2, 2, 5)
    assert [row.team for row in result.players] == [1, 2, 1, 2]


def test_a_draw_is_on_record_as_nobodys() -> None:
    world = play("team-deathmatch", 4)
    world.team_scores, world.winner = [3, 3], -1
    plan = RoundPlan("m1", world.config, world.arena, 0)
    result = round_result(world, plan, standings(world, EMPTY), digest(world), (0.0, 1.0))
    assert (result.winner, result.red, result.blue) == (-1, 3, 3)


def test_without_sides_there_are_no_points_of_any() -> None:
    world = play("deathmatch", 2)
    plan = RoundPlan("m1", world.config, world.arena, 0)
    result = round_result(world, plan, standings(world, EMPTY), digest(world), (0.0, 1.0))
    assert (result.red, result.blue, {row.team for row in result.players}) == (0, 0, {0})
    assert MODES["deathmatch"].teams == 0

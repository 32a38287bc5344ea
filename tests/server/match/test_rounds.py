"""What is known about a round does not reveal the next round's seed."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from server.match.rounds import (
    SECRET_BYTES,
    SEED_BITS,
    MatchSpec,
    new_spec,
    plan_round,
    round_seed,
    shot_key,
)
from server.match.status import BotPolicy
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
def test_what_hides_the_numbers_of_shots_hangs_on_the_secret_and_the_round(
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

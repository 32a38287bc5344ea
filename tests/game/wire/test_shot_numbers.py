"""Shots' numbers on the wire reveal neither how many others there are nor when they were fired."""

from hypothesis import given
from hypothesis import strategies as st

from game.wire.shot_numbers import KEY_BYTES, SPARE, ShotNumbers
from game.wire.snapshot_reader import NUMBER_MAX
from game.world import Shot

KEYS = st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES)
FIRED = st.tuples(st.integers(0, 127), st.integers(0, 4), st.integers(1, 10**6))
VOLLEYS = st.lists(FIRED, unique=True, max_size=40)


def shots_of(fired: list[tuple[int, int, int]], first: int = 0) -> dict[int, Shot]:
    return {
        number: Shot(number, weapon, owner, 0, 0, 1, 1, end_tick, 0, 1)
        for number, (owner, weapon, end_tick) in enumerate(fired, first)
    }


@given(KEYS, VOLLEYS)
def test_all_shots_are_there_in_order_and_each_has_a_number_of_its_own(
    key: bytes, fired: list[tuple[int, int, int]]
) -> None:
    shots = shots_of(fired)
    told = ShotNumbers(key).renumber(shots)
    assert [*told.values()] == [*shots.values()]
    assert all(2**30 <= number <= NUMBER_MAX for number in told), "one size on the wire"


@given(KEYS, VOLLEYS, st.data())
def test_a_shot_has_its_number_whatever_else_was_fired_before_or_is_in_flight(
    key: bytes, fired: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    crowded = ShotNumbers(key).renumber(shots_of(fired))
    some = data.draw(st.lists(st.sampled_from(fired), unique=True)) if fired else []
    alone = ShotNumbers(key).renumber(shots_of(some, first=data.draw(st.integers(0, 10**6))))
    names = {(shot.owner, shot.weapon, shot.end_tick): number for number, shot in crowded.items()}
    assert [*alone] == [names[each] for each in some]


@given(KEYS, VOLLEYS, st.integers(0, 40))
def test_a_shot_keeps_its_number_and_those_that_ended_are_forgotten(
    key: bytes, fired: list[tuple[int, int, int]], ended: int
) -> None:
    numbers, shots = ShotNumbers(key), shots_of(fired)
    before = {shot.number: number for number, shot in numbers.renumber(shots).items()}
    new = {10**9: Shot(10**9, 0, 1, 0, 0, 1, 1, 10**8, 0, 1)}
    left = dict([*shots.items()][ended:]) | new
    after = {shot.number: number for number, shot in numbers.renumber(left).items()}
    assert all(after[number] == before[number] for number in left.keys() - new.keys())
    for tick in range(5 * SPARE):
        numbers.renumber(shots_of([(1, 0, 10**9 + tick)], first=tick + 10**9 + 1))
    assert len(numbers._numbers) == len(numbers._taken) <= SPARE + 4


def test_two_in_flight_that_would_share_a_number_do_not() -> None:
    shots = shots_of([(owner, 0, 1) for owner in range(8)])
    eight_numbers = ShotNumbers(bytes(KEY_BYTES), bits=3)
    assert len(eight_numbers.renumber(shots)) == 8


def test_without_the_key_a_number_tells_nothing() -> None:
    shots = shots_of([(0, 0, tick) for tick in range(2_000)])
    one, other = (ShotNumbers(bytes([key]) * KEY_BYTES).renumber(shots) for key in (1, 2))
    assert one.keys().isdisjoint(other) or len(one.keys() & other.keys()) < 3
    rising = sum(after > before for before, after in zip([*one], [*one][1:], strict=False))
    assert 900 < rising < 1_100, "later shots have no higher numbers"

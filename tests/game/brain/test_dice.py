"""A brain's dice: in range, even, and the same for the same seed."""

from hypothesis import given
from hypothesis import strategies as st

from game.brain.dice import dice_for
from tests.strategies import seeds

slots = st.integers(0, 127)


@given(seeds, slots, st.integers(1, 10_000))
def test_rolls_stay_in_range(seed: int, slot: int, bound: int) -> None:
    dice = dice_for(seed, slot)
    assert all(0 <= dice.below(bound) < bound for _ in range(20))
    assert all(-bound <= dice.around(bound) <= bound for _ in range(20))


@given(seeds, slots)
def test_equal_seeds_roll_alike_and_another_seat_does_not(seed: int, slot: int) -> None:
    first, again, beside = (dice_for(seed, seat) for seat in (slot, slot, slot + 1))
    rolls = [first.below(1 << 30) for _ in range(4)]
    assert rolls == [again.below(1 << 30) for _ in range(4)]
    assert rolls != [beside.below(1 << 30) for _ in range(4)]


@given(seeds, slots)
def test_every_face_comes_up(seed: int, slot: int) -> None:
    dice = dice_for(seed, slot)
    counts = [0] * 6
    for _ in range(600):
        counts[dice.below(6)] += 1
    assert min(counts) > 40

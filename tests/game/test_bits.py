"""Sets of small numbers as bits: within a machine word, at its end, and far beyond it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from game.bits import WORD_BITS, all_of, set_bits

BEYOND = 3 * WORD_BITS
NUMBERS = st.sets(st.integers(0, BEYOND))


@given(NUMBERS)
@example({31, 32, WORD_BITS - 1, WORD_BITS, 2 * WORD_BITS})
def test_the_places_of_a_set_are_its_numbers_ascending(numbers: set[int]) -> None:
    assert list(set_bits(sum(1 << number for number in numbers))) == sorted(numbers)


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33, WORD_BITS, WORD_BITS + 1, BEYOND])
def test_all_of_a_count_are_the_numbers_below_it(count: int) -> None:
    assert list(set_bits(all_of(count))) == list(range(count))

"""The table of directions, and the conversion of a vector back to an angle."""

from math import atan2, hypot, isqrt, tau

from hypothesis import given
from hypothesis import strategies as st

from game.trig import (
    DIRECTIONS,
    ONE,
    QUARTER_STEPS,
    QUARTER_WAVE,
    STEP_ANGLE,
    angle,
    direction,
)  # fmt: skip
from game.tuning import TURN
from tests.strategies import aims

COSINES = QUARTER_WAVE[::-1]
lengths = st.integers(-98_304, 98_304)


def test_the_quarter_wave_has_the_known_sines() -> None:
    assert len(QUARTER_WAVE) == 1_025
    assert QUARTER_WAVE[0] == 0
    assert QUARTER_WAVE[1_024] == ONE
    assert QUARTER_WAVE[512] == isqrt(ONE * ONE // 2)  # √½ is 11,585.24
    assert QUARTER_WAVE[341] == 8_185  # a little under 30 degrees
    assert list(QUARTER_WAVE) == sorted(QUARTER_WAVE)


def test_every_direction_is_one_long_to_within_rounding() -> None:
    for cosine, sine in DIRECTIONS:
        assert abs(cosine * cosine + sine * sine - ONE * ONE) <= 2 * ONE


def test_zero_is_east_and_a_quarter_turn_is_south() -> None:
    assert direction(0) == (ONE, 0)
    assert direction(TURN // 4) == (0, ONE)
    assert direction(TURN // 2) == (-ONE, 0)
    assert direction(TURN * 3 // 4) == (0, -ONE)
    assert direction(TURN - 1) == direction(0)


@given(aims)
def test_the_angle_of_a_direction_is_the_aim_to_within_a_table_step(aim: int) -> None:
    off = (angle(*direction(aim)) - aim) % TURN
    assert min(off, TURN - off) <= 9  # half a step of 16, plus 1 of rounding


@given(lengths, lengths)
def test_the_angle_of_a_long_vector_is_exact_to_within_two_of_65536(x: int, y: int) -> None:
    if hypot(x, y) > 1_000:
        off = (angle(x, y) - atan2(y, x) / tau * TURN) % TURN
        assert min(off, TURN - off) <= 2


@given(lengths, lengths, lengths, lengths)
def test_angles_never_decrease_as_a_vector_turns(x: int, y: int, x2: int, y2: int) -> None:
    if y >= 0 and y2 >= 0 and x * y2 - y * x2 >= 0 and (x, y) != (0, 0) != (x2, y2):
        is_half_turn = y == y2 == 0
        assert angle(x, y) <= angle(x2, y2) or is_half_turn


@given(lengths, lengths, st.integers(1, 1_000))
def test_an_angle_does_not_depend_on_the_length(x: int, y: int, factor: int) -> None:
    assert angle(x * factor, y * factor) == angle(x, y)


@given(lengths, lengths)
def test_a_quarter_turn_adds_a_quarter(x: int, y: int) -> None:
    if (x, y) != (0, 0):
        assert angle(-y, x) == (angle(x, y) + TURN // 4) % TURN


def test_no_vector_at_all_looks_east() -> None:
    assert angle(0, 0) == 0


@given(st.integers(1, 98_304), st.integers(0, 98_304))
def test_an_angle_equals_the_result_of_a_full_search(x: int, y: int) -> None:
    past = [y * COSINES[step] - x * QUARTER_WAVE[step] for step in range(QUARTER_STEPS + 1)]
    step = max(step for step in range(QUARTER_STEPS) if past[step] >= 0)
    share = STEP_ANGLE * past[step] // (past[step] - past[step + 1])
    assert angle(x, y) == step * STEP_ANGLE + share

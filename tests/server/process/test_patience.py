"""After an accident a restart is immediate; in a crash loop the pauses grow."""

from hypothesis import given
from hypothesis import strategies as st

from server.process.patience import PAUSE_FIRST_S, STEADY_S, Patience


def test_the_first_short_life_is_an_accident():
    assert Patience(30).pause_s(0.1) == 0


def test_short_lives_in_a_row_double_the_pause_up_to_the_cap():
    patience = Patience(pause_max_s=1.5)
    pauses = [patience.pause_s(0.1) for _ in range(6)]
    assert pauses == [0, PAUSE_FIRST_S, PAUSE_FIRST_S * 2, PAUSE_FIRST_S * 4, 1.5, 1.5]


def test_a_steady_life_ends_a_storm():
    patience = Patience(30)
    for _ in range(10):
        patience.pause_s(0.1)
    assert patience.pause_s(STEADY_S) == 0
    assert patience.pause_s(0.1) == 0


@given(st.lists(st.floats(0, 100), max_size=60), st.floats(0.1, 3_600))
def test_no_pause_is_longer_than_the_cap(lives: list[float], cap: float):
    patience = Patience(cap)
    assert all(0 <= patience.pause_s(lived_s) <= cap for lived_s in lives)

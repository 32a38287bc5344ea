"""The input in force on the server, predicted from the sent ones."""

from hypothesis import given
from hypothesis import strategies as st

from clients.netcode.input_history import InputHistory
from clients.netcode.tuning import COAST_TICKS, INPUTS_MAX
from game.inputs import NEUTRAL, Input
from game.wire.match_messages import Inputs, Step
from server.match import inbox


def test_coasting_is_as_long_as_on_the_server() -> None:
    assert COAST_TICKS == inbox.COAST_TICKS


@given(st.sets(st.integers(1, 80), min_size=1))
def test_a_gap_is_bridged_as_the_inbox_does_it(ticks: set[int]) -> None:
    history, server, in_force = InputHistory(), inbox.InputBuffer(), NEUTRAL
    seat = server.inbox(0)
    for tick in sorted(ticks):
        history.put(tick, Input(tick, tick))
    first = min(ticks)
    for tick in range(first, 100):
        if tick in ticks:
            seat.put(tick - 1, Inputs(tick, 0, (Step(tick, tick),)))
        in_force = dict(server.take(tick, {0: 1}, {0: 1})).get(0, in_force)
        assert history.at(tick)[:2] == in_force[:2]


def test_before_all_inputs_nothing_is_pressed() -> None:
    history = InputHistory()
    history.put(10, Input(3, 4))
    assert history.at(9) == NEUTRAL


def test_it_is_bounded_and_forgets_what_nobody_will_ask_for() -> None:
    history = InputHistory()
    for tick in range(INPUTS_MAX * 2):
        history.put(tick, Input(aim=tick))
    assert len(history) == INPUTS_MAX
    history.forget_before(INPUTS_MAX * 2 - 1)
    assert len(history) == 2
    assert history.at(INPUTS_MAX * 2 - 2) == Input(aim=INPUTS_MAX * 2 - 2)

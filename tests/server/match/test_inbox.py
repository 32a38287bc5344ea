"""Late, early, duplicate and missing inputs each have one policy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.inputs import Input
from server.match.inbox import AHEAD_TICKS_MAX, COAST_TICKS, Inbox, waited_ticks


def test_an_input_waits_for_its_tick():
    inbox = Inbox()
    inbox.put(10, 12, 3, (1, 100, 2, 200))
    assert inbox.take(11) is None
    assert inbox.take(12) == Input(1, 100, 3)
    assert inbox.take(13) == Input(2, 200, 3)


def test_a_late_step_is_dropped_and_the_rest_of_its_message_kept():
    inbox = Inbox()
    inbox.put(10, 9, 0, (1, 1, 2, 2, 3, 3))
    assert inbox.late_count == 2
    assert inbox.take(11) == Input(3, 3, 0)


def test_the_first_of_two_inputs_for_a_tick_stands():
    inbox = Inbox()
    inbox.put(10, 11, 0, (1, 1))
    inbox.put(10, 11, 0, (2, 2))
    assert inbox.take(11) == Input(1, 1, 0)


def test_an_input_from_another_clock_is_dropped():
    inbox = Inbox()
    inbox.put(10, 11 + AHEAD_TICKS_MAX, 0, (1, 1))
    assert inbox.early_count == 1
    assert not inbox.waiting


def test_a_starved_seat_lets_go_of_its_keys_once_and_keeps_its_aim():
    inbox = Inbox()
    inbox.put(0, 1, 0, (17, 4_000))
    inbox.take(1)
    coasted = [inbox.take(tick) for tick in range(2, 2 + 3 * COAST_TICKS)]
    assert [wish for wish in coasted if wish is not None] == [Input(0, 4_000, 0)]
    assert coasted[COAST_TICKS - 1] == Input(0, 4_000, 0)


def test_the_margin_says_how_early_the_last_message_was():
    inbox = Inbox()
    inbox.put(10, 13, 0, (1, 1))
    assert inbox.margin == 2
    inbox.put(10, 8, 0, (1, 1))
    assert inbox.margin == -3
    inbox.put(10, 2_000_000, 0, (1, 1))
    assert inbox.margin == 127


def test_steps_sent_again_are_no_late_ones_and_the_margin_is_that_of_the_new() -> None:
    inbox = Inbox()
    inbox.put(10, 12, 0, (1, 1, 2, 2))
    inbox.put(12, 12, 0, (1, 1, 2, 2, 3, 3, 4, 4))
    assert (inbox.late_count, inbox.margin) == (0, 1)
    assert [inbox.take(tick) for tick in (12, 13)] == [Input(1, 1, 0), Input(2, 2, 0)]


def test_steps_sent_again_stand_in_for_a_message_that_was_lost() -> None:
    inbox = Inbox()
    inbox.put(10, 12, 0, (1, 1, 2, 2))
    inbox.put(11, 14, 0, (3, 3, 4, 4, 5, 5, 6, 6))  # the one of 14 and 15 never came
    taken = [inbox.take(tick) for tick in range(12, 18)]
    assert taken == [Input(key, key, 0) for key in range(1, 7)]


steps = st.lists(st.integers(0, 383), min_size=2, max_size=16).filter(
    lambda flat: len(flat) % 2 == 0
)


@given(st.lists(st.tuples(st.integers(0, 200), steps), max_size=200))
def test_whatever_a_client_sends_little_waits_and_no_tick_is_served_twice(messages):
    inbox = Inbox()
    for now, (first, flat) in enumerate(messages):
        inbox.put(now, first, 0, flat)
        assert len(inbox.waiting) <= AHEAD_TICKS_MAX
        assert all(tick > now for tick in inbox.waiting)
        inbox.take(now + 1)
        assert now + 1 not in inbox.waiting


@pytest.mark.parametrize(("idle_ms", "waited"), [(0, 0), (16, 0), (17, 1), (40, 1), (10**9, 1)])
def test_bytes_wait_at_most_from_one_snapshot_to_the_next(idle_ms: int, waited: int) -> None:
    assert waited_ticks(idle_ms) == waited


def test_the_margin_counts_how_long_a_message_lay_in_the_kernel() -> None:
    inbox = Inbox()
    inbox.put(10, 11, 0, (1, 0))
    assert inbox.margin == 0
    inbox.waited_ticks = 1
    inbox.put(10, 11, 0, (1, 0))
    assert inbox.margin == 1

"""Late, early, duplicate and missing inputs each have one policy."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.inputs import VIEW_LAG_MAX, VIEW_LAG_PER_TICK, Input, InputFields
from server.match.inbox import AHEAD_TICKS_MAX, COAST_TICKS, InputBuffer, waited_ticks
from tests.server.match.fakes import inputs_of

SLOT = 4


class Seat:
    """The only seat of a match."""

    def __init__(self) -> None:
        self.inputs = InputBuffer()
        self.inbox = self.inputs.inbox(SLOT)

    def put(self, now_tick: int, first_tick: int, view_lag: int, cells: Sequence[int]) -> None:
        self.inbox.put(now_tick, inputs_of(first_tick, view_lag, cells))

    def take(self, tick: int) -> InputFields | None:
        """The input that takes effect at `tick`; None keeps the last one."""
        return dict(self.inputs.take(tick, {SLOT: 1}, {SLOT: 1})).get(SLOT)


def test_an_input_waits_for_its_tick():
    seat = Seat()
    seat.put(10, 12, 3, (1, 100, 2, 200))
    assert seat.take(11) is None
    assert seat.take(12) == Input(1, 100, 3)
    assert seat.take(13) == Input(2, 200, 3)


def test_inputs_in_force_are_not_sent_again():
    seat = Seat()
    seat.put(10, 11, 3, (1, 100, 1, 100, 1, 101))
    assert [seat.take(tick) for tick in (11, 12, 13)] == [Input(1, 100, 3), None, Input(1, 101, 3)]


def test_a_late_step_is_dropped_and_the_rest_of_its_message_kept():
    seat = Seat()
    seat.put(10, 9, 0, (1, 1, 2, 2, 3, 3))
    assert seat.inbox.late_count == 2
    assert seat.take(11) == Input(3, 3, 0)


def test_the_first_of_two_inputs_for_a_tick_stands():
    seat = Seat()
    seat.put(10, 11, 0, (1, 1))
    seat.put(10, 11, 0, (2, 2))
    assert seat.take(11) == Input(1, 1, 0)


def test_an_input_from_another_clock_is_dropped():
    seat = Seat()
    seat.put(10, 11 + AHEAD_TICKS_MAX, 0, (1, 1))
    assert seat.inbox.early_count == 1
    assert not seat.inputs.waiting(SLOT)


def test_a_starved_seat_lets_go_of_its_keys_once_and_keeps_its_aim():
    seat = Seat()
    seat.put(0, 1, 0, (17, 4_000))
    seat.take(1)
    coasted = [seat.take(tick) for tick in range(2, 2 + 3 * COAST_TICKS)]
    assert [each for each in coasted if each is not None] == [Input(0, 4_000, 0)]
    assert coasted[COAST_TICKS - 1] == Input(0, 4_000, 0)


def test_how_long_a_seat_has_starved_is_counted_from_its_last_input():
    seat = Seat()
    for tick in (1, COAST_TICKS):  # the gap is one tick too short to release any key
        seat.put(tick - 1, tick, 0, (17, 4_000))
    told = [tick for tick in range(1, 3 * COAST_TICKS) if seat.take(tick) is not None]
    assert told == [1, 2 * COAST_TICKS]


def test_a_seat_without_a_connection_does_not_turn_round():
    seat = Seat()
    seat.put(0, 1, 0, (17, 4_000, 17, 5_000))
    seat.take(1)
    seat.inbox.clear()
    coasted = [seat.take(tick) for tick in range(2, 2 + 3 * COAST_TICKS)]
    assert [each for each in coasted if each is not None] == [Input(0, 4_000, 0)]


def test_a_new_connections_input_is_passed_on_even_if_unchanged():
    seat = Seat()
    seat.put(0, 1, 0, (17, 4_000))
    seat.take(1)
    seat.inbox.clear()
    seat.put(1, 2, 0, (17, 4_000))
    assert seat.take(2) == Input(17, 4_000, 0)


def test_each_seat_has_its_own():
    inputs = InputBuffer()
    first, second = inputs.inbox(0), inputs.inbox(1)
    both = {0: first, 1: second}
    second.put(0, inputs_of(1, 0, (2, 2)))
    first.put(0, inputs_of(1, 0, (1, 1, 3, 3)))
    assert sorted(inputs.take(1, both, both)) == [(0, Input(1, 1)), (1, Input(2, 2))]
    first.clear()
    second.put(1, inputs_of(2, 0, (2, 2)))
    assert inputs.take(2, both, both) == []


def test_a_slot_without_a_player_is_not_served_and_its_first_input_is_passed_on_later():
    seat = Seat()
    seat.put(0, 1, 0, (1, 1, 1, 1))
    assert seat.inputs.take(1, {SLOT: 1}, {}) == []
    assert seat.take(2) == Input(1, 1, 0)


def test_in_another_round_nothing_waits_from_the_one_before():
    seat = Seat()
    seat.put(0, 1, 0, (1, 1, 2, 2))
    seat.take(1)
    seat.inputs.clear()
    seat.inbox.move(SLOT)
    assert seat.take(2) is None
    seat.put(2, 3, 0, (1, 1))
    assert seat.take(3) == Input(1, 1, 0)


def test_the_margin_says_how_early_the_last_message_was():
    seat = Seat()
    seat.put(10, 13, 0, (1, 1))
    assert seat.inbox.margin == 2
    seat.put(10, 8, 0, (1, 1))
    assert seat.inbox.margin == -3
    seat.put(10, 2_000_000, 0, (1, 1))
    assert seat.inbox.margin == 127


def test_steps_sent_again_are_no_late_ones_and_the_margin_is_that_of_the_new() -> None:
    seat = Seat()
    seat.put(10, 12, 0, (1, 1, 2, 2))
    seat.put(12, 12, 0, (1, 1, 2, 2, 3, 3, 4, 4))
    assert (seat.inbox.late_count, seat.inbox.margin) == (0, 1)
    assert [seat.take(tick) for tick in (12, 13)] == [Input(1, 1, 0), Input(2, 2, 0)]


def test_steps_sent_again_stand_in_for_a_message_that_was_lost() -> None:
    seat = Seat()
    seat.put(10, 12, 0, (1, 1, 2, 2))
    seat.put(11, 14, 0, (3, 3, 4, 4, 5, 5, 6, 6))  # the message for 14 and 15 never arrived
    taken = [seat.take(tick) for tick in range(12, 18)]
    assert taken == [Input(key, key, 0) for key in range(1, 7)]


steps = (
    st.lists(st.integers(0, 383), min_size=2, max_size=16)
    .filter(lambda flat: len(flat) % 2 == 0)
    .map(tuple)
)


@given(st.lists(st.tuples(st.integers(0, 200), steps), max_size=200))
def test_any_client_leaves_few_inputs_waiting_and_no_tick_is_served_twice(messages):
    seat = Seat()
    for now, (first, flat) in enumerate(messages):
        seat.put(now, first, 0, flat)
        waiting = seat.inputs.waiting(SLOT)
        assert len(waiting) <= AHEAD_TICKS_MAX
        assert all(tick > now for tick in waiting)
        seat.take(now + 1)
        assert now + 1 not in seat.inputs.waiting(SLOT)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-3, 40), steps), max_size=100))
def test_seats_of_one_match_are_served_as_if_each_were_alone(messages):
    together = InputBuffer()
    inboxes = [together.inbox(slot) for slot in range(3)]
    everybody = dict(enumerate(inboxes))
    alone = [InputBuffer() for _ in range(3)]
    lonely = [inputs.inbox(slot) for slot, inputs in enumerate(alone)]
    for now, (slot, ahead, flat) in enumerate(messages):
        for inbox in (inboxes[slot], lonely[slot]):
            inbox.put(now, inputs_of(max(0, now + ahead), 0, flat))
        told = [
            each for slot in range(3) for each in alone[slot].take(now + 1, {slot: 1}, {slot: 1})
        ]
        assert sorted(together.take(now + 1, everybody, everybody)) == told


@pytest.mark.parametrize(("idle_ms", "waited"), [(0, 0), (16, 0), (17, 1), (40, 1), (10**9, 1)])
def test_bytes_wait_at_most_from_one_snapshot_to_the_next(idle_ms: int, waited: int) -> None:
    assert waited_ticks(idle_ms) == waited


def test_the_margin_counts_how_long_a_message_lay_in_the_kernel() -> None:
    seat = Seat()
    seat.put(10, 11, 0, (1, 0))
    assert seat.inbox.margin == 0
    seat.inbox.waited_ticks = 1
    seat.put(10, 11, 0, (1, 0))
    assert seat.inbox.margin == 1


@given(
    claimed=st.integers(0, VIEW_LAG_MAX),
    accounted=st.integers(0, VIEW_LAG_MAX),
    early_ticks=st.integers(0, AHEAD_TICKS_MAX - 4),
    waited=st.integers(0, 1),
    count=st.integers(1, 4),
)
def test_a_claimed_lag_counts_as_far_as_the_road_and_the_waiting_account_for_it(
    claimed: int, accounted: int, early_ticks: int, waited: int, count: int
) -> None:
    seat = Seat()
    seat.inbox.lag_max, seat.inbox.waited_ticks = accounted, waited
    seat.put(10, 11 + early_ticks, claimed, tuple(range(2 * count)))
    for index in range(count):
        waits = early_ticks + index + waited
        _, _, taken = seat.inputs.waiting(SLOT)[11 + early_ticks + index]
        assert taken == min(claimed, accounted + waits * VIEW_LAG_PER_TICK)


def test_steps_stuffed_behind_a_shot_do_not_take_it_farther_back() -> None:
    alone, stuffed = Seat(), Seat()
    for seat, steps_flat in ((alone, (16, 0)), (stuffed, (16, 0) * 8)):
        seat.inbox.lag_max = 60
        seat.put(10, 11, VIEW_LAG_MAX, steps_flat)
        assert seat.take(11) == Input(16, 0, 60)

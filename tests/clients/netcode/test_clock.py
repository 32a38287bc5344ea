"""Inputs arrive just in time, and nobody sees the clock being nudged."""

import pytest

from clients.netcode.clock import Clock
from clients.netcode.tuning import (
    DELAY_TICKS_MAX,
    DELAY_TICKS_MIN,
    RATE_MAX,
    STEPS_AFTER_GAP,
    STEPS_MAX,
)
from game.inputs import RIGHT, Input
from tests.clients.netcode.virtual_match import VirtualMatch

TICK_S = 1 / 60


@pytest.mark.parametrize("delay_ms", [1, 25, 75, 125])
def test_inputs_come_just_before_their_tick_at_any_ping(delay_ms: int) -> None:
    match = VirtualMatch(delay_s=delay_ms / 1_000)
    match.run(8, lambda tick: Input(RIGHT))
    assert match.inbox.late_count == 0
    assert 0 <= match.inbox.margin <= 3


def test_a_road_that_grows_longer_is_followed_without_a_jump() -> None:
    match = VirtualMatch(delay_s=0.02)
    match.run(3)
    match.delay_s = 0.085
    before = match.clock.resync_count
    for _ in range(300):
        last = match.clock.predicted_tick
        match.run(TICK_S)
        assert 0 < match.clock.predicted_tick - last < 2 * (1 + RATE_MAX) + 0.01
    assert match.clock.resync_count == before
    assert match.inbox.margin >= 0


def test_others_are_two_snapshots_behind_on_a_still_road() -> None:
    match = VirtualMatch(delay_s=0.02)
    match.run(5)
    assert match.clock.delay_ticks == pytest.approx(DELAY_TICKS_MIN, abs=0.6)


def test_the_delay_follows_jitter_and_is_bounded() -> None:
    calm, wild, absurd = VirtualMatch(), VirtualMatch(jitter_s=0.08), VirtualMatch(jitter_s=0.4)
    for match in (calm, wild, absurd):
        match.run(12)
    assert calm.clock.delay_ticks + 1 < wild.clock.delay_ticks <= absurd.clock.delay_ticks
    assert absurd.clock.delay_ticks <= DELAY_TICKS_MAX


def test_one_frame_never_asks_for_more_than_it_can_make_up_for() -> None:
    clock = Clock()
    clock.snapshot(100, None, 1.0)
    assert clock.advance(1.0 + (STEPS_MAX - 2) * TICK_S) <= STEPS_MAX
    assert clock.advance(60.0) == STEPS_AFTER_GAP


def test_before_the_first_snapshot_there_is_no_time() -> None:
    assert Clock().advance(5.0) == 0


def test_the_round_trip_that_is_known_is_the_first_lead() -> None:
    near, far = Clock(round_trip_s=0.0), Clock(round_trip_s=0.25)
    for clock in (near, far):
        clock.snapshot(100, None, 1.0)
    assert far.predicted_tick - near.predicted_tick == pytest.approx(15)


def test_a_stall_moves_nothing_and_a_server_that_jumped_is_followed() -> None:
    match = VirtualMatch(delay_s=0.02)
    match.run(3)
    match.delay_s = 0.8
    match.run(0.75)
    match.delay_s = 0.02
    before = match.clock.predicted_tick - match.world.tick
    match.run(1)
    assert match.clock.resync_count == 0
    assert match.clock.predicted_tick - match.world.tick == pytest.approx(before, abs=4)
    clock = Clock()
    for frame in range(200):
        now_s = 1 + frame * 2 * TICK_S
        clock.snapshot(10_000 + 2 * frame - (5_000 if frame > 100 else 0), None, now_s)
        clock.advance(now_s)
    assert clock.predicted_tick < 6_000
    assert clock.resync_count == 1


def test_inputs_that_come_much_too_late_are_answered_by_one_jump() -> None:
    clock = Clock()
    clock.snapshot(100, None, 1.0)
    for frame in range(13):
        clock.advance(1.0 + frame * TICK_S)
    before = clock.predicted_tick
    clock.snapshot(112, -20, 1.2)
    assert clock.predicted_tick == pytest.approx(before + 21.5)
    clock.snapshot(114, -20, 1.2 + 2 * TICK_S)  # still about inputs from before the jump
    assert clock.resync_count == 1


@pytest.mark.slow
@pytest.mark.parametrize("is_counted", [True, False])
@pytest.mark.parametrize("seconds", [1.5, 5.0, 14.0, 600.0])
def test_a_machine_that_slept_goes_on_as_if_nothing_had_been(
    seconds: float, *, is_counted: bool
) -> None:
    match = VirtualMatch(delay_s=0.03)
    match.run(5, lambda tick: Input(RIGHT))
    sent, corrections = match.sent_count, match.round.prediction.correction_count
    match.sleep(seconds, is_counted=is_counted)
    match.run(1)
    assert match.sent_count - sent < 40, "a second of inputs is thirty messages"
    assert match.round.prediction.correction_count == corrections
    match.run(4)
    late = match.inbox.late_count
    match.run(4, lambda tick: Input(RIGHT))
    assert match.inbox.late_count == late
    assert match.round.prediction.correction_count == corrections

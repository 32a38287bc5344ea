"""A bystander's view is reported truthfully: silence counts, also at both ends."""

import pytest

from bench.abuse.scene import difference, gaps


def test_snapshots_that_come_on_time_have_the_gap_of_their_rate():
    times = [number / 30 for number in range(301)]
    told = gaps(times, 0.0, 10.0)
    assert told["snapshots_per_s"] == pytest.approx(30, abs=0.2)
    assert told["gap_p99_ms"] == pytest.approx(1_000 / 30)


def test_silence_at_the_end_is_a_gap():
    told = gaps([0.1, 0.2], 0.0, 5.0)
    assert told["gap_max_ms"] == pytest.approx(4_800)


def test_seeing_no_snapshots_counts_as_one_long_gap():
    told = gaps([], 0.0, 2.0)
    assert told["snapshots_per_s"] == 0
    assert told["gap_p99_ms"] == pytest.approx(2_000)


def test_differences_report_surplus_holdings_and_missing_bots():
    before = {"bots": 2.0, "people": 4.0, "connections": 9.0, "lobby_rooms": 1.0}
    now = {"bots": 1.0, "people": 4.0, "connections": 8.0, "lobby_rooms": 3.0}
    assert difference(before, now) == {"bots": -1.0, "lobby_rooms": 2.0}

"""The measurements of bots are added up correctly, and reported to people and programs."""

import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from clients.bots.tally import Tally, as_json, as_table, has_failed, percentile, summary
from clients.net.match import MatchCounts


@given(st.lists(st.floats(0, 100), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(
    values: list[float], percent: int
) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= len(values) * percent
    assert sum(value < found for value in values) * 100 < len(values) * percent


def test_tallies_add_up() -> None:
    first, second = Tally(connects=1, matches=1, seating_s=[0.1]), Tally(connects=2)
    first.add(MatchCounts(60, 6_000, 1, Counter({1006: 1})), [0.010, 0.030], 2.0)
    second.failures["no way"] += 2
    record = summary([first, second])
    assert record["bots"] == 2
    assert record["bots_that_played"] == 1
    assert record["snapshots_per_second"] == 30.0
    assert record["bytes_per_snapshot"] == 100.0
    assert (record["round_trip_ms_p50"], record["round_trip_ms_p99"]) == (10.0, 30.0)
    assert (record["failures"], record["failures_by_reason"]) == (2, {"no way": 2})
    assert (record["disconnects"], record["disconnects_by_code"]) == (1, {"1006": 1})
    assert has_failed(record)
    assert json.loads(as_json(record)) == record
    assert "bots that played" in as_table(record)
    assert "no way: 2" in as_table(record)


def test_a_crowd_in_which_all_played_has_not_failed() -> None:
    assert not has_failed(summary([Tally(matches=1), Tally(matches=9)]))


def test_a_failure_of_somebody_who_has_played_is_a_failure() -> None:
    tally = Tally(matches=2)
    tally.failures["the map cannot be had"] += 57
    assert has_failed(summary([tally]))


def test_a_seat_in_which_nobody_could_play_is_no_match_played() -> None:
    assert summary([Tally(snapshots=1)])["bots_that_played"] == 0


def test_no_snapshots_at_all_are_reported_without_a_division() -> None:
    record = summary([Tally()])
    assert record["bytes_per_snapshot"] == record["snapshots_per_second"] == 0.0
    assert has_failed(record)

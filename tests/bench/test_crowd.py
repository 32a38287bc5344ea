"""The requirements on a server under a crowd fail when any part of them is missing."""

import pytest

from bench.crowd import table, verdicts

BOTS = {
    "bots": 200,
    "bots_that_played": 200,
    "failures": 0,
    "disconnects": 0,
    "reconnects": 0,
    "matches": 200,
    "snapshots_per_second": 30.0,
    "bytes_per_snapshot": 120.0,
    "round_trip_ms_p50": 9.0,
    "round_trip_ms_p99": 20.0,
}
REPORT = {
    "machine": {"cores": 2, "processor": "any", "python": "CPython 3.11"},
    "seconds": 60.0,
    "bots": BOTS,
    "ticks": 30_000.0,
    "late_ms_p50": 1.0,
    "late_ms_p99": 16.7,
    "memory_mb_settled": 70.0,
    "memory_mb_end": 75.0,
    "server_cores": 0.5,
    "server_waited_s": 0.4,
}


def test_a_server_that_holds_everything_says_so():
    assert all(verdicts(REPORT).values())
    assert "SHORT" not in table(REPORT)


@pytest.mark.parametrize(
    "change",
    [
        {"bots": {**BOTS, "bots_that_played": 199}},
        {"bots": {**BOTS, "failures": 1}},
        {"bots": {**BOTS, "disconnects": 1}},
        {"bots": {**BOTS, "reconnects": 1}},
        {"late_ms_p99": 33.0},
        {"memory_mb_end": 75.2},
    ],
)
def test_each_shortcoming_is_reported(change):
    report = {**REPORT, **change}
    assert list(verdicts(report).values()).count(False) == 1
    assert table(report).count("SHORT") == 1

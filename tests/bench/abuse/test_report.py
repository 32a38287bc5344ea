"""A requirement under attack is reported as short when any part of it is missing."""

import pytest

from bench.abuse.report import table, verdicts

SPAN = {
    "snapshots_per_s": 30.0,
    "gap_p99_ms": 40.0,
    "gap_max_ms": 45.0,
    "cpu_percent": 20.0,
    "memory_mb": 90.0,
    "kernel_mb": 1.0,
    "seconds": 8.0,
}
RECORD = {
    "row": "pings-match",
    "title": "Pings.",
    "workers": 0,
    "before": SPAN,
    "during": SPAN,
    "after": SPAN,
    "done": {"frames": 9},
    "answers": {},
    "ended": {"close 4005": 2},
    "others": "6 of 6 newcomers",
    "others_held": True,
    "lost": 0,
    "left": {},
    "faults": [],
}


def test_a_row_that_holds_everything_says_so():
    assert all(verdicts(RECORD).values())
    assert "everything held" in table([RECORD])
    assert "close 4005 ×2" in table([RECORD])


@pytest.mark.parametrize(
    "change",
    [
        {"during": {**SPAN, "snapshots_per_s": 28.9}},
        {"during": {**SPAN, "gap_p99_ms": 51.0}},
        {"after": {**SPAN, "memory_mb": 98.5}},
        {"others_held": False},
        {"lost": 1},
        {"left": {"connections": 1.0}},
        {"faults": ["channel_overrun"]},
    ],
)
def test_each_shortcoming_is_reported(change):
    record = {**RECORD, **change}
    assert list(verdicts(record).values()).count(False) == 1
    assert table([record]).count("SHORT") == 1


def test_a_row_that_could_not_be_tried_says_why():
    told = table([RECORD], {"lists/2": "no start"})
    assert told.endswith("lists/2: not possible: no start")

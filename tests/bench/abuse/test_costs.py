"""Charged costs are shown beside measured ones, and too low a charge is reported."""

import pytest

from bench.abuse.costs import PROBES, cost_table, each
from bench.abuse.rows import ROWS


def test_every_probe_is_a_row():
    assert {probe.row for probe in PROBES} <= ROWS.keys()


@pytest.mark.parametrize(("spent_us", "told"), [(90.0, 0), (110.0, 1)])
def test_work_charged_below_its_cost_is_reported(spent_us, told):
    cost = {"row": "pings-lobby", "what": "a frame", "count": 100, "charged_us": 100.0}
    assert cost_table([{**cost, "spent_us": spent_us}]).count("TOO CHEAP") == told


def test_one_round_in_which_the_machine_was_busy_is_not_the_measure():
    assert each([300.0, 9_000.0, 600.0], [3, 3, 6]) == 100


def test_failed_requests_are_not_reported_as_cheap():
    assert each([5.0], [0]) is None
    cost = {"row": "pings-lobby", "what": "a frame", "count": 0}
    told = cost_table([{**cost, "spent_us": None, "charged_us": None}])
    assert "NONE CAME THROUGH" in told

"""What is charged is summed up as a budget does, and what is too cheap is told."""

import pytest

from bench.abuse.costs import PROBES, cost_table
from bench.abuse.outcome import Outcome
from bench.abuse.rows import ROWS
from server.budget.costs import FRAME


def test_every_probe_is_a_row():
    assert {probe.row for probe in PROBES} <= ROWS.keys()


def test_charges_are_those_of_the_table_and_of_coming_there():
    probe = next(probe for probe in PROBES if probe.row == "pings-lobby")
    outcome = Outcome()
    outcome.done["frames"] = 10
    assert probe.charged_us(outcome) == 10 * FRAME.cost_us
    outcome.done["connections"] = 1
    assert probe.charged_us(outcome) > 10 * FRAME.cost_us


@pytest.mark.parametrize(("spent_ms", "told"), [(9.0, 0), (11.0, 1)])
def test_work_that_is_charged_below_its_cost_is_told(spent_ms, told):
    cost = {"row": "pings-lobby", "what": "a frame", "count": 100, "charged_ms": 10.0}
    assert cost_table([{**cost, "spent_ms": spent_ms}]).count("TOO CHEAP") == told

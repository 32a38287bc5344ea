"""A hidden offset shrinks, and never faster than anybody may move."""

from itertools import pairwise

import pytest

from clients.netcode.hiding import units_left
from clients.netcode.tuning import HIDDEN_UNITS_MAX, HIDDEN_UNITS_PER_TICK_MAX


@pytest.mark.parametrize("units", [5, 300, 1_500, 4_000, HIDDEN_UNITS_MAX])
def test_an_offset_shrinks_at_a_capped_speed_however_often_it_is_drawn(units: int) -> None:
    left = [units_left(units, step / 4) for step in range(400)]
    assert left[0] == pytest.approx(units)
    assert left[-1] == 0
    steps = [one - other for one, other in pairwise(left)]
    assert min(steps) >= 0
    assert max(steps) <= HIDDEN_UNITS_PER_TICK_MAX / 4 + 1  # the last unit goes at once
    rest = float(units)
    for _ in range(12):
        rest = units_left(rest, 0.5)
    assert rest == pytest.approx(units_left(units, 6), abs=1e-3)


def test_a_teleport_is_jumped() -> None:
    assert units_left(HIDDEN_UNITS_MAX + 1, 0) == 0

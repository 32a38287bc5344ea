"""Closed bystanders show as closes that the server counted and the attackers did not get."""

import pytest

from tests.bench.abuse.stage import closed_beside


@pytest.mark.parametrize(
    ("row", "code", "told", "answers", "beside"),
    [
        ("renames-at-once", 4005, 2, set(), {}),
        ("renames-at-once", 4005, 1, set(), {4005: 1}),
        ("renames-at-once", 1000, 0, set(), {}),
        ("lists", 4009, 0, set(), {4009: 2}),
        ("lists", 4005, 0, set(), {}),
        ("dear-messages-match", 4009, 0, {"close 4009"}, {}),
    ],
)
def test_closes_unknown_to_the_attackers_are_reported(row, code, told, answers, beside):
    counted = {f'websockets_closed_total{{code="{code}"}}': 2, "connections_refused": 3}
    record = {"row": row, "counted": counted, "ended": {f"close {code}": told}}
    assert closed_beside(record, answers) == beside

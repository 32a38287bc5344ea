"""The table of attacks is complete; each has a description and addresses of its own."""

import pytest

from bench.abuse.__main__ import chosen_rows, told_rows
from bench.abuse.outcome import Target
from bench.abuse.rows import GROUPS, ROWS, target_number


@pytest.mark.parametrize("name", list(ROWS))
def test_every_row_says_what_is_done(name):
    assert ROWS[name].name == name
    assert ROWS[name].title.endswith(".")


def test_no_two_rows_come_from_the_same_addresses():
    numbers = [target_number(name) for name in ROWS]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) <= 250


def test_attackers_and_newcomers_are_different_people():
    target = Target(80, "m", 10)
    attackers = {target.source(number) for number in range(250)}
    newcomers = {target.newcomer(number) for number in range(60_000)}
    assert len(attackers) == 250
    assert len(newcomers) == 60_000
    assert not attackers & newcomers


def test_rows_are_chosen_by_patterns():
    assert [row.name for row in chosen_rows(["pings-*"])] == [
        "pings-match",
        "pings-lobby",
        "pings-echo",
    ]
    assert len(chosen_rows(None)) == len(ROWS)


def test_a_group_is_chosen_by_its_name_and_is_no_row():
    for name, rows in GROUPS.items():
        assert name not in ROWS
        assert {row.name for row in chosen_rows([name])} == set(rows)
        assert name in told_rows([])

"""The condition language: what is a field and a condition, and that input is never executed."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.world import Phase
from server.debugger.conditions import field_name, parse_condition
from server.debugger.errors import DebugError


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("health[3]", "player[3].health"),
        ("player 3 health", "player[3].health"),
        ("player  3   ammo[1]", "player[3].ammo[1]"),
        ("ammo[3][1]", "player[3].ammo[1]"),
        ("player[12].x", "player[12].x"),
        ("shot 9 vx", "shot[9].vx"),
        ("pad[2]", "pad[2]"),
        ("phase", "phase"),
        ("config.mode", "config.mode"),
    ],
)
def test_a_field_has_several_names(typed: str, name: str):
    assert field_name(typed) == name


@pytest.mark.parametrize("typed", ["", "health", "healthy[3]", "__class__", "player[3]", "x.y.z"])
def test_an_unknown_field_is_reported(typed: str):
    with pytest.raises(DebugError, match="there is no field"):
        field_name(typed)


@pytest.mark.parametrize(
    ("typed", "holds"),
    [
        ("health[3] < 20", True),
        ("health[3] >= 20", False),
        ("health[3]==19 and phase == play", True),
        ("health[3] = 19 and alive[3] != 1", False),
        ("config.mode == 'duel'", True),
        ("phase < 20 and config.mode == 7", False),
        ("health[4] < 20", False),
    ],
)
def test_conditions_compare_fields_with_values(typed: str, holds: bool):
    fields = {
        "player[3].health": 19, "player[3].alive": 1, "phase": int(Phase.PLAY),
        "config.mode": "duel",
    }  # fmt: skip
    assert parse_condition(typed).holds(fields.get) is holds


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "health[3]",
        "health[3] < ",
        "health[3] < __import__('os')",
        " and ".join(["tick > 1"] * 9),
    ],
)
def test_an_invalid_condition_is_reported(typed: str):
    with pytest.raises(DebugError):
        parse_condition(typed)


@given(st.text(max_size=40))
def test_any_text_is_a_condition_or_gets_a_sentence(typed: str):
    with suppress(DebugError):
        assert parse_condition(typed).clauses

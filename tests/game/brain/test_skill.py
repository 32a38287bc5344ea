"""Five levels, each at least as good as the one before in everything."""

from attrs import asdict

from game.brain.skill import LEVELS

BETTER_IF_MORE = {"turn_per_tick", "lead_percent", "dodge_percent", "flee_health", "need_percent"}
BETTER_IF_LESS = {"look_ticks", "reaction_ticks", "aim_error", "weapon_bias"}


def test_there_are_levels_one_to_five() -> None:
    assert list(LEVELS) == [1, 2, 3, 4, 5]


def test_nothing_gets_worse_with_the_level() -> None:
    for lower, higher in zip(list(LEVELS.values()), list(LEVELS.values())[1:], strict=False):
        low, high = asdict(lower), asdict(higher)
        assert low.keys() == BETTER_IF_MORE | BETTER_IF_LESS
        assert all(high[key] >= low[key] for key in BETTER_IF_MORE)
        assert all(high[key] <= low[key] for key in BETTER_IF_LESS)

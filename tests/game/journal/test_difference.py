"""How a difference between worlds is put into words."""

from game import step
from game.inputs import FIRE, Command, CommandKind, Input
from game.journal.difference import difference
from game.world import World
from tests.strategies import world_of


def fighting() -> World:
    world = world_of()
    step(world, [Command(CommandKind.JOIN, slot) for slot in (0, 3)])
    for _ in range(250):
        step(world, (), [(0, Input(FIRE)), (3, Input(FIRE))])
    assert len(world.shots) > 1
    return world


def test_equal_worlds_differ_in_nothing() -> None:
    assert difference(fighting(), fighting()) == ""


def test_the_first_field_that_differs_is_named() -> None:
    one, other = fighting(), fighting()
    other.players[3].ammo[2] = 5
    other.winner = 2
    assert difference(one, other) == "players[3].ammo[2] is 0, the journal says 5"


def test_somebody_who_is_missing_is_named() -> None:
    one, other = fighting(), fighting()
    del other.players[3]
    assert difference(one, other) == "players are [0, 3], the journal says [0]"


def test_the_order_of_shots_is_part_of_a_world() -> None:
    one, other = fighting(), fighting()
    first = next(iter(other.shots))
    other.shots[first] = other.shots.pop(first)
    assert difference(one, other).startswith("shots are [")


def test_long_values_are_cut() -> None:
    one, other = fighting(), fighting()
    other.history.pop()
    assert len(difference(one, other)) < 200

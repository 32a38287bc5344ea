"""The record of a round: players in the mode's order, and team scores where there are teams."""

from types import SimpleNamespace

from game import digest
from game.modes import MODES
from server.match.results import round_result, standings
from server.match.rounds import RoundPlan
from tests.game.modes.sides import play

EMPTY = SimpleNamespace(players={}, bots=SimpleNamespace(names={}))


def test_with_one_life_the_order_is_that_of_the_places() -> None:
    world = play("last-standing", 4)
    for slot, place, kills in ((0, 3, 9), (1, 1, 0), (2, 4, 1), (3, 2, 0)):
        player = world.players[slot]
        player.place, player.kills, player.score, player.alive = place, kills, kills, place == 1
    assert [row.slot for row in standings(world, EMPTY)] == [1, 3, 0, 2]


def test_sides_and_their_points_are_on_record() -> None:
    world = play("capture-the-flag", 4)
    world.team_scores, world.winner = [2, 5], 2
    plan = RoundPlan("m1", world.config, world.arena, 0)
    rows = standings(world, EMPTY)
    result = round_result(world, plan, rows, digest(world), (0.0, 1.0))
    assert (result.winner, result.red, result.blue) == (2, 2, 5)
    assert [row.team for row in result.players] == [1, 2, 1, 2]


def test_a_draw_is_on_record_as_nobodys() -> None:
    world = play("team-deathmatch", 4)
    world.team_scores, world.winner = [3, 3], -1
    plan = RoundPlan("m1", world.config, world.arena, 0)
    result = round_result(world, plan, standings(world, EMPTY), digest(world), (0.0, 1.0))
    assert (result.winner, result.red, result.blue) == (-1, 3, 3)


def test_without_sides_there_are_no_points_of_any() -> None:
    world = play("deathmatch", 2)
    plan = RoundPlan("m1", world.config, world.arena, 0)
    result = round_result(world, plan, standings(world, EMPTY), digest(world), (0.0, 1.0))
    assert (result.red, result.blue, {row.team for row in result.players}) == (0, 0, {0})
    assert MODES["deathmatch"].teams == 0

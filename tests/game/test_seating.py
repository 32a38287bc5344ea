"""Joining, leaving and inputs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import step
from game.inputs import VIEW_LAG_PER_TICK, Command, CommandKind, Input
from game.seating import FIRST_BLOOD_GONE
from game.tuning import TUNING
from tests.game.fights import fight
from tests.strategies import world_of

JOIN, LEAVE, PRESENCE, VOTE = CommandKind


def test_players_are_kept_in_order_of_slots_whatever_the_order_they_came_in() -> None:
    world = world_of()
    step(world, [Command(JOIN, slot) for slot in (9, 0, 127, 3)])
    assert list(world.players) == [0, 3, 9, 127]
    assert all(player.alive for player in world.players.values())


def test_a_join_says_whether_it_is_a_bot_and_which_team() -> None:
    world = world_of()
    step(world, [Command(JOIN, 0, 0b101)])
    assert (world.players[0].bot, world.players[0].team) == (1, 2)


@pytest.mark.parametrize(
    "command",
    [
        Command(JOIN, 0),
        Command(JOIN, 128),
        Command(JOIN, -1),
        Command(JOIN, 5, -1),
        Command(LEAVE, 7),
        Command(PRESENCE, 7, 1),
        Command(PRESENCE, 0, 2),
        Command(VOTE, 0, 2),
        Command(VOTE, 0, -1),
        Command(9, 0),
    ],
)
def test_a_wrong_command_is_the_hosts_bug(command: Command) -> None:
    world = fight(2, 8)
    with pytest.raises(AssertionError):
        step(world, [command])


def test_a_full_match_takes_no_more() -> None:
    world = world_of("duel")
    step(world, [Command(JOIN, 0), Command(JOIN, 1)])
    with pytest.raises(AssertionError, match="full"):
        step(world, [Command(JOIN, 2)])


def test_first_blood_of_a_player_who_left_is_not_their_successors() -> None:
    world = fight(2, 8)
    world.first_blood = 1
    step(world, [Command(LEAVE, 0), Command(JOIN, 0)])
    assert world.first_blood == FIRST_BLOOD_GONE


def test_an_input_stays_in_force_and_one_for_an_empty_seat_is_dropped() -> None:
    world = fight(2, 8)
    step(world, (), [(0, Input(5, 77, 3)), (99, Input(5))])
    step(world)
    player = world.players[0]
    assert (player.buttons, player.aim, player.view_lag) == (5, 77, 3)


@given(st.integers(), st.integers(), st.integers())
def test_any_three_integers_are_a_legal_input(buttons: int, aim: int, lag: int) -> None:
    world = fight(2, 8)
    step(world, (), [(0, Input(buttons, aim, lag))])
    player = world.players[0]
    assert 0 <= player.buttons < 512
    assert 0 <= player.aim < 65_536
    assert 0 <= player.view_lag <= TUNING.rewind_ticks_max * VIEW_LAG_PER_TICK

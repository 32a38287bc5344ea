"""Two sides: who joins which, what a kill is worth, and when a team deathmatch is won."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import step
from game.arena import Spawn
from game.damage import Hit, hurt
from game.events import Event, EventKind
from game.inputs import Command, CommandKind
from game.modes import MODES
from game.modes.teams import team_spawns
from game.referee import close_phase
from game.tuning import Weapon
from game.world import Phase, World
from tests.game.fights import place
from tests.game.modes.sides import FIELD, leave, play
from tests.strategies import arena_from, world_of


def sides(world: World) -> list[int]:
    return [player.team for player in world.players.values()]


def kill(world: World, killer: int, victim: int) -> None:
    events: list[Event] = []
    one, other = world.players[killer], world.players[victim]
    place(other, other.x, other.y)
    assert hurt(world, other, Hit(one, Weapon.RAIL, 500, 0, 0), events)


def test_new_players_join_the_smaller_side() -> None:
    world = world_of("team-deathmatch")
    step(world, [Command(CommandKind.JOIN, slot) for slot in range(5)])
    assert sides(world) == [1, 2, 1, 2, 1]
    step(world, [Command(CommandKind.LEAVE, 0), Command(CommandKind.LEAVE, 2)])
    step(world, [Command(CommandKind.JOIN, 9)])
    assert world.players[9].team == 1


def test_a_person_joins_the_side_with_fewer_people_if_both_are_equal() -> None:
    world = world_of("team-deathmatch")
    step(world, [Command(CommandKind.JOIN, 0, 1), Command(CommandKind.JOIN, 1, 0)])
    assert sides(world) == [1, 2]
    step(world, [Command(CommandKind.JOIN, 2, 0)])
    assert world.players[2].team == 1


def test_a_host_may_say_the_side() -> None:
    world = world_of("team-deathmatch")
    step(world, [Command(CommandKind.JOIN, slot, 2 << 1) for slot in range(3)])
    assert sides(world) == [2, 2, 2]


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from((1, 2))), min_size=4, max_size=16))
def test_a_countdown_begins_with_even_sides(joins: list[tuple[int, int]]) -> None:
    world = world_of("team-deathmatch")
    step(
        world,
        [
            Command(CommandKind.JOIN, slot, bot | team << 1)
            for slot, (bot, team) in enumerate(joins)
        ],
    )
    assert world.phase == Phase.COUNTDOWN
    assert abs(sides(world).count(1) - sides(world).count(2)) <= 1


def test_nobody_changes_sides_once_it_counts() -> None:
    world = play("team-deathmatch", 6)
    before = {slot: player.team for slot, player in world.players.items()}
    for slot in (0, 2):
        leave(world, slot)
    assert {slot: player.team for slot, player in world.players.items()} == {
        slot: team for slot, team in before.items() if slot not in (0, 2)
    }


def test_a_kill_counts_for_the_player_and_their_side() -> None:
    world = play("team-deathmatch", 4)
    kill(world, 0, 1)
    kill(world, 2, 3)
    assert world.team_scores == [2, 0]
    assert [player.score for player in world.players.values()] == [1, 0, 1, 0]


def test_a_suicide_takes_a_point_from_both() -> None:
    world = play("team-deathmatch", 4)
    kill(world, 1, 1)
    assert (world.team_scores, world.players[1].score) == ([0, -1], -1)


def test_mates_cannot_hurt_each_other() -> None:
    world = play("team-deathmatch", 4)
    one, mate = world.players[0], world.players[2]
    assert not hurt(world, mate, Hit(one, Weapon.RAIL, 500, 0, 0), [])
    assert mate.health == 100


def test_a_sides_points_stay_when_their_maker_leaves() -> None:
    world = play("team-deathmatch", 4)
    kill(world, 0, 1)
    leave(world, 0)
    assert world.team_scores == [1, 0]


def test_the_first_side_at_the_limit_wins() -> None:
    world = play("team-deathmatch", 4, score_limit=2)
    kill(world, 1, 0)
    close_phase(world, [(EventKind.EMPTY, 0)])
    assert world.phase == Phase.PLAY
    kill(world, 3, 2)
    close_phase(world, [(EventKind.EMPTY, 0)])
    assert (world.phase, world.winner) == (Phase.SCOREBOARD, 2)


def test_a_tie_at_the_end_is_played_on_until_a_side_leads() -> None:
    world = play("team-deathmatch", 4)
    world.phase_end_tick = world.tick + 1
    step(world)
    assert world.phase == Phase.OVERTIME
    kill(world, 1, 0)
    step(world)
    assert (world.phase, world.winner) == (Phase.SCOREBOARD, 2)


@pytest.mark.parametrize("mode", ["team-deathmatch", "capture-the-flag"])
def test_a_tie_at_the_end_of_overtime_is_a_draw(mode: str) -> None:
    world = play(mode, 4)
    world.team_scores = [3, 3]
    for phase in (Phase.OVERTIME, Phase.SCOREBOARD):
        world.phase_end_tick = world.tick + 1
        step(world)
        assert world.phase == phase
    assert (world.winner, world.team_scores) == (-1, [3, 3])


def test_a_side_appears_on_its_own_spawns() -> None:
    arena = arena_from(FIELD)
    assert team_spawns(arena, 1) == arena.spawns  # a map without team spawns: all
    own = tuple(Spawn(spot.x, spot.y, 0, 1 + (spot.x > 10_000)) for spot in arena.spawns)
    object.__setattr__(arena, "spawns", own)
    arena.derived.clear()
    for team in (1, 2):
        assert {spot.team for spot in team_spawns(arena, team)} == {team}


@pytest.mark.parametrize("name", ["team-deathmatch", "capture-the-flag"])
def test_a_mode_of_sides_is_for_two_sides_of_eight(name: str) -> None:
    mode = MODES[name]
    assert (mode.teams, mode.players_max) == (2, 16)


def test_a_host_that_names_a_third_side_has_a_bug() -> None:
    with pytest.raises(AssertionError, match="no team 3"):
        step(world_of("team-deathmatch"), [Command(CommandKind.JOIN, 0, 3 << 1)])

"""Flags: taken, carried, dropped, returned, captured; and the points for each."""

from game import step, view
from game.damage import Hit, hurt
from game.events import Event, EventKind, FlagAction
from game.inputs import Command, CommandKind
from game.tuning import TUNING, Weapon
from game.world import HOME, ON_GROUND, Phase, World
from tests.game.fights import of_kind, place
from tests.game.modes.sides import leave, play
from tests.strategies import centre

RED, BLUE = 1, 2


def match() -> World:
    """Slots 0 and 2 are red, 1 and 3 blue; all stand in the middle, away from the flags."""
    world = play("capture-the-flag", 4)
    for slot, player in world.players.items():
        place(player, centre(8 + slot), centre(2))
    step(world)
    return world


def stand_on(world: World, slot: int, team: int) -> list[Event]:
    flag = world.flags[team]
    place(world.players[slot], flag.x, flag.y)
    return step(world)


def kill(world: World, victim: int) -> list[Event]:
    player = world.players[victim]
    assert hurt(world, player, Hit(player, Weapon.RAIL, 500, 0, 0), [])
    return step(world)


def test_both_flags_stand_at_home_from_the_first_tick_on() -> None:
    world = match()
    assert [flag.holder for flag in world.flags.values()] == [HOME, HOME]
    bases = [(base.x, base.y) for base in world.arena.flags]
    assert [(flag.x, flag.y) for flag in world.flags.values()] == bases


def test_the_enemy_flag_is_taken_by_standing_on_it() -> None:
    world = match()
    base = world.arena.flags[BLUE - 1]
    place(world.players[0], base.x - 300, base.y + 200)
    events = step(world)
    assert world.flags[BLUE].holder == 0
    # The event has the flag's place, which everybody knows, and not the player's.
    assert of_kind(events, EventKind.FLAG) == [(0, BLUE, FlagAction.TAKEN, base.x, base.y)]
    assert stand_on(world, 2, BLUE) == []  # the flag is gone


def test_ones_own_at_home_is_not_for_taking() -> None:
    world = match()
    assert of_kind(stand_on(world, 0, RED), EventKind.FLAG) == []
    assert world.flags[RED].holder == HOME


def test_bringing_it_to_ones_own_is_a_capture() -> None:
    world = match()
    stand_on(world, 0, BLUE)
    events = stand_on(world, 0, RED)
    assert of_kind(events, EventKind.FLAG)[0][:3] == (0, BLUE, FlagAction.CAPTURED)
    assert world.team_scores == [1, 0]
    assert world.players[0].score == TUNING.capture_points
    assert world.flags[BLUE].holder == HOME


def test_no_capture_while_ones_own_is_away() -> None:
    world = match()
    stand_on(world, 1, RED)
    stand_on(world, 0, BLUE)
    base = world.arena.flags[0]
    place(world.players[0], base.x, base.y)
    step(world)
    assert world.team_scores == [0, 0]
    assert world.flags[BLUE].holder == 0


def test_a_fallen_carrier_drops_it_where_they_fell() -> None:
    world = match()
    stand_on(world, 0, BLUE)
    place(world.players[0], centre(12), centre(1))
    events = kill(world, 0)
    flag = world.flags[BLUE]
    assert (flag.holder, flag.x, flag.y) == (ON_GROUND, centre(12), centre(1))
    assert of_kind(events, EventKind.FLAG) == [(0, BLUE, FlagAction.DROPPED, centre(12), centre(1))]


def test_a_carrier_who_leaves_drops_it_even_if_their_slot_is_taken_at_once() -> None:
    world = match()
    stand_on(world, 0, BLUE)
    step(world, [Command(CommandKind.LEAVE, 0), Command(CommandKind.JOIN, 0, BLUE << 1)])
    assert world.flags[BLUE].holder in (ON_GROUND, HOME)
    world = match()
    stand_on(world, 0, BLUE)
    leave(world, 0)
    assert world.flags[BLUE].holder == ON_GROUND


def test_ones_own_on_the_ground_is_returned_by_touching_it() -> None:
    world = match()
    stand_on(world, 0, BLUE)
    place(world.players[0], centre(14), centre(1))
    kill(world, 0)
    events = stand_on(world, 1, BLUE)
    assert of_kind(events, EventKind.FLAG)[0][:3] == (1, BLUE, FlagAction.RETURNED)
    assert world.flags[BLUE].holder == HOME
    assert world.players[1].score == TUNING.return_points


def test_a_dropped_enemy_flag_can_be_picked_up() -> None:
    world = match()
    stand_on(world, 0, BLUE)
    place(world.players[0], centre(14), centre(1))
    kill(world, 0)
    stand_on(world, 2, BLUE)
    assert world.flags[BLUE].holder == 2


def test_a_flag_on_the_ground_goes_home_by_itself() -> None:
    world = match()
    stand_on(world, 0, BLUE)
    place(world.players[0], centre(14), centre(1))
    kill(world, 0)
    for player in world.players.values():
        player.alive = 0
        player.respawn_tick = 1 << 30
    dropped_tick = world.tick
    while world.flags[BLUE].holder == ON_GROUND:
        events = step(world)
    assert world.tick - dropped_tick == TUNING.flag_return_ticks
    assert of_kind(events, EventKind.FLAG)[0][:3] == (-1, BLUE, FlagAction.RETURNED)


def test_the_limit_of_captures_ends_it() -> None:
    world = match()
    for _ in range(world.config.score_limit):
        assert world.phase == Phase.PLAY
        stand_on(world, 1, RED)
        stand_on(world, 1, BLUE)
    assert (world.phase, world.winner) == (Phase.SCOREBOARD, BLUE)


def test_kills_do_not_bring_the_side_anything() -> None:
    world = match()
    killer, victim = world.players[0], world.players[1]
    assert hurt(world, victim, Hit(killer, Weapon.RAIL, 500, 0, 0), [])
    assert (killer.score, world.team_scores) == (1, [0, 0])


def test_everybody_sees_flags_and_points() -> None:
    world = match()
    stand_on(world, 0, BLUE)
    base = world.arena.flags[1]
    seen = view(world, [])
    assert seen.teams == {RED: (0,), BLUE: (0,)}
    assert seen.flags[BLUE] == (base.x, base.y, 0, 0)

"""One life: places, who may join, the closing circle, and who wins."""

from dataclasses import replace

from game import step, view
from game.circle_plan import circle_at
from game.damage import Hit, hurt
from game.events import NO_WEAPON, EventKind
from game.inputs import FIRE, Command, CommandKind, Input
from game.modes import MODES
from game.referee import close_phase
from game.tuning import TUNING, CircleStage, Tuning, Weapon
from game.world import NEVER_TICK, NO_CIRCLE, Phase, World
from tests.game.fights import of_kind, place
from tests.game.modes.sides import leave, play
from tests.strategies import centre, world_of

FAST = replace(
    TUNING,
    circle_hurt_ticks=10,
    circle_stages=(CircleStage(60, 60, 40, 3), CircleStage(30, 60, 0, 30)),
)


def match(players: int = 4, tuning: Tuning = TUNING) -> World:
    return play("last-standing", players, tuning)


def kill(world: World, killer: int, victim: int) -> None:
    hit = Hit(world.players[killer], Weapon.RAIL, 500, 0, 0)
    assert hurt(world, world.players[victim], hit, [])


def settle(world: World) -> None:
    """Let the referee see kills that were dealt outside of a step."""
    close_phase(world, [(EventKind.OUT, 0, 0)])


def test_a_dead_player_is_out_with_a_rank_by_the_number_alive() -> None:
    world = match()
    kill(world, 0, 3)
    for _ in range(3 * TUNING.respawn_ticks):
        step(world)
    fallen = world.players[3]
    assert (fallen.alive, fallen.place, fallen.respawn_tick) == (0, 4, NEVER_TICK)
    assert world.phase == Phase.PLAY


def test_the_last_one_has_won_and_the_first_place() -> None:
    world = match()
    for victim in (3, 1, 0):
        kill(world, 2, victim)
    settle(world)
    assert (world.phase, world.winner) == (Phase.SCOREBOARD, 2)
    assert [player.place for player in world.players.values()] == [2, 3, 1, 4]
    assert world.players[2].score == 3


def test_of_two_who_kill_each_other_the_one_who_fell_last_has_won() -> None:
    world = match(2)
    kill(world, 0, 1)
    kill(world, 1, 0)
    settle(world)
    assert (world.phase, world.winner) == (Phase.SCOREBOARD, 0)


def test_a_player_who_leaves_is_out() -> None:
    world = match(3)
    events = leave(world, 1)
    assert of_kind(events, EventKind.OUT) == [(1, 3)]
    leave(world, 0)
    assert (world.phase, world.winner, world.players[2].place) == (Phase.SCOREBOARD, 2, 1)


def test_late_players_spectate() -> None:
    world = match(3)
    events = step(world, [Command(CommandKind.JOIN, 9)])
    late = world.players[9]
    assert (late.alive, late.place, late.respawn_tick) == (0, 0, NEVER_TICK)
    assert of_kind(events, EventKind.OUT) == [(9, 0)]
    kill(world, 0, 1)
    kill(world, 0, 2)
    step(world, [Command(CommandKind.LEAVE, 2)])
    step(world, [Command(CommandKind.JOIN, 2)])
    assert (world.phase, world.winner) == (Phase.SCOREBOARD, 0)


def test_a_match_that_all_left_is_no_prison_for_who_comes_next() -> None:
    world = match(2)
    step(
        world,
        [
            Command(CommandKind.LEAVE, 0),
            Command(CommandKind.LEAVE, 1),
            Command(CommandKind.JOIN, 5),
        ],
    )
    assert world.phase == Phase.SCOREBOARD


def test_a_round_without_points_or_time_says_so() -> None:
    world = match()
    assert (world.config.score_limit, world.phase_end_tick) == (0, 0)


def test_in_the_warm_up_one_dies_as_often_as_one_likes() -> None:
    world = world_of("last-standing")
    step(world, [Command(CommandKind.JOIN, slot) for slot in range(3)])
    assert (world.phase, world.circle) == (Phase.WARMUP, NO_CIRCLE)
    for _ in range(TUNING.protection_ticks):
        step(world)
    kill(world, 0, 1)
    for _ in range(TUNING.respawn_ticks):
        step(world)
    assert world.players[1].alive


def test_the_circle_first_holds_the_whole_map() -> None:
    world = match()
    x, y, radius = circle_at(world.circle, world.tick)
    for spot in world.arena.spawns:
        assert (spot.x - x) ** 2 + (spot.y - y) ** 2 < radius**2
    assert view(world, []).circle[-1] == world.circle.end_tick > world.tick


def test_outside_one_is_worn_down_and_inside_not() -> None:
    world = match(2, FAST)
    centre_x, centre_y = world.circle.next_x, world.circle.next_y
    inside, outside = world.players.values()
    outside.armour = 100
    while world.tick < world.circle.end_tick - 1:
        inside.x, inside.y = centre_x, centre_y
        outside.x, outside.y = (1_536, 1_536) if centre_x > 11_000 else (20_992, 1_536)
        step(world)
    assert inside.health == 100
    assert outside.health < 100
    assert outside.armour == 100


def test_its_end_is_the_end_even_if_nobody_shoots() -> None:
    world = match(3, FAST)
    strongest = world.players[1]
    strongest.health = 150
    ticks = sum(stage.hold_ticks + stage.shrink_ticks for stage in FAST.circle_stages)
    events = []
    for _ in range(ticks + 500):
        events += step(world)
        if world.phase == Phase.SCOREBOARD:
            break
    assert (world.phase, world.winner) == (Phase.SCOREBOARD, 1)
    kills = of_kind(events, EventKind.KILL)
    assert all(victim == killer and weapon == NO_WEAPON for victim, killer, weapon, _ in kills)
    assert len(of_kind(events, EventKind.CIRCLE)) == len(FAST.circle_stages) - 1


def test_shots_of_a_player_who_is_out_go_with_them() -> None:
    world = match(3)
    shooter = world.players[0]
    place(shooter, centre(5), centre(2))  # nothing for ten tiles to the east
    step(world, (), [(0, Input(FIRE))])
    assert any(shot.owner == 0 for shot in world.shots.values())
    shooter.buttons = 0
    shooter.health = 1
    world.tick += 60 - world.tick % 30 - 1  # just before the circle hurts
    world.circle = replace(world.circle, radius=1, x=-9_000, next_radius=0)
    events = step(world)
    assert (0,) in [event[:1] for event in of_kind(events, EventKind.OUT)]
    assert not any(shot.owner == 0 for shot in world.shots.values())


def test_the_board_shows_places_then_those_who_never_were_in_it() -> None:
    world = match(4)
    step(world, [Command(CommandKind.JOIN, 9)])
    kill(world, 0, 1)
    kill(world, 0, 2)
    board = sorted(world.players.values(), key=MODES[world.config.mode].rank)
    assert [player.slot for player in board] == [0, 3, 2, 1, 9]

"""The places where players spawn, and their state."""

from dataclasses import replace

from game import step
from game.arena import Spawn
from game.events import Event, EventKind
from game.inputs import Command, CommandKind
from game.spawning import spawn, spawn_everybody
from game.tuning import TUNING, Weapon
from tests.game.fights import fight, of_kind, place
from tests.strategies import arena_from, centre, world_of

CORNERS = "##########\n#s......s#\n#........#\n#s......s#\n##########"


def test_a_player_appears_farthest_from_their_living_enemies() -> None:
    world = fight(1, 1, drawing=CORNERS, row=1)
    assert spawn(world, world.players[1], []) == Spawn(centre(8), centre(3))


def test_the_dead_are_no_reason_to_stay_away() -> None:
    places: set[Spawn] = set()
    for seed in range(30):
        world = fight(1, 1, drawing=CORNERS, row=1)
        world.random_state = seed
        world.players[0].alive = 0
        places.add(spawn(world, world.players[1], []))
    assert len(places) == 4  # all tie, and the choice is random


def test_players_are_placed_apart_and_old_positions_are_forgotten() -> None:
    world = fight(1, 1, 1, 1, drawing=CORNERS, row=1)
    step(world)
    assert world.history
    events: list[Event] = []
    spawn_everybody(world, events)
    assert len({(player.x, player.y) for player in world.players.values()}) == 4
    assert len(of_kind(events, EventKind.SPAWN)) == 4
    assert not world.history


def test_a_fresh_body_is_protected_rested_and_has_the_ammunition_of_a_spawn() -> None:
    world = fight(2, 5)
    player = world.players[0]
    place(player, 5_000, 5_000)
    player.vx, player.health, player.armour, player.weapon = 300, 1, 77, Weapon.RAIL
    player.dash_until_tick = player.dash_ready_tick = player.double_until_tick = 10**6
    spawn(world, player, [])
    assert (player.vx, player.vy) == (0, 0)
    assert (player.health, player.armour, player.weapon) == (100, 0, Weapon.BLASTER)
    assert player.ammo == [weapon.ammo_at_spawn for weapon in TUNING.weapons]
    assert player.protected_until_tick == world.tick + TUNING.protection_ticks
    assert max(player.dash_until_tick, player.dash_ready_tick) <= world.tick
    assert player.double_until_tick == 0


def test_a_player_who_joins_looks_the_way_their_spawn_does() -> None:
    arena = arena_from("####\n#s.#\n####")
    world = world_of(arena=replace(arena, spawns=(replace(arena.spawns[0], aim=12_345),)))
    step(world, [Command(CommandKind.JOIN, 0)])
    assert world.players[0].aim == 12_345

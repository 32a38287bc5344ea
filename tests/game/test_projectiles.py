"""Bolts, rockets and discs, in flight and at the end of it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from game import step
from game.collision import is_wall, trace
from game.events import EventKind
from game.inputs import Command, CommandKind
from game.tuning import TILE_UNITS, TUNING, Weapon
from game.world import Shot
from tests.game.fights import fight, of_kind, place, shoot, wait
from tests.strategies import ARENA, aims, centre, places, world_of

WEST = 32_768
LAUNCHER = TUNING.weapons[Weapon.LAUNCHER]
DISC = TUNING.weapons[Weapon.DISC]


def test_a_bolt_hits_the_first_in_its_way_and_is_gone() -> None:
    world = fight(2, 8, 8)
    world.players[2].x += 100
    shoot(world, 0, Weapon.BLASTER)
    hits = of_kind(wait(world, 40), EventKind.HIT)
    assert [hit[:4] for hit in hits] == [(1, 0, Weapon.BLASTER, 12)]
    assert not world.shots
    assert world.players[0].hits == world.players[0].shots == 1


@given(st.integers(1, TUNING.speed_max), st.integers(0, 300), st.integers(-400, 400))
def test_no_shot_is_too_fast_for_a_player_in_its_way(speed: int, inside: int, aside: int) -> None:
    world = fight(2, 8)
    player = world.players[1]
    player.y += aside
    step(world, [])
    shot = Shot(0, Weapon.BLASTER, 0, centre(5) + inside, centre(5), speed, 0, 10**6, 0, 1)
    world.shots[0] = shot
    assert of_kind(wait(world, 3 * TILE_UNITS // speed + 1), EventKind.HIT)


@given(places, aims, st.integers(1, TUNING.speed_max))
def test_no_shot_is_too_fast_for_a_wall(place: tuple[int, int], aim: int, speed: int) -> None:
    world = world_of()
    step(world, [Command(CommandKind.JOIN, 0)])
    world.players[0].x, world.players[0].y = place
    weapons = list(TUNING.weapons)
    weapons[Weapon.BLASTER] = replace(weapons[Weapon.BLASTER], speed=speed, life_ticks=50)
    world.tuning = replace(TUNING, weapons=tuple(weapons))
    shoot(world, 0, Weapon.BLASTER, aim)
    while world.shots:
        shot = world.shots[0]
        assert not is_wall(ARENA, shot.x, shot.y)
        before = shot.x, shot.y
        step(world)
        if world.shots:
            assert not trace(ARENA, *before, shot.x, shot.y)[2]


def test_a_rocket_does_its_full_damage_to_the_player_it_touches_and_pushes_them() -> None:
    world = fight(2, 8)
    shoot(world, 0, Weapon.LAUNCHER)
    events = wait(world, 60)
    assert of_kind(events, EventKind.EXPLODE)
    assert [hit[:4] for hit in of_kind(events, EventKind.HIT)] == [(1, 0, Weapon.LAUNCHER, 80)]
    assert world.players[1].x > centre(8) + 1_000


def test_a_blast_falls_off_and_reaches_nobody_beyond_its_radius() -> None:
    damages = []
    reach = LAUNCHER.blast_radius_units + TUNING.player_radius_units + TUNING.shot_radius_units
    for off in (600, 1_200, 1_800, 2_400, reach):
        world = fight(2, 25)
        target = world.players[1]
        place(target, centre(10), centre(5) + off)
        world.shots[0] = Shot(0, Weapon.LAUNCHER, 0, centre(10), centre(5), 0, 0, 0, 0, 1)
        hits = of_kind(step(world), EventKind.HIT)
        damages.append(hits[0][3] if hits else 0)
    assert damages[0] > 70
    assert damages == sorted(damages, reverse=True)
    assert len(set(damages)) == 5
    assert damages[-1] == 0


def test_a_blast_hurts_its_owner_by_half_and_pushes_them_fully() -> None:
    world = fight(2, 20)
    place(world.players[0], TILE_UNITS + 500, centre(5))
    events = shoot(world, 0, Weapon.LAUNCHER, WEST) + wait(world, 4)
    hits = of_kind(events, EventKind.HIT)
    assert [hit[:2] for hit in hits] == [(0, 0)]
    assert 35 <= hits[0][3] <= 40
    assert world.players[0].x > TILE_UNITS + 900
    assert world.players[0].hits == 0  # hurting oneself is no hit


def test_a_blast_does_not_reach_round_a_wall() -> None:
    drawing = "########\n#s.#..s#\n#..#...#\n#......#\n########"
    world = fight(2, 4, drawing=drawing, row=1)
    events = shoot(world, 0, Weapon.LAUNCHER) + wait(world, 5)
    assert [hit[0] for hit in of_kind(events, EventKind.HIT)] == [0]


def test_a_dash_avoids_rockets_but_not_blasts() -> None:
    world = fight(2, 8)
    target = world.players[1]
    target.dash_until_tick = world.tick + 1_000
    world.shots[0] = Shot(0, Weapon.LAUNCHER, 0, centre(8), centre(5), 100, 0, 10**6, 0, 1)
    assert not step(world)
    world.shots[0].end_tick = 0
    place(target, centre(8), centre(5))
    assert of_kind(step(world), EventKind.HIT)


def test_a_disc_bounces_three_times_and_then_ends() -> None:
    world = fight(2, drawing="#########\n#s.....s#\n#########", row=1)
    world.players[1].dash_until_tick = world.players[0].dash_until_tick = 10**6
    events = shoot(world, 0, Weapon.DISC) + wait(world, DISC.life_ticks)
    bounces = of_kind(events, EventKind.BOUNCE)
    assert [bounce[0] // TILE_UNITS for bounce in bounces] == [7, 1, 7]
    assert [impact[0] // TILE_UNITS for impact in of_kind(events, EventKind.IMPACT)] == [1]


def test_a_disc_spares_its_owner_until_it_has_bounced() -> None:
    world = fight(2, 15, drawing="#" * 20 + "\n#s" + "." * 16 + "s#\n" + "#" * 20, row=1)
    place(world.players[0], TILE_UNITS + 500, centre(1))
    events = shoot(world, 0, Weapon.DISC, WEST) + wait(world, 8)
    hits = of_kind(events, EventKind.HIT)
    assert [hit[:4] for hit in hits] == [(0, 0, Weapon.DISC, DISC.damage)]
    assert of_kind(events, EventKind.BOUNCE)


def test_a_shot_remembers_the_double_damage_it_was_fired_with() -> None:
    world = fight(2, 8)
    world.players[0].double_until_tick = world.tick + 2
    shoot(world, 0, Weapon.BLASTER)
    assert of_kind(wait(world, 40), EventKind.HIT)[0][3] == 24


def test_the_shots_of_a_player_who_leaves_go_with_them() -> None:
    world = fight(2, 20)
    shoot(world, 0, Weapon.BLASTER)
    shoot(world, 1, Weapon.BLASTER, 16_384)
    step(world, [Command(CommandKind.LEAVE, 0)])
    assert [shot.owner for shot in world.shots.values()] == [1]


def test_every_shot_ends_in_its_time() -> None:
    world = fight(2, drawing="#" * 120 + ("\n#s" + "." * 116 + "s#") * 9 + "\n" + "#" * 120)
    shoot(world, 0, Weapon.BLASTER)
    wait(world, TUNING.weapons[Weapon.BLASTER].life_ticks - 1)
    assert world.shots
    wait(world, 1)
    assert not world.shots

"""Pads: who takes what, up to which limit, and when a pad is full again."""

import pytest

from game import step
from game.events import EventKind
from game.tuning import AMMO_BASE, PICKUPS, TUNING, PickupKind
from game.world import Phase, World
from tests.game.fights import fight, of_kind, place, wait
from tests.strategies import LETTERS, centre

ON_PAD = (centre(5), centre(2))


def standing_on(kind: PickupKind) -> World:
    """A world with player 0 on a pad of this kind, hurt, without armour and ammunition."""
    letter = next(letter for letter, pad in LETTERS.items() if pad == kind)
    world = fight(8, drawing=f"##########\n#s......s#\n#....{letter}...#\n##########", row=1)
    player = world.players[0]
    place(player, *ON_PAD)
    player.health, player.armour, player.ammo = 50, 0, [0] * 5
    return world


@pytest.mark.parametrize("kind", PICKUPS)
def test_a_pad_gives_once_and_is_full_again_after_its_time(kind: PickupKind) -> None:
    world = standing_on(kind)
    assert of_kind(step(world), EventKind.PICKUP) == [(0, 0)]
    player, pickup = world.players[0], PICKUPS[kind]
    held = {
        PickupKind.HEALTH: player.health - 50,
        PickupKind.MEGA: player.health - 50,
        PickupKind.ARMOUR: player.armour,
        PickupKind.DOUBLE: player.double_until_tick - world.tick,
    }
    given = held[kind] if kind in held else player.ammo[kind - AMMO_BASE]
    assert given == pickup.amount
    player.health, player.armour, player.ammo = 50, 0, [0] * 5
    assert not of_kind(wait(world, pickup.respawn_ticks - 1), EventKind.PICKUP)
    assert of_kind(wait(world, 1), EventKind.PICKUP)


@pytest.mark.parametrize("kind", [kind for kind in PICKUPS if kind != PickupKind.DOUBLE])
def test_nobody_exceeds_the_limit_or_takes_what_they_do_not_need(kind: PickupKind) -> None:
    limit = PICKUPS[kind].limit
    for have, is_taken in ((limit, False), (limit - 1, True)):
        world = standing_on(kind)
        player = world.players[0]
        world.tick += 1  # so that no health wears off in the next tick
        player.health = player.armour = have
        player.ammo = [have] * 5
        assert bool(of_kind(step(world), EventKind.PICKUP)) == is_taken
        assert limit in (player.health, player.armour, *player.ammo)
        assert max(player.health, player.armour, *player.ammo) == limit


def test_out_of_reach_dead_or_at_the_scoreboard_nobody_takes_anything() -> None:
    world = standing_on(PickupKind.HEALTH)
    world.players[0].x += TUNING.pickup_reach_units + 1
    assert not step(world)
    world.players[0].x -= 1
    world.phase, world.phase_end_tick = Phase.SCOREBOARD, 0
    assert not step(world)
    world.phase = Phase.PLAY
    world.players[0].alive, world.players[0].respawn_tick = 0, 10**6
    assert not step(world)
    world.players[0].alive = 1
    assert of_kind(step(world), EventKind.PICKUP)


def test_mega_health_wears_off_to_what_a_spawn_gives() -> None:
    world = fight(2)
    player = world.players[0]
    player.health = 103
    wait(world, TUNING.health_decay_ticks)
    assert player.health == 102
    wait(world, 10 * TUNING.health_decay_ticks)
    assert player.health == TUNING.health_at_spawn

"""Triggers: when a weapon fires, what it costs, and what an empty one does."""

import pytest

from game import step
from game.events import EventKind
from game.inputs import FIRE, SELECT_SHIFT, Input
from game.tuning import TUNING, Weapon
from game.world import Phase
from tests.game.fights import fight, of_kind, shoot, wait


@pytest.mark.parametrize("weapon", Weapon)
def test_a_held_trigger_fires_once_per_interval_and_each_shot_costs_a_round(weapon: Weapon) -> None:
    world = fight(2)
    tuned = TUNING.weapons[weapon]
    player = world.players[0]
    step(world, (), [(0, Input(FIRE | (weapon + 1) << SELECT_SHIFT))])
    for _ in range(2 * tuned.interval_ticks):
        step(world)
    assert player.shots == 3
    assert player.ammo[weapon] == max(tuned.ammo_max - 3, 0)


def test_changing_the_weapon_does_not_shorten_the_wait() -> None:
    world = fight(2)
    shoot(world, 0, Weapon.RAIL)
    assert not of_kind(shoot(world, 0, Weapon.BLASTER), EventKind.FIRE)


def test_an_empty_weapon_clicks_and_leaves_the_blaster_in_hand() -> None:
    world = fight(2)
    player = world.players[0]
    player.weapon, player.ammo[Weapon.RAIL] = Weapon.RAIL, 0
    events = step(world, (), [(0, Input(FIRE))])
    assert of_kind(events, EventKind.EMPTY) == [(0,)]
    assert player.weapon == Weapon.BLASTER
    assert player.shots == 0
    assert of_kind(wait(world, 12), EventKind.FIRE) == [(0, Weapon.BLASTER)]


def test_an_empty_weapon_cannot_be_chosen_and_nonsense_chooses_nothing() -> None:
    world = fight(2)
    player = world.players[0]
    player.ammo[Weapon.DISC] = 0
    for wish in (Weapon.DISC + 1, 6, 7):
        step(world, (), [(0, Input(wish << SELECT_SHIFT))])
        assert player.weapon == Weapon.BLASTER


def test_protection_lasts_its_time_and_ends_with_the_first_shot() -> None:
    world = fight(2, 6)
    shooter, victim = world.players.values()
    victim.protected_until_tick = world.tick + 3
    assert not of_kind(shoot(world, 0, Weapon.RAIL), EventKind.HIT)
    wait(world, TUNING.weapons[Weapon.RAIL].interval_ticks)
    shooter.protected_until_tick = world.tick + 1_000
    assert of_kind(shoot(world, 0, Weapon.RAIL), EventKind.HIT)
    assert shooter.protected_until_tick == 0


@pytest.mark.parametrize("phase", [Phase.COUNTDOWN, Phase.SCOREBOARD, Phase.OVER])
def test_nobody_shoots_outside_of_the_fight(phase: Phase) -> None:
    world = fight(2, 6)
    world.phase, world.phase_end_tick = phase, 0
    assert not shoot(world, 0, Weapon.BLASTER)
    assert not world.shots


def test_two_players_who_shoot_in_the_same_tick_both_fire() -> None:
    world = fight(2, 6)
    for player in world.players.values():
        player.health, player.weapon = 1, Weapon.RAIL
    west = 32_768
    events = step(world, (), [(0, Input(FIRE)), (1, Input(FIRE, west))])
    assert [kill[:2] for kill in of_kind(events, EventKind.KILL)] == [(1, 0), (0, 1)]


def test_warm_up_shots_are_not_counted() -> None:
    world = fight(2, 6)
    world.phase, world.config = (
        Phase.WARMUP,
        world.config.__class__("deathmatch", "drawn", 1, 9, 16, 25, 0),
    )
    world.players[1].health = 1
    assert of_kind(shoot(world, 0, Weapon.RAIL), EventKind.KILL)
    shooter, victim = world.players.values()
    assert (shooter.shots, shooter.kills, shooter.score, victim.deaths) == (0, 0, 0, 0)

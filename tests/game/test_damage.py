"""Armour, knock-back, death and credit."""

from hypothesis import given
from hypothesis import strategies as st

from game.damage import Hit, hurt, knock
from game.events import Event, EventKind
from game.tuning import TUNING, Weapon
from game.world import Phase
from tests.game.fights import fight, of_kind, wait


@given(st.integers(1, 200), st.integers(0, 100), st.integers(1, 200))
def test_armour_takes_two_thirds_and_nothing_goes_below_zero(
    health: int, armour: int, damage: int
) -> None:
    world = fight(2, 8)
    attacker, victim = world.players.values()
    victim.health, victim.armour = health, armour
    events: list[Event] = []
    assert hurt(world, victim, Hit(attacker, Weapon.RAIL, damage, 0, 0), events)
    absorbed = min(armour, damage * 2 // 3)
    assert victim.health == max(health - (damage - absorbed), 0)
    assert victim.alive == (victim.health > 0)
    assert victim.armour == (armour - absorbed if victim.alive else 0)
    dealt = of_kind(events, EventKind.HIT)[0][3]
    assert dealt == absorbed + health - victim.health
    assert victim.damage_taken == attacker.damage_dealt == dealt


@given(st.integers(-2_000, 2_000), st.integers(-2_000, 2_000))
def test_a_knock_never_makes_anybody_faster_than_the_highest_speed(x: int, y: int) -> None:
    world = fight(2, 8)
    attacker, victim = world.players.values()
    hurt(world, victim, Hit(attacker, Weapon.LAUNCHER, 1, 0, 0, x, y), [])
    assert victim.vx**2 + victim.vy**2 <= TUNING.speed_max**2
    assert victim.vx * x >= 0
    assert victim.vy * y >= 0


def test_a_kill_is_credited_and_the_victim_comes_back_in_its_time() -> None:
    world = fight(2, 8)
    attacker, victim = world.players.values()
    events: list[Event] = []
    for streak in (1, 2):
        victim.health = 1
        hurt(world, victim, Hit(attacker, Weapon.DISC, 35, 0, 0), events)
        assert of_kind(events, EventKind.KILL)[-1] == (1, 0, Weapon.DISC, streak)
        assert not hurt(world, victim, Hit(attacker, Weapon.DISC, 35, 0, 0), events)
        assert not of_kind(wait(world, TUNING.respawn_ticks - 1), EventKind.SPAWN)
        assert of_kind(wait(world, 1), EventKind.SPAWN)
        victim.protected_until_tick = 0
    assert (attacker.score, attacker.kills, victim.deaths, victim.score) == (2, 2, 2, 0)
    assert world.first_blood == 1


def test_a_suicide_costs_a_point_and_nobody_gets_one() -> None:
    world = fight(2, 8)
    victim, other = world.players.values()
    victim.streak = 4
    events: list[Event] = []
    hurt(world, victim, Hit(victim, Weapon.LAUNCHER, 500, 0, 0), events)
    assert of_kind(events, EventKind.KILL) == [(0, 0, Weapon.LAUNCHER, 0)]
    assert (victim.score, victim.kills, victim.deaths, other.score) == (-1, 0, 1, 0)
    assert world.first_blood == 0
    assert victim.damage_dealt == 0


def test_a_death_outside_of_play_counts_for_nothing() -> None:
    world = fight(2, 8)
    world.phase = Phase.WARMUP
    attacker, victim = world.players.values()
    hurt(world, victim, Hit(attacker, Weapon.LAUNCHER, 500, 0, 0), [])
    assert not victim.alive
    assert (attacker.score, attacker.kills, victim.deaths) == (0, 0, 0)


def test_a_push_along_no_vector_pushes_nobody() -> None:
    assert knock((0, 0), 0, 100) == (0, 0)
    assert knock((-30, 40), 50, 10) == (-6, 8)

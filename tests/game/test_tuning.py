"""The rules' assumptions about the numbers."""

from game.movement import STEP_UNITS_MAX
from game.tuning import AMMO_BASE, PICKUPS, TILE_UNITS, TUNING, PickupKind, Weapon


def test_a_player_fits_through_a_way_of_one_tile_and_walks_into_no_wall_in_one_step() -> None:
    assert 2 * TUNING.player_radius_units <= TILE_UNITS
    assert TUNING.player_radius_units > STEP_UNITS_MAX


def test_nothing_moves_a_tile_in_a_tick() -> None:
    assert TUNING.speed_max < TILE_UNITS
    assert TUNING.dash_speed <= TUNING.speed_max
    assert all(weapon.speed <= TUNING.speed_max for weapon in TUNING.weapons)


def test_pickups_fill_up_to_what_the_weapons_hold() -> None:
    for weapon in Weapon:
        tuned = TUNING.weapons[weapon]
        assert tuned.ammo_at_spawn <= tuned.ammo_max
        if tuned.ammo_max:
            pickup = PICKUPS[PickupKind(AMMO_BASE + weapon)]
            assert (pickup.amount, pickup.limit) == (tuned.ammo_per_pickup, tuned.ammo_max)
    assert PICKUPS[PickupKind.MEGA].limit == TUNING.health_max
    assert PICKUPS[PickupKind.ARMOUR].limit == TUNING.armour_max
    assert list(PICKUPS) == list(PickupKind)

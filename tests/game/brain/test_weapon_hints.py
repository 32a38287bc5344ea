"""Bots know every weapon, and each weapon that needs ammunition is the best one somewhere."""

from game.brain.weapon_hints import HINTS
from game.tuning import TILE_UNITS, TUNING, Weapon


def test_every_weapon_has_a_row() -> None:
    assert list(HINTS) == list(Weapon)
    assert len(HINTS) == len(TUNING.weapons)


def test_every_distance_has_a_weapon_that_needs_no_ammunition() -> None:
    free = [hints for weapon, hints in HINTS.items() if not TUNING.weapons[weapon].ammo_max]
    assert all(any(hints.worth(tiles) for hints in free) for tiles in range(99))


def test_every_weapon_with_ammunition_beats_the_blaster_somewhere() -> None:
    blaster = HINTS[Weapon.BLASTER]
    for weapon, hints in HINTS.items():
        if TUNING.weapons[weapon].ammo_max:
            assert any(hints.worth(tiles) > blaster.worth(tiles) for tiles in range(99)), weapon


def test_distances_rise_from_row_to_row() -> None:
    for weapon, hints in HINTS.items():
        rows = [most for most, _ in hints.worth_by_tiles]
        assert rows == sorted(set(rows)), weapon


def test_no_weapon_prefers_a_distance_at_which_it_is_useless() -> None:
    for weapon, hints in HINTS.items():
        assert hints.worth(hints.preferred_units // TILE_UNITS), weapon

"""What bots know about each weapon.

Owns: the table. Must not know: who reads it. Invariant: it has a row for each weapon of the game
(`tests/game/brain/test_weapon_hints.py`).
"""

from collections.abc import Mapping

from attrs import frozen

from game.tuning import TILE_UNITS, Weapon


@frozen
class WeaponHints:
    """How bots use one weapon, and whether they avoid its shots."""

    worth_by_tiles: tuple[tuple[int, int], ...]  # (up to this distance, worth), … ; farther: 0
    preferred_units: int  # the distance at which they circle their target
    is_dodged: bool = False

    def worth(self, distance_tiles: int) -> int:
        """Return how good the weapon is at a distance, 0 when it is useless there."""
        for most, worth in self.worth_by_tiles:
            if distance_tiles < most:
                return worth
        return 0


HINTS: Mapping[int, WeaponHints] = {
    Weapon.BLASTER: WeaponHints(((8, 50), (99, 30)), 5 * TILE_UNITS),
    Weapon.SCATTER: WeaponHints(((3, 90), (5, 50), (7, 20)), 2 * TILE_UNITS),
    Weapon.LAUNCHER: WeaponHints(((3, 0), (9, 75), (14, 45)), 6 * TILE_UNITS, is_dodged=True),
    Weapon.RAIL: WeaponHints(((5, 40), (9, 70), (99, 95)), 10 * TILE_UNITS),
    Weapon.DISC: WeaponHints(((2, 40), (9, 65), (16, 40)), 5 * TILE_UNITS, is_dodged=True),
}

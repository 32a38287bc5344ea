"""A brain's own dice, apart from the world's: what a bot rolls must never move the rules.

Owns: one 64-bit state. Must not know: what is rolled for. Invariant: equal seeds roll equal
numbers.
"""

from attrs import define

MASK = (1 << 64) - 1


@define
class Dice:
    """A linear congruential generator (Knuth's MMIX constants), of which the upper half is used."""

    state: int

    def below(self, bound: int) -> int:
        """Roll 0 to `bound` - 1."""
        self.state = (self.state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) & MASK
        return (self.state >> 32) * bound >> 32

    def around(self, reach: int) -> int:
        """Roll -`reach` to `reach`, the middle more often than the ends."""
        return self.below(reach + 1) - self.below(reach + 1)

    def percent(self, chance: int) -> bool:
        """Roll true in `chance` of 100 times."""
        return self.below(100) < chance


def dice_for(seed: int, slot: int) -> Dice:
    """Make dice that differ by seat, and are warm: the first rolls of near seeds are not alike."""
    dice = Dice((seed * 0x9E37_79B9_7F4A_7C15 + slot * 0xBF58_476D_1CE4_E5B9) & MASK)
    dice.below(2)
    dice.below(2)
    return dice

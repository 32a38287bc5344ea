"""The weapon that the player asked for, until the server says that it is in hand.

Owns: one wish at a time. Invariant: a wish is repeated with every input until it is granted or
times out, so a late message cannot lose it; then it is dropped, so that an empty weapon is not
requested for ever.
"""

from typing import Final

from attrs import define

from game.inputs import SELECT_SHIFT

WISH_TICKS_MAX: Final = 60


@define
class WeaponChoice:
    """A wish, and when it was made."""

    _wish: int | None = None
    _asked_tick: int = 0

    def ask(self, weapon: int, tick: int) -> None:
        """Ask for this weapon."""
        self._wish, self._asked_tick = weapon, tick

    def step(self, by: int, current: int, ammo: tuple[int, ...], tick: int) -> None:
        """Ask for the next weapon up or down with ammunition (−1 is endless), wrapping round."""
        start = current if self._wish is None else self._wish
        for tried in range(1, len(ammo)):
            weapon = (start + by * tried) % len(ammo)
            if ammo[weapon] != 0:
                self.ask(weapon, tick)
                return

    def bits(self, confirmed: int, tick: int) -> int:
        """The select bits of the input for `tick`, while the server last said `confirmed`."""
        if self._wish is None:
            return 0
        if self._wish == confirmed or tick - self._asked_tick > WISH_TICKS_MAX:
            self._wish = None
            return 0
        return (self._wish + 1) << SELECT_SHIFT

    def clear(self) -> None:
        """Drop the wish."""
        self._wish = None

"""The numbers that shots have on the wire.

The rules number a match's shots from 0 on. Seats must not see these numbers: a gap between two
would reveal a shot fired out of sight. So each shot gets a number of 30 bits that looks random to
everybody without the key.

Owns: the mapping from the rules' numbers to the wire's. Must not know: seats, fog, views.
Invariants: a number depends on the key, the shot's owner, its weapon and when it was fired, and on
no other shot; no two shots in flight share one; all take the same number of bytes.
"""

from hashlib import blake2b
from struct import Struct
from typing import Final

from game.world import Shot

KEY_BYTES: Final = 16
SPARE: Final = 64  # numbers of ended shots to keep, beyond one for each shot in flight
BITS: Final = 30
_FIRST: Final = 1 << BITS  # five bytes of CBOR, like all numbers below 2**32
_IDENTITY: Final = Struct("<4q")


class ShotNumbers:
    """The shot numbers of one round."""

    def __init__(self, key: bytes, bits: int = BITS) -> None:
        """Begin a round. `key` must never be in anything that a seat is sent; numbers have `bits`
        random bits.
        """
        self._bits = bits
        self._keyed = blake2b(digest_size=4, key=key)
        self._numbers: dict[int, int] = {}  # by the rules' number
        self._taken: set[int] = set()

    def renumber(self, shots: dict[int, Shot]) -> dict[int, Shot]:
        """Return the same shots in the same order, keyed by their numbers on the wire."""
        numbers = self._numbers
        if len(numbers) > 2 * len(shots) + SPARE:
            numbers = {number: numbers[number] for number in shots if number in numbers}
            self._numbers, self._taken = numbers, set(numbers.values())
        renumbered: dict[int, Shot] = {}
        for number, shot in shots.items():
            told = numbers.get(number)
            if told is None:
                told = self._fresh(shot)
                numbers[number] = told
                self._taken.add(told)
            renumbered[told] = shot
        return renumbered

    def _fresh(self, shot: Shot) -> int:
        """Draw a number for a shot. No player fires the same weapon twice in a tick, so the packed
        fields identify it. With a hundred in flight, one in ten million has to draw again.
        """
        draw = 0
        while True:
            drawn = self._keyed.copy()
            drawn.update(_IDENTITY.pack(shot.owner, shot.weapon, shot.end_tick, draw))
            told = _FIRST + (int.from_bytes(drawn.digest(), "little") >> (32 - self._bits))
            if told not in self._taken:
                return told
            draw += 1

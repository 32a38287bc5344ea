"""The numbers that shots have on the wire.

The rules number a match's shots from 0 on. Seats must not see these numbers: a gap between two
would tell of a shot that was fired in the dark. So each shot gets a number of 30 bits that looks
drawn at random to everybody without the key.

Owns: the mapping from the rules' numbers to the wire's. Must not know: seats, fog, views.
Invariants: a number depends on the key, the shot's owner, its weapon and when it was fired, and on
no other shot; no two shots in flight share one; all take the same number of bytes.
"""

from hashlib import blake2b
from struct import Struct
from typing import Final

from game.world import Shot

KEY_BYTES: Final = 16
SPARE: Final = 64  # numbers of ended shots that may stay, beside as many as are in flight
BITS: Final = 30
_FIRST: Final = 1 << BITS  # five bytes of CBOR, as all up to 2**32
_IDENTITY: Final = Struct("<4q")


class ShotNumbers:
    """Of one round."""

    def __init__(self, key: bytes, bits: int = BITS) -> None:
        """`key` must never be in anything that a seat is sent; so many `bits` are drawn."""
        self._bits = bits
        self._keyed = blake2b(digest_size=4, key=key)
        self._numbers: dict[int, int] = {}  # by the rules'
        self._taken: set[int] = set()

    def renumber(self, shots: dict[int, Shot]) -> dict[int, Shot]:
        """The same shots in the same order, by their numbers on the wire."""
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
        """Nobody fires the same weapon twice in a tick, so these fields name the shot. With a
        hundred in flight, one in ten million has to draw again.
        """
        draw = 0
        while True:
            drawn = self._keyed.copy()
            drawn.update(_IDENTITY.pack(shot.owner, shot.weapon, shot.end_tick, draw))
            told = _FIRST + (int.from_bytes(drawn.digest(), "little") >> (32 - self._bits))
            if told not in self._taken:
                return told
            draw += 1

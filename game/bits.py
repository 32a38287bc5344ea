"""Sets of small numbers as the bits of an integer.

Owns: iteration over set bits. A set of numbers below `WORD_BITS` fits into a machine word; a larger
one costs a little more.
"""

from typing import Final

from librt.vecs import vec
from mypy_extensions import i64

WORD_BITS: Final = 60  # fits into an integer of compiled code without allocation
_WORD: Final = (1 << WORD_BITS) - 1
_BYTE_BITS: Final = 8
_BYTE: Final = 255


def all_of(count: int) -> int:
    """The numbers below `count`."""
    return (1 << count) - 1


def set_bits(bits: int) -> "vec[i64]":
    """The places of the set bits, ascending. `bits` is not negative."""
    found: vec[i64] = vec[i64]([0] * bits.bit_count())
    count: i64 = 0
    first: i64 = 0
    while bits:
        word: i64 = bits & _WORD
        place = first
        while word:
            if not word & _BYTE:
                word >>= _BYTE_BITS
                place += _BYTE_BITS
                continue
            if word & 1:
                found[count] = place
                count += 1
            word >>= 1
            place += 1
        bits >>= WORD_BITS
        first += WORD_BITS
    return found

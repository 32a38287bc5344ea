"""Sets of small numbers as the bits of an integer.

Owns: walking over the bits that are set. A set of numbers up to `WORD_BITS` fits into a machine's
word; a larger one costs a little more.
"""

from typing import Final

from mypy_extensions import i64

WORD_BITS: Final = 60  # what fits into an integer of the compiled code without more memory
_WORD: Final = (1 << WORD_BITS) - 1
_BYTE_BITS: Final = 8
_BYTE: Final = 255
# Of each byte the places of its bits.
_BITS_OF: Final = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]


def all_of(count: int) -> int:
    """The numbers below `count`."""
    return (1 << count) - 1


def looked_up(bits: bytes, numbers: list[int]) -> int:
    """Bit i of the answer is bit `numbers[i]` of `bits`, as `Outlook.bits` numbers them."""
    found = 0
    end: i64 = len(numbers)
    while end > 0:
        start = (end - 1) // WORD_BITS * WORD_BITS
        word: i64 = 0
        at = end - 1
        while at >= start:
            number: i64 = numbers[at]
            word = word << 1 | (bits[number >> 3] >> (number & 7) & 1)
            at -= 1
        near: int = word
        found = found << WORD_BITS | near
        end = start
    return found


def places(bits: int) -> list[int]:
    """The places of the bits that are set, ascending. `bits` is not negative."""
    found: list[int] = []
    first: i64 = 0
    while bits:
        word: i64 = bits & _WORD
        place = first
        while word:
            for bit in _BITS_OF[word & _BYTE]:
                found.append(place + bit)
            word >>= _BYTE_BITS
            place += _BYTE_BITS
        bits >>= WORD_BITS
        first += WORD_BITS
    return found

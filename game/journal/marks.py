"""What vouches for a record of a journal: the check of its start, its chain, and a tick's trace.

Owns: how each of the three is computed; `records.py` says where they lie. Must not know: what a
record holds.
"""

from hashlib import blake2b
from typing import Final
from zlib import crc32

from game.journal.records import BYTE_STRING, CHAIN_BYTES, CHECK_BYTES, TRACE_BYTES
from game.world import World

Stand = tuple[bytes, int]

_START: Final = bytes((BYTE_STRING,))


def stand_of(world: World) -> Stand:
    """What a trace is made from: where the living stand, the harm done, the shots fired, the dice.

    Worlds that part in anything soon differ in it, and it stays as it is when the world goes on.
    """
    history = world.history
    rest = (world.harm << 16) + world.next_shot + world.random_state
    return history[-1] if history else b"", rest


def trace_of(stand: Stand) -> bytes:
    """Four bytes that tell one from another: a CRC-32 of the places that begins with the rest."""
    places, rest = stand
    return crc32(places, (rest ^ rest >> 32) & 0xFFFFFFFF).to_bytes(TRACE_BYTES, "big")


def start_of(length: int) -> bytes:
    """The first seven bytes of a record of which this many bytes follow its length."""
    packed = length.to_bytes(4, "big")
    return _START + packed + (crc32(packed) & 0xFFFF).to_bytes(CHECK_BYTES, "big")


def chain_of(previous: bytes, payload: bytes) -> bytes:
    """What vouches for a record and all before it."""
    return blake2b(previous + payload, digest_size=CHAIN_BYTES).digest()

"""Integrity marks of journal records: the check of a record's start, its chain, and a tick's trace.

Owns: how each of the three is computed; `records.py` defines their layout. Must not know: what a
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
    """The input of a trace: where the living stand, the harm done, the shots fired, random state.

    Worlds that diverge in anything soon differ in it. Stepping the world does not change it.
    """
    history = world.history
    rest = (world.harm << 16) + world.next_shot + world.random_state
    return history[-1] if history else b"", rest


def trace_of(stand: Stand) -> bytes:
    """Four bytes that distinguish stands: a CRC-32 of the places, seeded with the rest."""
    places, rest = stand
    return crc32(places, (rest ^ rest >> 32) & 0xFFFFFFFF).to_bytes(TRACE_BYTES, "big")


def start_of(length: int) -> bytes:
    """The first seven bytes of a record: type, length (of the bytes that follow it) and check."""
    packed = length.to_bytes(4, "big")
    return _START + packed + (crc32(packed) & 0xFFFF).to_bytes(CHECK_BYTES, "big")


def chain_of(previous: bytes, payload: bytes) -> bytes:
    """The chain of a record, which vouches for it and all before it."""
    return blake2b(previous + payload, digest_size=CHAIN_BYTES).digest()

"""Skilfully forged journals: the content is wrong, but the chain is right."""

from collections.abc import Iterable, Sequence
from typing import Any

import cbor2

from game.journal.marks import chain_of, start_of
from game.journal.records import CHAIN_BYTES, CHECK_BYTES, HEAD_BYTES, NO_CHAIN


def record(payload: bytes, previous: bytes) -> bytes:
    """A record as a writer would write it, for any payload."""
    length = CHECK_BYTES + CHAIN_BYTES + len(payload)
    return start_of(length) + chain_of(previous, payload) + payload


def chained(payloads: Iterable[bytes], chain: bytes = NO_CHAIN) -> bytes:
    """A journal file of these payloads."""
    journal = b""
    for payload in payloads:
        one = record(payload, chain)
        chain = one[HEAD_BYTES - CHAIN_BYTES : HEAD_BYTES]
        journal += one
    return journal


def forged(values: Iterable[Any], chain: bytes = NO_CHAIN) -> bytes:
    """A journal file of these arrays."""
    return chained([cbor2.dumps(value) for value in values], chain)


def pieces_of(journal: bytes | bytearray, ends: Sequence[int]) -> list[bytes]:
    """The records of a journal, as complete bytes."""
    return [bytes(journal[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True)]


def values_of(journal: bytes | bytearray, ends: Sequence[int]) -> list[list[Any]]:
    """The arrays in the records of a journal."""
    return [cbor2.loads(piece[HEAD_BYTES:]) for piece in pieces_of(journal, ends)]

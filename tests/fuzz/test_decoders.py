"""Hostile bytes: every decoder returns a message or raises `DecodeError`, quickly."""

import random

import pytest

from game.wire.codec import DecodeError, decode, encode
from game.wire.match_messages import DeltaSnapshot, FullSnapshot
from game.wire.messages import MESSAGE_BYTES_MAX, MESSAGES
from game.wire.schema import FromLobby, FromMatch, ToLobby, ToMatch
from game.wire.snapshot import SnapshotReader
from tests.vectors.messages import largest

ROUNDS = 4_000
HEADS = (0x00, 0x18, 0x1A, 0x20, 0x40, 0x58, 0x60, 0x78, 0x80, 0x98, 0xA0, 0xC0, 0xD8, 0xF4, 0xFB)


def decode_every_way(encoded: bytes) -> None:
    for side in (ToLobby, FromLobby, ToMatch, FromMatch):
        reason = ""
        try:
            message = decode(side, encoded)
            if isinstance(message, FullSnapshot | DeltaSnapshot):
                SnapshotReader().apply(message)
        except DecodeError as error:
            reason = error.reason
        assert len(reason) < 200


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(ROUNDS):
        length = dice.randrange(1, 40)
        likely = [dice.choice((dice.randrange(256), *HEADS)) for _ in range(length)]
        decode_every_way(bytes(likely))


@pytest.mark.parametrize("seed", range(4))
def test_good_messages_with_damage(seed: int) -> None:
    dice = random.Random(seed)
    corpus = [encode(made(*[largest(kind) for _, kind in made.spec.fields])) for made in MESSAGES]
    for _ in range(ROUNDS):
        encoded = bytearray(dice.choice(corpus))
        for _ in range(dice.randrange(1, 4)):
            place = dice.randrange(len(encoded))
            match dice.randrange(3):
                case 0:
                    encoded[place] = dice.randrange(256)
                case 1:
                    del encoded[place:]
                    encoded.append(dice.choice(HEADS))
                case _:
                    encoded[place:place] = dice.randbytes(dice.randrange(1, 5))
        decode_every_way(bytes(encoded))


@pytest.mark.parametrize("head", [b"\x9b", b"\xbb", b"\x5b", b"\x7b"])
def test_lengths_that_promise_the_world(head: bytes) -> None:
    decode_every_way(b"\x84\x02" + head + b"\x00" * 4 + b"\xff" * 4)


def test_deep_nests() -> None:
    decode_every_way(b"\x81" * MESSAGE_BYTES_MAX)
    decode_every_way(b"\xd8\x1c" * (MESSAGE_BYTES_MAX // 2))

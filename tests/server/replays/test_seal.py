"""A result is signed over everything played before it, and only the server can sign it."""

import cbor2
import pytest

import game
from game.journal import JournalWriter
from server.replays.recording import Recording, join_segments
from server.replays.seal import Seal, check_seal
from server.tickets import TicketBox
from tests.journals import header_of
from tests.strategies import world_of

SECRET, OTHER = b"s" * 32, b"o" * 32
FIELDS = ("match", 0, 1.5, ((0, "id", "Ada"),))


def recording(sign: bool = True, fields: tuple[object, ...] = FIELDS) -> Recording:
    """A round of three ticks whose result was signed as `Chronicle.note_result` does."""
    world, writer = world_of(), JournalWriter()
    writer.header(header_of(world))
    writer.checkpoint(world)
    for _ in range(3):
        writer.tick(world, [], [])
        game.step(world)
    signed = cbor2.dumps((writer.chain, world.tick, FIELDS))
    signature = TicketBox(SECRET).sign(signed) if sign else b""
    writer.result(world.tick, game.digest(world), fields, signature)
    return join_segments([("x", writer.take())])


@pytest.mark.parametrize(
    ("secret", "seal"), [(SECRET, Seal.VALID), (OTHER, Seal.INVALID), (None, Seal.UNKNOWN)]
)
def test_a_signature_is_checked_with_the_secret_where_it_is_known(secret: bytes | None, seal: Seal):
    assert check_seal(recording(), secret) is seal


def test_a_result_that_was_changed_is_not_what_was_signed():
    changed = (*FIELDS[:3], ((0, "id", "Eve"),))
    assert check_seal(recording(fields=changed), SECRET) is Seal.INVALID


def test_a_public_copy_and_an_undecided_round_carry_no_signature():
    assert check_seal(recording(sign=False), SECRET) is Seal.UNSIGNED
    world, writer = world_of(), JournalWriter()
    writer.header(header_of(world))
    writer.checkpoint(world)
    assert check_seal(join_segments([("x", writer.take())]), SECRET) is Seal.NONE

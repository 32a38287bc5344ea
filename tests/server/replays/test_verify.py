"""A replay is compared with every trace, checkpoint and digest, and its result has a signature."""

import attrs
import cbor2
import pytest

import game
from game.journal import JournalWriter
from server.replays.recording import Recording, join_segments
from server.replays.session import ReplaySession
from server.replays.verify import SignatureStatus, check_signature, verify
from server.security.tickets import TicketBox
from tests.journals import Recorder, header_of, played
from tests.server.replays.files import session_of
from tests.strategies import ARENA, world_of

SECRET, OTHER = b"s" * 32, b"o" * 32
FIELDS = ("match", 0, 1.5, ((0, "id", "Ada"),))


def test_a_match_replays_to_its_traces_checkpoints_and_final_digest():
    match = played(180, 3)
    seen = []
    verification = verify(
        session_of(match), lambda world, events: seen.append((world.tick, events))
    )
    assert verification.divergence is None
    assert verification.is_digest_equal
    assert verification.compared == {"traces": 179, "checkpoints": 3}
    assert dict(seen) == match.events
    assert verification.player_ticks == 3 * 180
    assert [row.name for row in sorted(verification.rows, key=lambda row: row.slot)] == [
        "Ada",
        "Basil",
        "Cleo",
    ]


def test_a_world_that_was_another_is_found_at_its_checkpoint_and_named():
    world, writer = world_of(), JournalWriter()
    writer.header(header_of(world))
    writer.checkpoint(world)
    for _ in range(30):
        writer.tick(world, [], [])
        game.step(world)
    world.next_shot = 77
    writer.checkpoint(world)
    found = verify(ReplaySession(join_segments([("x", writer.take())]), ARENA))
    divergence = found.divergence
    assert divergence is not None
    assert (found.agreed_tick, divergence.tick) == (0, 30)
    assert divergence.what == "next_shot is 0, was 77"


def test_a_wrong_final_digest_is_found():
    match = played(60, 2)
    journal = join_segments([("x", match.journal)]).journal
    result = journal.records[-1]
    forged = attrs.evolve(result, fields=(60, bytes(16), *result.fields[2:]))
    recording = join_segments([("x", match.journal)])
    changed = attrs.evolve(
        recording, journal=attrs.evolve(journal, records=[*journal.records[:-1], forged])
    )
    verification = verify(ReplaySession(changed, match.arena))
    assert verification.is_digest_equal is False
    assert verification.divergence is not None
    assert verification.divergence.tick == 60


def test_a_tests_changes_to_its_world_are_no_difference():
    world = world_of()
    recorder = Recorder(world)
    for number in range(10):
        recorder.tick([], [])
        game.step(world)
        world.next_shot = number
        recorder.checkpoint()
    session = ReplaySession(join_segments([("x", recorder.journal())]), ARENA)
    assert verify(session).divergence is None
    assert session.world_at(10) == world
    assert [at.next_shot for at, _ in session.walk(0)] == list(range(10))


def signed_recording(sign: bool = True, fields: tuple[object, ...] = FIELDS) -> Recording:
    """A round of three ticks whose result was signed as `MatchRecorder.note_result` does."""
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
    ("secret", "signature"),
    [
        (SECRET, SignatureStatus.VALID),
        (OTHER, SignatureStatus.INVALID),
        (None, SignatureStatus.UNKNOWN),
    ],
)
def test_a_signature_is_checked_with_the_secret_where_it_is_known(
    secret: bytes | None, signature: SignatureStatus
):
    assert check_signature(signed_recording(), secret) is signature


def test_a_result_that_was_changed_is_not_what_was_signed():
    changed = (*FIELDS[:3], ((0, "id", "Eve"),))
    assert check_signature(signed_recording(fields=changed), SECRET) is SignatureStatus.INVALID


def test_a_public_copy_and_an_undecided_round_carry_no_signature():
    assert check_signature(signed_recording(sign=False), SECRET) is SignatureStatus.UNSIGNED
    world, writer = world_of(), JournalWriter()
    writer.header(header_of(world))
    writer.checkpoint(world)
    assert check_signature(join_segments([("x", writer.take())]), SECRET) is SignatureStatus.NONE

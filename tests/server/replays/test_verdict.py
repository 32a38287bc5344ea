"""A replay is compared with every trace, checkpoint and digest; the first that differs is named."""

import attrs

import game
from game.journal import JournalWriter
from server.replays.recording import join_segments
from server.replays.tape import Tape
from server.replays.verdict import judge
from tests.journals import Recorder, header_of, played
from tests.server.replays.files import tape_of
from tests.strategies import ARENA, world_of


def test_a_match_replays_to_its_traces_checkpoints_and_final_digest():
    match = played(180, 3)
    seen = []
    verdict = judge(tape_of(match), lambda world, events: seen.append((world.tick, events)))
    assert verdict.parting is None
    assert verdict.is_digest_equal
    assert verdict.compared == {"traces": 179, "checkpoints": 3}
    assert dict(seen) == match.events
    assert verdict.player_ticks == 3 * 180
    assert [row.name for row in sorted(verdict.rows, key=lambda row: row.slot)] == [
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
    parting = judge(Tape(join_segments([("x", writer.take())]), ARENA)).parting
    assert parting is not None
    assert (parting.agreed_tick, parting.tick) == (0, 30)
    assert parting.what == "next_shot is 0, was 77"


def test_a_wrong_final_digest_is_found():
    match = played(60, 2)
    journal = join_segments([("x", match.journal)]).journal
    result = journal.records[-1]
    forged = attrs.evolve(result, fields=(60, bytes(16), *result.fields[2:]))
    recording = join_segments([("x", match.journal)])
    changed = attrs.evolve(
        recording, journal=attrs.evolve(journal, records=[*journal.records[:-1], forged])
    )
    verdict = judge(Tape(changed, match.arena))
    assert verdict.is_digest_equal is False
    assert verdict.parting is not None
    assert verdict.parting.tick == 60


def test_what_a_test_put_into_its_world_is_no_difference():
    world = world_of()
    recorder = Recorder(world)
    for number in range(10):
        recorder.tick([], [])
        game.step(world)
        world.next_shot = number
        recorder.checkpoint()
    tape = Tape(join_segments([("x", recorder.journal())]), ARENA)
    assert judge(tape).parting is None
    assert tape.world_at(10) == world
    assert [at.next_shot for at, _ in tape.walk(0)] == list(range(10))

"""What the writer hands out, and when."""

import pytest

from game import step
from game.inputs import Command, CommandKind, Input
from game.journal import JournalWriter, Replay, read_journal
from game.journal.records import INPUT_BYTES, RECORD_BYTES_MAX
from tests.game.journal.matches import header_of, play
from tests.strategies import ARENA, world_of


def test_bytes_are_taken_once() -> None:
    writer = JournalWriter()
    world = world_of()
    writer.header(header_of(world))
    writer.checkpoint(world)
    first = writer.take()
    assert writer.take() == b""
    writer.tick(world, [], [])
    journal = read_journal(first + writer.take())
    assert [record.tick for record in journal.records] == [0, 1]


def test_the_chain_is_that_of_the_last_record() -> None:
    writer = JournalWriter()
    world = world_of()
    writer.header(header_of(world))
    writer.checkpoint(world)
    journal = read_journal(writer.take())
    assert journal.chain == writer.chain


def test_a_full_match_writes_all_its_inputs_in_one_record() -> None:
    world = world_of(arena=ARENA)
    writer = JournalWriter()
    writer.header(header_of(world))
    writer.checkpoint(world)
    inputs = [(slot, Input(383, 65_535 - slot, 30)) for slot in range(128)]
    commands = [Command(CommandKind.JOIN, slot, 1) for slot in range(16)]
    writer.tick(world, commands, inputs)
    step(world, commands, inputs)
    replay = Replay(read_journal(writer.take()), ARENA)
    assert replay.entered(1) == (commands, inputs)
    assert len(replay.journal.records[1].fields[1]) == 128 * INPUT_BYTES


def test_a_record_that_no_reader_would_take_is_not_written() -> None:
    with pytest.raises(AssertionError, match="no record is so long"):
        JournalWriter().people([], ("x" * RECORD_BYTES_MAX,))


def test_equal_matches_have_equal_journals() -> None:
    assert play(5, 30).journal == play(5, 30).journal

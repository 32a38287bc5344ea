"""The bytes that the writer hands out, and when."""

import struct

import cbor2
import pytest

from game import step
from game.inputs import Command, CommandKind, Input
from game.journal import JournalWriter, Replay, read_journal
from game.journal.marks import stand_of, trace_of
from game.journal.records import HEAD_BYTES, INPUT_BYTES, RECORD_BYTES_MAX
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
    assert replay.inputs_at(1) == (commands, inputs)
    assert len(replay.journal.records[1].fields[1]) == 128 * INPUT_BYTES


@pytest.mark.parametrize("commands", [[], [Command(CommandKind.JOIN, 3, 1)]])
@pytest.mark.parametrize("count", [0, 1, 3, 4, 16, 42, 43, 128])
def test_a_tick_is_packed_as_cbor_would_be(count: int, commands: list[Command]) -> None:
    writer = JournalWriter()
    world = world_of()
    writer.tick(world, commands, [(slot, Input(slot, slot, 1)) for slot in range(count)])
    payload = writer.take()[HEAD_BYTES:]
    rows = b"".join(struct.pack("<BHHB", slot, slot, slot, 1) for slot in range(count))
    flat = [int(value) for command in commands for value in command]
    assert payload == cbor2.dumps([2, trace_of(stand_of(world)), rows, *([flat] if flat else [])])


def test_a_record_that_no_reader_would_take_is_not_written() -> None:
    with pytest.raises(AssertionError, match="no record is so long"):
        JournalWriter().people([], ("x" * RECORD_BYTES_MAX,))


def test_equal_matches_have_equal_journals() -> None:
    assert play(5, 30).journal == play(5, 30).journal

"""The tests' own journals contain what was played, and a failure leaves one behind."""

from pathlib import Path

import pytest

import game
from game.arena import Arena, FlagBase, Pad, Spawn
from game.journal import Replay, read_journal
from tests.journals import Recorder, dump_arena, played, written_on_failure
from tests.strategies import ARENA, world_of


def test_a_match_of_bots_replays_to_what_was_played():
    match = played(200, 3)
    replay = Replay(read_journal(match.journal), match.arena)
    assert replay.verify() is None
    assert game.digest(replay.world_at(match.last_tick)) == match.digests[match.last_tick]


def test_a_failing_block_leaves_its_journal_and_says_where(tmp_path: Path):
    world = world_of()
    recorder = Recorder(world)
    recorder.tick([], [])
    with (
        pytest.raises(AssertionError) as caught,
        written_on_failure(recorder, "a/b c", tmp_path),
    ):
        raise AssertionError
    path = tmp_path / "a-b-c.skj"
    assert f"skirmish debug {path}" in caught.value.__notes__[0]
    assert read_journal(path.read_bytes()).last_tick == 1


def test_a_block_that_holds_leaves_nothing(tmp_path: Path):
    with written_on_failure(Recorder(world_of()), "fine", tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_arena_of_a_test_is_carried_whole():
    plain = dump_arena(ARENA)
    assert len(plain) == len(dump_arena(Arena(*plain)))
    spawns = tuple(Spawn(*row) for row in plain[6])
    pads = tuple(Pad(*row) for row in plain[7])
    flags = tuple(FlagBase(*row) for row in plain[11])
    assert Arena(*plain[:6], spawns, pads, *plain[8:11], flags, *plain[12:]) == ARENA

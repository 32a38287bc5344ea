"""The recovery bench's proof can fail: no view that a player saw may be missing or different."""

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from bench.proof import prove
from game.journal import Replay, read_journal
from game.view import view
from game.wire.codec import encode
from game.wire.snapshot import SnapshotWriter
from tests.clients.net.fake_server import MATCH_WELCOME
from tests.game.journal.matches import play
from tests.strategies import ARENA

MATCH = play(seed=5, ticks=40, match_id="m1")
REPLAY = Replay(read_journal(bytes(MATCH.journal)), ARENA)
MAPS = {ARENA.name: ARENA}
SLOT = min(REPLAY.world_at(40).players)


def welcome() -> bytes:
    return encode(evolve(MATCH_WELCOME, slot=SLOT, map="drawn", resume=b"token"))


def shown(tick: int, moved: int = 0) -> bytes:
    """A player's view of a tick."""
    world = REPLAY.world_at(tick)
    world.players[SLOT].x += moved
    writer = SnapshotWriter(8)
    writer.push(view(world, []))
    return bytes(writer.message(SLOT, None, 0))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m1-r0000-s000.skj").write_bytes(MATCH.journal)
    return tmp_path


def test_shown_ticks_in_the_journal_are_proven(folder: Path):
    proof = prove("m1", folder, [welcome(), shown(30), shown(32)], MAPS)
    assert (proof.fault, proof.compared, proof.ticks) == ("", 2, 40)


def test_something_else_than_the_journal_has_is_a_fault(folder: Path):
    proof = prove("m1", folder, [welcome(), shown(30), shown(32, moved=64)], MAPS)
    assert "saw something else at tick 32" in proof.fault


def test_a_tick_that_the_journal_does_not_have_is_a_fault(folder: Path):
    journal: Any = bytes(MATCH.journal)
    (folder / "m1-r0000-s000.skj").write_bytes(journal[: MATCH.ends[-8]])
    proof = prove("m1", folder, [welcome(), shown(40)], MAPS)
    assert "not in the journal" in proof.fault


def test_a_byte_that_was_changed_is_a_fault(folder: Path):
    journal = bytearray(MATCH.journal)
    journal[len(journal) // 2] ^= 1
    (folder / "m1-r0000-s000.skj").write_bytes(journal)
    assert prove("m1", folder, [welcome()], MAPS).fault

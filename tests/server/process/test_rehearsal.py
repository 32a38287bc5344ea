"""A match's own journal decides whether this code may resume the match."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from game.journal import RecordKind
from game.wire.fingerprint import fingerprint
from server.match.journal_file import JournalFile, begin_file
from server.process import rehearsal
from server.process.rehearsal import rehearse
from tests.game.journal.forging import forged, values_of
from tests.game.journal.matches import play
from tests.strategies import ARENA

MATCH = play(seed=3, ticks=60)
VALUES = values_of(MATCH.journal, MATCH.ends)
VALUES[0][VALUES[0].index(b"12345678")] = fingerprint()  # the header's, of the wire and the tuning
MAPS = {ARENA.name: ARENA}


def live(folder: Path, values: list[list[Any]], segment: int = 0, match_id: str = "m1") -> Path:
    (folder / f"{match_id}-r0000-s{segment:03}.skj").write_bytes(forged(values))
    return folder


def last_checkpoint() -> int:
    return max(i for i, one in enumerate(VALUES) if one[0] == RecordKind.CHECKPOINT)


def test_the_code_that_wrote_a_match_may_go_on_with_it(tmp_path: Path):
    (finding,) = rehearse(live(tmp_path, VALUES), MAPS)
    assert finding.agrees, finding
    assert finding.row() == ["m1", -1, ""]


def test_a_world_that_this_code_would_not_have_made_is_named_with_its_tick(tmp_path: Path):
    values = [list(one) for one in VALUES]
    place = last_checkpoint()
    other = next(i for i, one in enumerate(VALUES) if one[0] == RecordKind.CHECKPOINT and i)
    values[place] = [*values[place][:2], *VALUES[other][2:]]
    (finding,) = rehearse(live(tmp_path, values), MAPS)
    assert not finding.agrees
    assert 0 < finding.tick <= VALUES[place][1]


def test_another_tuning_is_named(tmp_path: Path):
    values = [list(one) for one in VALUES]
    values[0][values[0].index(fingerprint())] = b"other..."
    (finding,) = rehearse(live(tmp_path, values), MAPS)
    assert "the tuning" in finding.what


def test_a_map_that_is_gone_is_named(tmp_path: Path):
    (finding,) = rehearse(live(tmp_path, VALUES), {})
    assert f"no map {ARENA.name}" in finding.what


@pytest.mark.parametrize("content", [b"", b"no journal at all", bytes(100)])
def test_unreadable_journals_do_not_agree(tmp_path: Path, content: bytes):
    (tmp_path / "m1-r0000-s000.skj").write_bytes(content)
    (finding,) = rehearse(tmp_path, MAPS)
    assert not finding.agrees
    assert finding.what


def test_each_match_has_its_own_finding(tmp_path: Path):
    live(tmp_path, VALUES)
    live(tmp_path, VALUES, match_id="m2")
    (tmp_path / "m1.tries").touch()
    findings = rehearse(tmp_path, MAPS)
    assert [(it.match_id, it.agrees) for it in findings] == [("m1", True), ("m2", True)]


def test_unreadable_files_are_reported_in_a_sentence(tmp_path: Path):
    (tmp_path / "m1-r0000-s000.skj").touch()
    (finding,) = rehearse(tmp_path, MAPS)
    assert finding.what == (
        "its journal cannot be replayed: the journal ends before its header does"
    )


def written(folder: Path, values: list[list[Any]], segment: int = 0) -> JournalFile:
    """A file while its worker writes it: the newest bytes are only in the tail."""
    path = folder / f"m1-r0000-s{segment:03}.skj"
    file, journal = begin_file(path), forged(values)
    for at in range(0, len(journal), 100):
        file.write(journal[at : at + 100])
    assert path.stat().st_size < len(journal)
    return file


def otherwise(values: list[list[Any]]) -> list[list[Any]]:
    """The same values with a different trace in the last tick."""
    place = max(i for i, one in enumerate(values) if one[0] == RecordKind.TICK)
    return [
        *values[:place],
        [*values[place][:1], b"else", *values[place][2:]],
        *values[place + 1 :],
    ]


def young() -> list[list[Any]]:
    """A file that has just been started: a header and the world."""
    return [VALUES[0], VALUES[last_checkpoint()]]


def test_a_young_file_is_read_from_its_tail(tmp_path: Path):
    file = written(tmp_path, young())
    assert (tmp_path / "m1-r0000-s000.skj").stat().st_size == 0
    (finding,) = rehearse(tmp_path, MAPS)
    assert finding.agrees, finding
    file.close()


@pytest.mark.parametrize("make", [list, otherwise], ids=["as it was", "otherwise"])
def test_the_newest_ticks_count_though_they_are_in_the_tail_only(
    tmp_path: Path, make: Callable[[list[list[Any]]], list[list[Any]]]
):
    newest = max(i for i, one in enumerate(VALUES) if one[0] == RecordKind.TICK)
    file = written(tmp_path, make(VALUES[: newest + 1]))
    (finding,) = rehearse(tmp_path, MAPS)
    assert finding.agrees == (make is list), finding
    file.close()


@pytest.mark.parametrize("newest", [young(), []], ids=["young", "not begun"])
def test_when_the_last_file_is_young_the_one_before_it_is_played_again_too(
    tmp_path: Path, newest: list[list[Any]]
):
    live(tmp_path, newest, segment=1)
    live(tmp_path, otherwise(VALUES), segment=0)
    (finding,) = rehearse(tmp_path, MAPS)
    assert not finding.agrees
    assert "players stand somewhere else" in finding.what


def test_how_another_build_played_is_no_measure(tmp_path: Path):
    values = otherwise(VALUES)
    values[0] = [*values[0][:-2], "another build", values[0][-1]]
    live(tmp_path, young(), segment=1)
    live(tmp_path, values, segment=0)
    (finding,) = rehearse(tmp_path, MAPS)
    assert finding.agrees, finding


def test_only_the_last_seconds_are_replayed(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(rehearsal, "LAST_S", 0)
    live(tmp_path, otherwise(VALUES), segment=999)
    live(tmp_path, VALUES, segment=1000)  # the later file, though not in order of names
    (finding,) = rehearse(tmp_path, MAPS)
    assert finding.agrees, finding

"""The rounds that are listed, for whom, and under which names."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.replays.archive import Archive, read_segments
from tests.journals import played
from tests.server.replays.fakes import of_a_host, put

MATCH = played(70, 2)
JOURNAL = of_a_host(MATCH)


def test_a_finished_round_is_found_by_its_name(tmp_path: Path):
    put(tmp_path, JOURNAL)
    archive = Archive(tmp_path)
    found = archive.find("abc-r0000")
    assert found is not None
    assert read_segments(found) == [JOURNAL]
    assert [each.name for each in archive.finished()] == ["abc-r0000"]


def test_of_a_long_round_only_the_beginning_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    put(tmp_path, of_a_host(played(120, 8)))
    monkeypatch.setattr("server.replays.archive.HEAD_BYTES", 4_000)
    found = Archive(tmp_path).find("abc-r0000")
    assert found is not None
    assert found.packed_bytes > 4_000


def test_a_round_of_a_match_that_still_runs_is_not_finished(tmp_path: Path):
    put(tmp_path, JOURNAL)
    put(tmp_path, JOURNAL, "abc-r0001-s000", live=True)
    assert Archive(tmp_path).finished() == []
    assert Archive(tmp_path).find("abc-r0000") is None


def test_a_private_match_is_for_nobody_else(tmp_path: Path):
    put(tmp_path, of_a_host(MATCH, private=True))
    archive = Archive(tmp_path)
    assert len(archive.finished()) == 1
    assert archive.find("abc-r0000") is None


def test_a_journal_that_does_not_say_whose_it_is_is_private(tmp_path: Path):
    put(tmp_path, MATCH.journal)
    assert Archive(tmp_path).find("abc-r0000") is None


@pytest.mark.parametrize("name", ["", "..", "../secret", "abc", "abc-r0001", "abc-r0000/../x"])
def test_other_names_lead_nowhere(tmp_path: Path, name: str):
    put(tmp_path, JOURNAL)
    assert Archive(tmp_path).find(name) is None


@given(st.text(max_size=40))
def test_no_name_makes_it_fail(name: str):
    assert Archive(Path("there is no such folder")).find(name) is None


def fill(folder: Path, count: int) -> None:
    for number in range(count):
        put(folder, of_a_host(MATCH, match_id=f"m{number}"), f"m{number}-r0000-s000")


def test_folders_are_read_again_only_when_something_came_or_went(tmp_path: Path):
    fill(tmp_path, 5)
    archive = Archive(tmp_path, lambda: time.time_ns() + 10**10)  # long after it was written
    first = archive.generation()
    reads = archive.reads
    for _ in range(100):
        assert len(archive.finished()) == 5
        assert archive.find("m3-r0000") is not None
        assert archive.generation() is first
    assert archive.reads == reads
    path = put(tmp_path, JOURNAL)
    assert archive.find("abc-r0000") is not None
    assert archive.generation() != first
    path.unlink()
    assert archive.find("abc-r0000") is None
    put(tmp_path, JOURNAL, "m2-r0001-s000", live=True)
    assert archive.find("m2-r0000") is None, "that match has begun again"


def test_a_change_that_left_no_trace_in_the_time_of_the_folder_is_seen(tmp_path: Path):
    fill(tmp_path, 1)
    place = tmp_path / "place-0" / "finished"
    archive = Archive(tmp_path, lambda: place.stat().st_mtime_ns + 1)  # just after it was written
    assert len(archive.finished()) == 1
    changed = place.stat()
    put(tmp_path, JOURNAL)
    os.utime(place, ns=(changed.st_atime_ns, changed.st_mtime_ns))
    assert len(archive.finished()) == 2

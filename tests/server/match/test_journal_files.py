"""Journal files: which process owns them, how they are archived, and how many are kept."""

import errno
import gzip
import os
from pathlib import Path

import pytest

from server.match.journal_file import read_whole
from server.match.journal_files import (
    FolderInUseError,
    JournalFolder,
    JournalSettings,
    SegmentName,
    segment_name,
    sweep,
)

MB = 1_000_000


def write(
    folder: JournalFolder, match_id: str, round_number: int, segment: int, data: bytes
) -> SegmentName:
    file = folder.create(match_id, round_number, segment)
    assert file.write(data) == len(data)
    file.close()
    return SegmentName(match_id, round_number, segment)


def test_files_are_found_by_match_and_in_their_order(tmp_path: Path):
    folder = JournalFolder(tmp_path)
    names = [
        write(folder, *one, b"x") for one in (("b", 1, 0), ("a", 10, 0), ("a", 9, 12), ("a", 9, 2))
    ]
    (folder.live / "notes.txt").write_text("somebody's")
    assert folder.live_segments() == {"a": [names[3], names[2], names[1]], "b": [names[0]]}
    assert all(segment_name(name.file_name) == name for name in names)
    assert segment_name(names[0].file_name + ".gz") == names[0]
    assert segment_name("../etc-r0001-s000.skj") is None


def test_nobody_else_may_read_who_played(tmp_path: Path):
    folder = JournalFolder(tmp_path / "journals")
    name = write(folder, "m", 0, 0, b"secret")
    folder.finish(write(folder, "m", 1, 0, b"secret"))
    for path in (
        folder.path,
        folder.live,
        folder.live / name.file_name,
        *folder.finished.iterdir(),
    ):
        assert path.stat().st_mode & 0o077 == 0, path


def test_no_file_is_begun_twice(tmp_path: Path):
    folder = JournalFolder(tmp_path)
    write(folder, "m", 0, 0, b"first")
    with pytest.raises(FileExistsError):
        folder.create("m", 0, 0)


def test_a_finished_file_is_whole_and_compressed(tmp_path: Path):
    folder = JournalFolder(tmp_path)
    name = write(folder, "m", 0, 0, b"journal" * 1_000)
    folder.finish(name)
    assert folder.live_segments() == {}
    (kept,) = folder.finished.iterdir()
    assert kept.name == name.file_name + ".gz"
    assert gzip.decompress(kept.read_bytes()) == b"journal" * 1_000


def test_the_oldest_of_all_places_go_when_too_much_or_too_old_is_kept(tmp_path: Path):
    settings = JournalSettings(keep_mb=1.0, keep_days=10)
    places = [JournalFolder(tmp_path / name) for name in ("place-0", "worker-7")]
    files = {
        places[0].finished / "new-r0000-s000.skj.gz": 0,
        places[1].aside / "middle-r0000-s000.skj": 1,
        places[0].aside / "older-r0000-s000.skj": 2,
        places[1].finished / "ancient-r0000-s000.skj.gz": 11,
        places[1].live / "running-r0000-s000.skj": 300,
    }
    for path, age_days in files.items():
        path.write_bytes(bytes(MB // 2 - 10 if age_days < 11 else 1))
        os.utime(path, (100 * 86_400 - age_days * 86_400,) * 2)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(bytes(MB))
    (places[0].finished / "link").symlink_to(elsewhere)
    assert sweep(tmp_path, settings, now_s=100 * 86_400) == 2
    left = {path.name.split("-")[0] for path in files if path.exists()}
    assert left == {"new", "middle", "running"}
    assert elsewhere.exists()
    assert sweep(tmp_path / "nowhere", settings) == 0


def test_set_aside_matches_are_kept_but_not_resumed(tmp_path: Path):
    folder = JournalFolder(tmp_path)
    name = write(folder, "m", 0, 0, b"bad")
    write(folder, "n", 0, 0, b"good")
    folder.count_crash("m")
    folder.set_aside("m", "it is bad")
    assert list(folder.live_segments()) == ["n"]
    assert (folder.aside / name.file_name).read_bytes() == b"bad"
    assert folder.count_crash("m") == 1, "its tries are forgotten"


def test_a_journal_that_cannot_be_packed_leaves_no_half_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = JournalFolder(tmp_path)
    file = folder.create("m", 0, 0)
    file.write(b"whole")
    file.close()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        folder.finish(SegmentName("m", 0, 0))
    monkeypatch.undo()
    assert list(folder.finished.iterdir()) == []
    assert folder.read(SegmentName("m", 0, 0)) == b"whole"


def left_behind(
    folder: JournalFolder, match_id: str, monkeypatch: pytest.MonkeyPatch
) -> SegmentName:
    """Leave a file that was closed while the disk was full, so its tail is still there."""

    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    file = folder.create(match_id, 0, 0)
    assert file.write(b"in memory alone") == 15
    monkeypatch.setattr(os, "write", refuse)
    file.close()
    monkeypatch.undo()
    name = SegmentName(match_id, 0, 0)
    assert (folder.live / name.file_name).read_bytes() == b""
    return name


def test_bytes_that_a_full_disk_kept_out_of_a_file_are_read_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = JournalFolder(tmp_path)
    name = left_behind(folder, "m", monkeypatch)
    assert folder.read(name) == b"in memory alone"
    folder.finish(name)
    (kept,) = folder.finished.iterdir()
    assert gzip.decompress(kept.read_bytes()) == b"in memory alone"
    assert list(folder.live.iterdir()) == []


def test_bytes_that_a_full_disk_kept_out_of_a_file_are_set_aside_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = JournalFolder(tmp_path)
    name = left_behind(folder, "m", monkeypatch)
    left_behind(folder, "n", monkeypatch)
    folder.set_aside("m", "it is bad")
    assert read_whole(folder.aside / name.file_name) == b"in memory alone"
    folder.discard(SegmentName("n", 0, 0))
    assert list(folder.live.iterdir()) == []


def test_tries_are_counted_on_disk(tmp_path: Path):
    assert [JournalFolder(tmp_path / "a").count_crash("m") for _ in range(1)] == [1]
    folder = JournalFolder(tmp_path / "b")
    assert [folder.count_crash("m") for _ in range(3)] == [1, 2, 3]
    folder.forget_crashes("m")
    assert folder.count_crash("m") == 1


def test_a_place_has_one_living_process_and_others_take_the_next(tmp_path: Path):
    first = JournalFolder.first_free(tmp_path)
    second = JournalFolder.first_free(tmp_path)
    assert (first.path.name, second.path.name) == ("place-0", "place-1")
    with pytest.raises(FolderInUseError):
        JournalFolder(first.path)
    first.release()
    again = JournalFolder.first_free(tmp_path)
    assert again.path.name == "place-0"

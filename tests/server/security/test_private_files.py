"""Files of the data folder are complete or absent, private, and never elsewhere."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from server.match.crash_marker import CrashMarker
from server.match.journal_files import JournalFolder, SegmentName
from server.process.folders import RunFolder, RunFolderError
from server.replays.recording import read_growing
from server.security.private_files import make_folder, make_once, opened, read, reading

FLAGS = (
    os.O_RDONLY,
    os.O_WRONLY | os.O_CREAT,
    os.O_RDWR | os.O_CREAT,
    os.O_WRONLY | os.O_CREAT | os.O_APPEND,
    os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
)


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("is_there", [True, False])
def test_no_way_of_opening_follows_a_link(tmp_path: Path, flags: int, is_there: bool) -> None:
    other, link = tmp_path / "other", tmp_path / "link"
    link.symlink_to(other)
    if is_there:
        other.write_bytes(b"mine")
    with pytest.raises(OSError, match="symbolic link"):
        opened(link, flags)
    assert not is_there or other.read_bytes() == b"mine"
    assert other.exists() is is_there


@pytest.mark.parametrize("flags", FLAGS[:4])
def test_a_pipe_in_a_files_place_is_refused_at_once(tmp_path: Path, flags: int) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError):  # noqa: PT011  # which one depends on the way of opening
        opened(tmp_path / "pipe", flags)
    with pytest.raises(OSError, match=r"no file|Is a directory"):
        opened(tmp_path, os.O_RDONLY)


def test_files_are_for_this_user_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        os.close(opened(tmp_path / "file", os.O_WRONLY | os.O_CREAT))
        make_once(tmp_path / "once", b"x")
        make_folder(tmp_path / "folder")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {"file": 0o600, "once": 0o600, "folder": 0o700}


def test_a_file_is_made_once_and_whole(tmp_path: Path) -> None:
    make_once(tmp_path / "file", b"first")
    make_once(tmp_path / "file", b"second")
    assert read(tmp_path / "file") == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_file_system_without_hard_links_has_it_too(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    make_once(tmp_path / "file", b"whole")
    assert read(tmp_path / "file") == b"whole"


VICTIM = b"of somebody else, and longer than a mark"
NAME = SegmentName("m", 0, 0)


def live(folder: Path) -> Path:
    return folder / "place" / "live" / NAME.file_name


@pytest.mark.parametrize(
    ("planted", "act"),
    [
        ("at-work", lambda folder: CrashMarker(folder / "at-work")),
        ("place/lock", lambda folder: JournalFolder(folder / "place")),
        ("place/live", lambda folder: JournalFolder(folder / "place")),
        ("place", lambda folder: JournalFolder(folder / "place")),
        (f"place/live/{NAME.file_name}", lambda folder: JournalFolder(folder / "place").read(NAME)),
        (f"place/live/{NAME.file_name}", lambda folder: read_growing(live(folder), 0, 99)),
        (
            f"place/live/{NAME.file_name}",
            lambda folder: JournalFolder(folder / "place").finish(NAME),
        ),
        (
            f"place/live/{NAME.file_name}",
            lambda folder: JournalFolder(folder / "place").create("m", 0, 0),
        ),
        ("place/live/m.tries", lambda folder: JournalFolder(folder / "place").count_crash("m")),
    ],
)
def test_a_link_in_the_data_folder_stops_us_and_harms_nobody(
    tmp_path: Path, planted: str, act: Callable[[Path], object]
) -> None:
    victim, folder = tmp_path / "victim", tmp_path / "journals"
    (folder / "place").mkdir(parents=True) if planted != "place" else folder.mkdir()
    if planted.startswith("place/live/"):
        (folder / "place" / "live").mkdir()
    if planted in ("place", "place/live"):
        victim.mkdir()
    else:
        victim.write_bytes(VICTIM)
    (folder / planted).symlink_to(victim)
    with pytest.raises(OSError, match=r"symbolic link|File exists"):
        act(folder)
    assert victim.is_dir() or victim.read_bytes() == VICTIM
    assert victim.is_file() or not list(victim.iterdir())


def test_a_half_packed_journal_that_is_a_link_is_replaced_not_written_to(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(VICTIM)
    folder = JournalFolder(tmp_path / "place")
    file = folder.create("m", 0, 0)
    file.write(b"whole")
    file.close()
    (folder.finished / f"{NAME.file_name}.half").symlink_to(victim)
    folder.finish(NAME)
    assert victim.read_bytes() == VICTIM
    assert (folder.finished / f"{NAME.file_name}.gz").stat().st_mode & 0o077 == 0


def test_the_sockets_are_never_in_a_folder_that_a_link_names(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir(mode=0o755)
    (tmp_path / "run").symlink_to(tmp_path / "other")
    with pytest.raises(RunFolderError, match="symbolic link"):
        RunFolder(tmp_path / "run").claim()
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o755


def test_a_growing_file_is_read_unbuffered_where_asked(tmp_path: Path) -> None:
    path = tmp_path / "tail"
    path.write_bytes(b"before")
    with reading(path, buffering=0) as stream:
        assert stream.read(6) == b"before"
        path.write_bytes(b"after!")
        stream.seek(0)
        assert stream.read(6) == b"after!"

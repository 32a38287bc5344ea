"""One journal file: whenever its process dies, nothing that was written is lost or doubled."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.match import journal_file
from server.match.journal_file import (
    FLUSH_BYTES,
    TAIL_BYTES,
    JournalFile,
    append_tail,
    begin_file,
    tail_path,
)
from tests.examples import examples

WRITES = st.lists(st.binary(min_size=1, max_size=9_000), max_size=12)


def found(path: Path) -> bytes:
    """The bytes that the next process finds."""
    if tail_path(path).exists():
        append_tail(path)
    assert not tail_path(path).exists()
    return path.read_bytes()


@examples(60)
@given(WRITES, st.booleans())
def test_everything_that_was_written_is_found_once(
    tmp_path_factory: pytest.TempPathFactory, writes: list[bytes], is_closed: bool
) -> None:
    path = tmp_path_factory.mktemp("journal") / "m.skj"
    file = begin_file(path)
    for data in writes:
        assert file.write(data) == len(data)
    if is_closed:
        file.close()
    assert found(path) == b"".join(writes)


def test_more_than_the_tail_holds_goes_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "m.skj"
    file = begin_file(path)
    large = os.urandom(TAIL_BYTES + 100)
    for data in (b"before", large, b"after"):
        assert file.write(data) == len(data)
    assert found(path) == b"before" + large + b"after"


class DyingError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("kept", [0, 1, FLUSH_BYTES // 2, FLUSH_BYTES + 1_000])
def test_a_process_that_dies_while_it_flushes_leaves_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    path = tmp_path / "m.skj"
    file = begin_file(path)
    file.write(b"a" * (FLUSH_BYTES - 1_000))

    def write(descriptor: int, data: bytes) -> int:
        original(descriptor, data[:kept])
        raise DyingError

    original = os.write
    monkeypatch.setattr(journal_file.os, "write", write)
    with pytest.raises(DyingError):
        file.write(b"b" * 2_000)
    monkeypatch.undo()
    assert found(path) == b"a" * (FLUSH_BYTES - 1_000) + b"b" * 2_000


def takes(file: JournalFile, data: bytes) -> bool:
    """Whether the file takes all of `data`."""
    try:
        assert file.write(data) == len(data)
    except OSError:
        return False
    return True


def test_a_full_disk_is_reported_once_the_tail_is_full_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.skj"
    file = begin_file(path)
    original, written = os.write, []

    def write(descriptor: int, data: bytes) -> int:
        if len(written) % 2:
            written.append(b"")
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(data[:1_000])
        return original(descriptor, data[:1_000])

    monkeypatch.setattr(journal_file.os, "write", write)
    sent = b""
    while (data := bytes([len(sent) % 256]) * 997) and takes(file, data):
        sent += data
    monkeypatch.undo()
    assert len(sent) > TAIL_BYTES / 2
    assert file.write(b"end") == 3
    file.close()
    assert found(path) == sent + b"end"


def test_a_file_system_that_cannot_reserve_space_does_without_a_tail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "not here")

    monkeypatch.setattr(journal_file.os, "posix_fallocate", refuse)
    path = tmp_path / "m.skj"
    file = begin_file(path)
    file.write(b"direct")
    assert path.read_bytes() == b"direct"
    assert list(tmp_path.iterdir()) == [path]
    file.close()


def test_a_tail_that_was_cut_off_itself_is_no_riddle(tmp_path: Path) -> None:
    path = tmp_path / "m.skj"
    path.write_bytes(b"file")
    tail_path(path).write_bytes(b"\0\0")
    assert found(path) == b"file"


def test_a_closed_file_has_no_tail(tmp_path: Path) -> None:
    path = tmp_path / "m.skj"
    file = begin_file(path)
    file.write(b"x")
    file.close()
    file.close()
    assert list(tmp_path.iterdir()) == [path]
    assert isinstance(file, JournalFile)

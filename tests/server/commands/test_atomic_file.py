"""A file that a command writes is complete or absent."""

import errno
import os
from pathlib import Path

import pytest

from server.commands.atomic_file import open_atomically


def fail_half_way(path: Path) -> None:
    with open_atomically(path) as stream:
        stream.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("before", [None, b"older"])
def test_an_unfinished_write_leaves_the_old_file(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "file"
    if before is not None:
        path.write_bytes(before)
    with pytest.raises(OSError, match="No space"):
        fail_half_way(path)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == (
        [] if before is None else [before]
    )


def test_a_write_replaces_the_file_with_the_usual_mode(tmp_path: Path) -> None:
    path, link = tmp_path / "file", tmp_path / "link"
    path.write_bytes(b"older")
    link.symlink_to(path)
    for target, text in ((path, b"new"), (link, b"newer")):
        with open_atomically(target) as stream:
            stream.write(text)
        assert path.read_bytes() == text
    assert link.is_symlink()
    assert len(list(tmp_path.iterdir())) == 2
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_devices_are_written_to_and_not_replaced() -> None:
    with open_atomically(Path(os.devnull)) as stream:
        stream.write(b"gone")
    assert Path(os.devnull).is_char_device()

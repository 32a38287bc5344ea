"""Journal files, in three folders: `live/` for running matches, `finished/` for those that are
over, and `set-aside/` for those that must not be resumed.

Owns: names, permissions, compression, and how much is kept. Must not know: records, matches.
Invariants: a file in `live/` belongs to a match that runs or that a dead process left behind; a
file is whole in one folder before it leaves another.
"""

import errno
import gzip
import os
import re
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no fcntl: nobody else may use the folder there
    fcntl = None  # type: ignore[assignment]

import structlog
from attrs import define, field, frozen

from server.config.options import option
from server.match.crash_marker import CrashMarker
from server.match.journal_file import JournalFile, append_tail, begin_file, read_whole, tail_path
from server.security.private_files import make_folder, opened, read

FILE_BYTES_MAX = 256 << 20  # more than any segment: a longer file is no journal
PLACES_MAX = 64
SUFFIX = ".skj"
FINISHED_SUFFIX = ".skj.gz"
_NAME = re.compile(r"(?P<match>[0-9A-Za-z_-]{1,24})-r(?P<round>\d{4,9})-s(?P<segment>\d{3,9})\.skj")

log = structlog.get_logger("journal")


@frozen
class JournalSettings:
    """Whether journals are written, and how many are kept."""

    enabled: bool = option(True, "write a journal of each match; without, a crash ends it")
    segment_mb: float = option(
        0.5, "a journal's file grows to this before the next: a crash reads one", (0.01, 1_024)
    )
    keep_mb: float = option(
        512.0, "finished journals kept, compressed; the oldest go first", (0, 1_000_000)
    )
    keep_days: float = option(14.0, "a finished journal is kept for this", (0, 3_650))

    @property
    def segment_bytes(self) -> int:
        """The size that a file grows to."""
        return int(self.segment_mb * 1e6)


@frozen
class SegmentName:
    """The parts of a journal file's name."""

    match_id: str
    round_number: int
    segment: int

    @property
    def file_name(self) -> str:
        """The name in `live/`."""
        return f"{self.match_id}-r{self.round_number:04}-s{self.segment:03}{SUFFIX}"


def segment_name(file_name: str) -> SegmentName | None:
    """Parse a file name; None when it is not a journal's."""
    found = _NAME.fullmatch(file_name.removesuffix(".gz"))
    if found is None:
        return None
    return SegmentName(found["match"], int(found["round"]), int(found["segment"]))


class FolderInUseError(Exception):
    """A running process already writes its journals there."""


@define(eq=False)
class JournalFolder:
    """See the module. Raises OSError when the folder cannot be made."""

    path: Path
    live: Path = field(init=False)
    finished: Path = field(init=False)
    aside: Path = field(init=False)
    crash_marker: CrashMarker = field(init=False)
    suspect: str = field(init=False)  # the match that the last process here died working on, or ""
    _lock: int = field(default=-1, init=False)

    @classmethod
    def first_free(cls, parent: Path) -> "JournalFolder":
        """The first of `parent`'s places that no running process uses.

        So several servers may share a data folder, and one that restarts finds its own place.
        Raises OSError, and `FolderInUseError` when all places are taken.
        """
        for number in range(PLACES_MAX):
            with suppress(FolderInUseError):
                return cls(parent / f"place-{number}")
        raise FolderInUseError(f"{PLACES_MAX} servers use {parent}")

    def __attrs_post_init__(self) -> None:
        """Make the folders, readable by this user only: a journal says who played."""
        self.live, self.finished = self.path / "live", self.path / "finished"
        self.aside = self.path / "set-aside"
        for folder in (self.path.parent, self.path, self.live, self.finished, self.aside):
            make_folder(folder)
        self._claim()
        self._append_tails()
        self.crash_marker = CrashMarker(self.path / "at-work")
        self.suspect = self.crash_marker.match_id
        self.crash_marker.leave()

    def release(self) -> None:
        """Let another process have the place."""
        self.crash_marker.close()
        self._unlock()

    def create(self, match_id: str, round_number: int, segment: int) -> JournalFile:
        """Create a new file. Raises OSError."""
        name = SegmentName(match_id, round_number, segment).file_name
        return begin_file(self.live / name)

    def live_segments(self) -> dict[str, list[SegmentName]]:
        """The files in `live/` by match, each match's in order."""
        found: dict[str, list[SegmentName]] = {}
        for path in self.live.iterdir():
            name = segment_name(path.name)
            if name is not None and path.suffix == SUFFIX:
                found.setdefault(name.match_id, []).append(name)
        for names in found.values():
            names.sort(key=lambda name: (name.round_number, name.segment))
        return dict(sorted(found.items()))

    def read(self, name: SegmentName) -> bytes:
        """All bytes of a live file that is no longer written. Raises OSError.

        They include a tail that was left because the disk was full when the file was closed.
        """
        path = self.live / name.file_name
        if path.stat().st_size > FILE_BYTES_MAX:
            raise OSError(errno.EFBIG, "longer than any journal", str(path))
        return read_whole(path)

    def discard(self, name: SegmentName) -> None:
        """Delete a live file that has nothing in it. Raises OSError."""
        for path in _with_tail(self.live / name.file_name):
            path.unlink()

    def count_crash(self, match_id: str) -> int:
        """Count on disk that a process died working on this match; returns the count so far."""
        path = self._crash_count(match_id)
        descriptor = opened(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            os.write(descriptor, b".")
            return os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)

    def has_crashes(self, match_id: str) -> bool:
        """Whether any death is counted against the match."""
        return self._crash_count(match_id).exists()

    def forget_crashes(self, match_id: str) -> None:
        """Clear the match's count of deaths."""
        with suppress(OSError):
            self._crash_count(match_id).unlink(missing_ok=True)

    def set_aside(self, match_id: str, reason: str) -> None:
        """Move a match's files to `set-aside/`: it is not resumed, and they stay for debugging."""
        for name in self.live_segments().get(match_id, []):
            for path in _with_tail(self.live / name.file_name):
                with suppress(OSError):
                    path.replace(self.aside / path.name)
        self.forget_crashes(match_id)
        log.error("journal_set_aside", match=match_id, reason=reason, folder=str(self.aside))

    def finish(self, name: SegmentName) -> None:
        """Compress a live file into `finished/`. Slow: for a thread. Raises OSError."""
        source = self.live / name.file_name
        append_tail(source)
        target = self.finished / (source.name + ".gz")
        half = target.with_suffix(".half")
        try:
            half.unlink(missing_ok=True)  # left by a process that was killed
            descriptor = opened(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            with (
                os.fdopen(descriptor, "wb") as file,
                gzip.open(file, "wb", compresslevel=6) as stream,
            ):
                stream.write(read(source))
            half.replace(target)
        except OSError:
            half.unlink(missing_ok=True)
            raise
        source.unlink()

    def _claim(self) -> None:
        """Lock the place. The kernel unlocks it when this process ends, however it ends."""
        if fcntl is None:
            return
        self._lock = opened(self.path / "lock", os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._unlock()
            raise FolderInUseError(f"another process uses {self.path}") from error

    def _append_tails(self) -> None:
        """Append the tails that a dead process left to their files."""
        for tail in self.live.glob("*.tail"):
            with suppress(OSError):  # no room on the disk: `read` includes the tail anyway
                append_tail(tail.with_suffix(""))

    def _unlock(self) -> None:
        descriptor, self._lock = self._lock, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _crash_count(self, match_id: str) -> Path:
        return self.live / f"{match_id}.tries"


def _with_tail(path: Path) -> list[Path]:
    """A file and its tail, as far as they exist."""
    return [one for one in (tail_path(path), path) if one.exists()]


def sweep(parent: Path, settings: JournalSettings, now_s: float | None = None) -> int:
    """Delete finished and set-aside journals beyond the limits, over all places together.

    Returns how many files. The oldest go first. Links are not followed. Slow: run it in a thread.
    Raises OSError.
    """
    oldest_s = (time.time() if now_s is None else now_s) - settings.keep_days * 86_400
    left_bytes = settings.keep_mb * 1e6
    deleted = 0
    found = [file for folder in _kept_folders(parent) for file in _sizes(folder)]
    for changed_s, size, path in sorted(found, reverse=True):
        left_bytes -= size
        if changed_s < oldest_s or left_bytes < 0:
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def _kept_folders(parent: Path) -> Iterable[Path]:
    for place in parent.iterdir() if parent.is_dir() else ():
        for folder in (place / "finished", place / "set-aside"):
            if folder.is_dir() and not (place.is_symlink() or folder.is_symlink()):
                yield folder


def _sizes(folder: Path) -> Iterable[tuple[float, int, Path]]:
    for path in folder.iterdir():
        with suppress(OSError):  # deleted meanwhile
            status = path.stat(follow_symlinks=False)
            if stat.S_ISREG(status.st_mode):
                yield status.st_mtime, status.st_size, path

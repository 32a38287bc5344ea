"""The archive of a data folder: finished rounds that can be watched, by name, and live journals.

Owns: paths, and which rounds are public. Must not know: sockets, how a journal is shown. The
listing of a folder is kept until the folder changes: asking again costs a look at its modification
time. Invariants: a name from outside is looked up among existing files, never made into a path; a
round of a running match does not count as finished, because its dice would reveal those to come.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path

from attrs import define, field, frozen

from game.journal import Header, JournalError, read_journal
from server.match.journal_files import FINISHED_SUFFIX, SUFFIX, SegmentName, segment_name
from server.match.rounds import MatchSpec
from server.replays.recording import RecordingError, read_file, unpack_beginning
from server.security.private_files import reading

HEAD_BYTES = 1 << 16  # enough for a header and a first checkpoint
# Two changes within one step of the file system's clock cannot be told apart, so a folder that
# changed this shortly before it was read is read again.
SETTLED_NS = 1_000_000_000
Contents = tuple[tuple[Path, tuple[str, ...]], ...]  # folders, and the names in each
_ROUND = re.compile(r"(?P<match>[0-9A-Za-z_-]{1,24})-r(?P<round>\d{4,9})")


@frozen
class RoundFiles:
    """One finished round, on disk."""

    name: str
    match_id: str
    round_number: int
    segments: tuple[Path, ...]
    changed_s: float  # Unix time
    packed_bytes: int


@frozen
class _Folder:
    """The listing of a folder, and the folder's modification time when it was read."""

    names: tuple[str, ...]
    changed_ns: int
    is_settled: bool


@define(eq=False)
class Archive:
    """`folder` has a subfolder for each writing process, with `live/` and `finished/` in it."""

    folder: Path
    unix_ns: Callable[[], int] = time.time_ns  # the clock of the file system
    reads: int = 0  # folders listed; a kept listing takes none
    _folders: dict[Path, _Folder] = field(factory=dict)
    _headers: dict[str, Header | None] = field(factory=dict)
    _rounds_by_name: dict[str, RoundFiles] = field(factory=dict)  # by name, newest first
    _listed: Contents = ()  # the contents that these rounds come from

    def finished(self) -> list[RoundFiles]:
        """Return all finished rounds of matches that are over, newest first."""
        return list(self._rounds().values())

    def generation(self) -> Contents:
        """Return a value that stays equal while the folders list the same files. Rereads changed
        folders.
        """
        self._rounds()
        return self._listed

    def find(self, name: str) -> RoundFiles | None:
        """Return a finished round of a match that is over, by name; None if private or missing."""
        if _ROUND.fullmatch(name) is None:
            return None
        found = self._rounds().get(name)
        return found if found is not None and self.is_public(found) else None

    def is_public(self, files: RoundFiles) -> bool:
        """Whether it is public."""
        header = self.header_of(files)
        return header is not None and not is_private(header)

    def header_of(self, files: RoundFiles) -> Header | None:
        """Return the header of its journal; None when it cannot be read."""
        if files.name not in self._headers:
            self._headers[files.name] = _read_header(files.segments[0])
        return self._headers[files.name]

    def live_segments(self, match_id: str) -> dict[tuple[int, int], Path]:
        """Return the files of a running match, by round and segment."""
        return {
            (name.round_number, name.segment): path
            for name, path in _files(self._contents("live"), SUFFIX).items()
            if name.match_id == match_id
        }

    def _rounds(self) -> dict[str, RoundFiles]:
        live, finished = self._contents("live"), self._contents("finished")
        if (*live, *finished) == self._listed:
            return self._rounds_by_name
        running = {name.match_id for name in _files(live, SUFFIX)}
        rounds: dict[tuple[str, int], list[tuple[SegmentName, Path]]] = {}
        for name, path in _files(finished, FINISHED_SUFFIX).items():
            if name.match_id not in running:
                rounds.setdefault((name.match_id, name.round_number), []).append((name, path))
        found = [each for each in map(_round_of, rounds.values()) if each is not None]
        found.sort(key=lambda each: (-each.changed_s, each.name))
        by_name = {each.name: each for each in found}
        self._headers = {name: kept for name, kept in self._headers.items() if name in by_name}
        self._rounds_by_name, self._listed = by_name, (*live, *finished)
        return by_name

    def _contents(self, kind: str) -> Contents:
        """Return all folders of this kind, with their contents."""
        within = [self.folder / name for name in self._names(self.folder)]
        places = (self.folder, *(place for place in within if not place.is_symlink()))
        return tuple((place / kind, self._names(place / kind)) for place in places)

    def _names(self, folder: Path) -> tuple[str, ...]:
        kept, now_ns = self._folders.get(folder), self.unix_ns()
        try:
            changed_ns = folder.stat().st_mtime_ns
        except OSError:
            changed_ns = 0  # there is no such folder
        if kept is not None and kept.is_settled and kept.changed_ns == changed_ns:
            return kept.names
        names = _list(folder) if changed_ns else ()
        self.reads += 1
        if kept is not None and kept.names == names:
            names = kept.names  # the same object, for quick comparison
        self._folders[folder] = _Folder(names, changed_ns, now_ns - changed_ns > SETTLED_NS)
        return names


def is_private(header: Header) -> bool:
    """Whether a match is private. One whose spec cannot be read counts as private."""
    try:
        spec = MatchSpec(*header.spec)
    except TypeError:
        return True
    return spec.private is not False


def read_segments(files: RoundFiles) -> list[bytes]:
    """Return each segment, unpacked. Slow: run it in a thread. Raises `RecordingError`."""
    return [read_file(path) for path in files.segments]


def _round_of(files: list[tuple[SegmentName, Path]]) -> RoundFiles | None:
    files.sort(key=lambda each: each[0].segment)
    name = files[0][0]
    try:
        states = [path.stat() for _, path in files]
    except OSError:
        return None  # deleted meanwhile
    return RoundFiles(
        name=f"{name.match_id}-r{name.round_number:04}",
        match_id=name.match_id,
        round_number=name.round_number,
        segments=tuple(path for _, path in files),
        changed_s=max(state.st_mtime for state in states),
        packed_bytes=sum(state.st_size for state in states),
    )


def _read_header(path: Path) -> Header | None:
    """Return the header, reading only the beginning of the file; None when it cannot be read."""
    try:
        with reading(path) as stream:
            head = stream.read(HEAD_BYTES)
        return read_journal(unpack_beginning(head) if path.suffix == ".gz" else head).header
    except (OSError, RecordingError, JournalError):
        return None


def _files(contents: Contents, suffix: str) -> dict[SegmentName, Path]:
    found: dict[SegmentName, Path] = {}
    for folder, file_names in contents:
        for file_name in file_names:
            name = segment_name(file_name)
            if name is not None and file_name.endswith(suffix):
                found[name] = folder / file_name
    return found


def _list(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(path.name for path in folder.iterdir()))
    except OSError:
        return ()

"""The journals of a data folder: rounds that can be watched, by name.

Owns: paths, and which of them are for the public. Must not know: sockets, how a journal is shown.
Invariants: a name from outside is looked up among files that are there, never made into a path; a
round of a match that still runs is no finished one, for its dice would tell of those to come.
"""

import re
from pathlib import Path

from attrs import define, field, frozen

from game.journal import Header, JournalError, read_journal
from server.match.journal_files import FINISHED_SUFFIX, SUFFIX, SegmentName, segment_name
from server.match.rounds import MatchSpec
from server.private_files import reading
from server.replays.recording import RecordingError, read_file, unpack_beginning

HEAD_BYTES = 1 << 16  # enough for a header and a first checkpoint
HEADERS_MAX = 1_000  # remembered
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


@define(eq=False)
class Library:
    """`folder` has places, one for each process that writes: `live/` and `finished/` in each."""

    folder: Path
    _headers: dict[str, Header | None] = field(factory=dict)

    def finished(self) -> list[RoundFiles]:
        """All finished rounds of matches that are over, newest first. Reads folders."""
        running = {name.match_id for name in self._files("live", SUFFIX)}
        rounds: dict[tuple[str, int], list[tuple[SegmentName, Path]]] = {}
        for name, path in self._files("finished", FINISHED_SUFFIX).items():
            if name.match_id not in running:
                rounds.setdefault((name.match_id, name.round_number), []).append((name, path))
        found = [_round_of(files) for files in rounds.values()]
        return sorted(
            (each for each in found if each is not None),
            key=lambda each: (-each.changed_s, each.name),
        )

    def find(self, name: str) -> RoundFiles | None:
        """A finished round of a match that is over, by its name; None for a private one too."""
        if _ROUND.fullmatch(name) is None:
            return None
        for each in self.finished():
            if each.name == name:
                return each if self.is_public(each) else None
        return None

    def is_public(self, files: RoundFiles) -> bool:
        """Whether strangers may see it."""
        header = self.header_of(files)
        return header is not None and not is_private(header)

    def header_of(self, files: RoundFiles) -> Header | None:
        """What it is the journal of; None when it cannot be read."""
        if files.name not in self._headers:
            if len(self._headers) >= HEADERS_MAX:
                self._headers.clear()
            self._headers[files.name] = _peek(files.segments[0])
        return self._headers[files.name]

    def live_segments(self, match_id: str) -> dict[tuple[int, int], Path]:
        """The files that a running match writes, by round and segment."""
        return {
            (name.round_number, name.segment): path
            for name, path in self._files("live", SUFFIX).items()
            if name.match_id == match_id
        }

    def _files(self, kind: str, suffix: str) -> dict[SegmentName, Path]:
        found: dict[SegmentName, Path] = {}
        for place in (self.folder, *_folders(self.folder)):
            for path in _list(place / kind):
                name = segment_name(path.name)
                if name is not None and path.name.endswith(suffix):
                    found[name] = path
        return found


def is_private(header: Header) -> bool:
    """Whether a match was made for some people only. What cannot be told is private."""
    try:
        spec = MatchSpec(*header.spec)
    except TypeError:
        return True
    return spec.private is not False


def read_segments(files: RoundFiles) -> list[bytes]:
    """All bytes of a round, unpacked. Slow: for a thread. Raises `RecordingError`."""
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


def _peek(path: Path) -> Header | None:
    """The header, without reading the rest of the file."""
    try:
        with reading(path) as stream:
            head = stream.read(HEAD_BYTES)
        return read_journal(unpack_beginning(head) if path.suffix == ".gz" else head).header
    except (OSError, RecordingError, JournalError):
        return None


def _folders(folder: Path) -> list[Path]:
    return [path for path in _list(folder) if path.is_dir() and not path.is_symlink()]


def _list(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []

"""A sample of the journals that the servers of a test run wrote: some of each kind.

Owns: what a kind is, and how much is kept. Must not know: how a journal is replayed. Invariant: a
sample has no more than `KEPT_PER_KIND` of a kind and `KEPT_BYTES_MAX` in all, and says nothing of
files that hold no journal.

A server writes into `live/` and `finished/` of a folder that it marks as its own; what lies
elsewhere was made by a test, often to be wrong. A match on a map that a test drew is left out:
nobody finds it.
"""

import gzip
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from game.journal import JournalError, read_journal
from server.match.journal_file import read_whole
from server.replays.recording import RecordingError, unpack
from tests.journals import MAPS

KEPT_PER_KIND = 4
KEPT_BYTES_MAX = 64 << 20
FOLDERS = ("live", "finished")
GAME_MAPS = frozenset(path.stem for path in MAPS.glob("*.tmj"))
OWN_MARK = "at-work"
TAMPERED = ("changed",)  # a test changed the rules of the server that wrote here


@frozen
class Kind:
    """The common part of a test's journals."""

    test: str
    mode: str
    goes_on: bool  # continues another file, after a crash, a move or a full file


@frozen
class Found:
    """A journal that a server wrote."""

    kind: Kind
    name: str
    journal: bytes


def keep_sample(base: Path, folder: Path) -> int:
    """Copy some journals of each kind from the tests' folders below `base`; returns how many."""
    kept: Counter[Kind] = Counter()
    left_bytes = KEPT_BYTES_MAX
    for found in journals_below(base):
        if kept[found.kind] == KEPT_PER_KIND or len(found.journal) > left_bytes:
            continue
        kept[found.kind] += 1
        left_bytes -= len(found.journal)
        target = folder / found.kind.test / found.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(gzip.compress(found.journal, compresslevel=1))
    return kept.total()


def journals_below(base: Path) -> Iterator[Found]:
    """The journals below `base`: a test's folder and the folders in it name a kind."""
    for path in sorted(base.rglob("*.skj*")):
        place = path.relative_to(base).parts
        if not _is_of_a_server(path) or any((base / place[0] / it).exists() for it in TAMPERED):
            continue
        journal = _read(path)
        kind = _kind(place[0].rstrip("0123456789"), journal)
        if kind is not None:
            # Files in two places may have the same name.
            mark = hashlib.sha256("/".join(place).encode()).hexdigest()[:8]
            yield Found(kind, f"{path.name.partition('.')[0]}-{mark}.skj.gz", journal)


def _is_of_a_server(path: Path) -> bool:
    return path.parent.name in FOLDERS and (path.parents[1] / OWN_MARK).exists()


def _read(path: Path) -> bytes:
    """A file with the tail that a process left; nothing where that cannot be read."""
    try:
        if path.suffix == ".gz":
            return unpack(path.read_bytes())
        return read_whole(path) if path.suffix == ".skj" else b""
    except (OSError, RecordingError):
        return b""


def _kind(test: str, data: bytes) -> Kind | None:
    try:
        journal = read_journal(data)
    except JournalError:
        return None
    if journal.header.map_name not in GAME_MAPS:
        return None
    mode = journal.records[0].fields[1][0][0]  # of the first checkpoint's config
    return Kind(test, str(mode), bool(journal.header.segment))

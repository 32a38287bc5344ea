"""Rehearsal: checks that this code replays matches exactly as they ran, before it resumes them.

Owns: the verdict on each match of a folder, while its worker keeps writing there. Must not know:
processes, sockets. Invariants: nothing is written; a match that cannot be read does not agree; a
match that agrees was replayed for its last `LAST_S` seconds up to its newest bytes, or from its
first file here if there is less.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import evolve, frozen

from game.arena import Arena
from game.journal import Journal, JournalError, Replay, read_journal
from game.journal.records import RecordKind
from game.tuning import TICKS_PER_SECOND
from game.wire.fingerprint import fingerprint
from server.match.journal_files import FILE_BYTES_MAX, SegmentName, segment_name
from server.process.messages import LINE_BYTES_MAX, cut
from server.replays.recording import read_growing

LAST_S = 5  # seconds that are replayed
READS_MAX = 3  # attempts at a file that grows while it is read


@frozen
class Finding:
    """The verdict on one match. `tick` is -1 when the replay agrees."""

    match_id: str
    tick: int
    what: str

    @property
    def agrees(self) -> bool:
        """Whether this code may resume it."""
        return self.tick < 0

    def row(self) -> list[object]:
        """The row in the message `rehearsed`."""
        return [self.match_id, self.tick, cut(self.what, LINE_BYTES_MAX)]


def rehearse(live: Path, maps: Mapping[str, Arena]) -> list[Finding]:
    """Replay the last seconds of every match in a folder."""
    found: dict[str, list[SegmentName]] = {}
    for path in live.glob("*.skj"):
        name = segment_name(path.name)
        if name is not None:
            found.setdefault(name.match_id, []).append(name)
    findings = []
    for match_id, names in sorted(found.items()):
        names.sort(key=lambda name: (name.round_number, name.segment))
        paths = [live / name.file_name for name in names]
        findings.append(_rehearse(match_id, paths, maps))
    return findings


def _rehearse(match_id: str, paths: Sequence[Path], maps: Mapping[str, Arena]) -> Finding:
    tick = 0
    try:
        newest: Journal | None = None
        for journal in _last_seconds(paths):
            if newest is None:
                newest, tick = journal, journal.last_tick
            elif journal.header.build != newest.header.build:
                break  # what another build played proves nothing
            what = _fault(journal, maps)
            if what:
                return Finding(match_id, tick, what)
            divergence = Replay(journal, maps[journal.header.map_name]).verify()
            if divergence is not None:
                return Finding(match_id, divergence.tick, divergence.what)
    except OSError as error:
        return Finding(match_id, tick, f"its journal cannot be read: {error.strerror or error}")
    except JournalError as error:
        return Finding(match_id, tick, f"its journal cannot be replayed: {error}")
    except (ValueError, TypeError, KeyError, IndexError) as error:
        return Finding(match_id, tick, f"its journal is not valid here: {error!s:.200}")
    return Finding(match_id, -1, "")


def _last_seconds(paths: Sequence[Path]) -> Iterator[Journal]:
    """The last `LAST_S` seconds, newest file first. Raises `JournalError`, OSError."""
    wanted = LAST_S * TICKS_PER_SECOND
    for path in reversed(paths):
        is_older = path is not paths[-1]
        try:
            journal = _read(path)
        except FileNotFoundError:
            if is_older:
                return  # its round was archived just now
            raise
        except JournalError:
            if is_older or path is paths[0]:
                raise
            continue  # its worker has just begun this file: all records are in the one before
        yield _beginning_at(journal, journal.last_tick - wanted)
        wanted -= journal.last_tick - journal.first_tick
        if wanted <= 0:
            return


def _read(path: Path) -> Journal:
    """Read all that was written so far. Raises `JournalError`, OSError.

    Bytes that the worker moves from the tail into the file meanwhile may be missing, even a header.
    """
    for _ in range(READS_MAX - 1):
        try:
            return read_journal(read_growing(path, 0, FILE_BYTES_MAX))
        except JournalError:
            continue
    return read_journal(read_growing(path, 0, FILE_BYTES_MAX))


def _beginning_at(journal: Journal, first_tick: int) -> Journal:
    """The journal from the last checkpoint at or before a tick."""
    start = 0
    for index, record in enumerate(journal.records):
        if record.kind is RecordKind.CHECKPOINT and record.tick <= first_tick:
            start = index
    return evolve(journal, records=journal.records[start:])


def _fault(journal: Journal, maps: Mapping[str, Arena]) -> str:
    """Why the journal cannot be replayed here; "" when it can."""
    header = journal.header
    if header.fingerprint != fingerprint():
        return "the wire, the tuning or the movement differs"
    if header.map_name not in maps:
        return f"there is no map {header.map_name}"
    return journal.damage

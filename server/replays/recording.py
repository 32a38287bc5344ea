"""Reading journal files into one round, from its first segment to its last whole tick.

Owns: reading a file that may still be written, which files belong together, what to say about what
is wrong with them, and the only code that reads names from a journal. Must not know: rules.
Invariants: whatever the bytes, the outcome is a recording that can be replayed up to the first
damaged byte, or `RecordingError`; of people only slots and names are returned.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
from attrs import field, frozen

from game.journal import Header, Journal, JournalError, Record, RecordKind, read_journal
from game.journal.payloads import Fields, decode
from game.journal.records import CHAIN_BYTES, HEAD_BYTES
from server.match.journal_file import HEAD, TAIL_BYTES, tail_path
from server.names.clean import NAME_MAX
from server.security.private_files import reading

FILE_BYTES_MAX = 256 << 20  # longer than any segment
GZIP_WINDOW = 31  # zlib's code for a gzip header and trailer
TAIL_READS_MAX = 3
_SEGMENT = re.compile(r"(?P<round>.+-r\d{4,9})-s(?P<segment>\d{3,9})\.skj(\.gz)?")
_CARRIED = "arena"  # the first item of the spec in a journal that carries its own map


class RecordingError(Exception):
    """These files cannot be replayed; the text says why, for a person."""


@frozen
class Recording:
    """One round. `remarks` are sentences about what is missing, torn or damaged.

    `is_whole` stays true when a crash tore the last record. It is false when files do not follow
    one another or are damaged.
    """

    journal: Journal  # all segments as one
    segments: int
    size_bytes: int  # of the segments that were used
    is_whole: bool
    signed_chain: bytes = b""  # the chain before the result record, which the signature covers
    remarks: tuple[str, ...] = field(default=())

    @property
    def header(self) -> Header:
        """The header of the first segment that is here."""
        return self.journal.header

    @property
    def is_of_a_test(self) -> bool:
        """Whether a test wrote it: tests change the world between ticks, with a checkpoint each
        time.
        """
        return self.header.spec[:1] == (_CARRIED,)

    def names_at(self, tick: int) -> dict[int, str]:
        """Return names by slot up to `tick`; each slot has the name of its last player."""
        names: dict[int, str] = {}
        for record in self.journal.records:
            if record.tick > tick:
                break
            if record.kind is RecordKind.PEOPLE:
                names |= names_by_slot(record.fields[0])
        return names

    def names_by_tick(self) -> dict[int, dict[int, str]]:
        """Return names by slot for each record of people, by the tick after which they hold."""
        return {
            record.tick: names_by_slot(record.fields[0])
            for record in self.journal.records
            if record.kind is RecordKind.PEOPLE
        }


def open_recording(paths: Sequence[Path]) -> Recording:
    """Read the files of one round; for a single path, the round's other segments are read too.

    Raises `RecordingError`.
    """
    found = _neighbours(paths[0]) if len(paths) == 1 else list(paths)
    # A user may pass a symbolic link; in a server's own folders none is followed.
    return join_segments([(path.name, read_file(path.resolve())) for path in found])


def read_file(path: Path) -> bytes:
    """Return the bytes of a journal file, unpacked. Raises `RecordingError`."""
    try:
        raw = read_growing(path, 0, FILE_BYTES_MAX + 1)
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror or error}") from error
    if path.suffix == ".gz":
        try:
            raw = unpack(raw)
        except RecordingError as error:
            raise RecordingError(f"{path.name}: {error}") from error
    if len(raw) > FILE_BYTES_MAX:
        raise RecordingError(f"{path.name} is longer than any journal")
    return raw


def read_growing(path: Path, offset: int, bytes_max: int) -> bytes:
    """Return what was written to a file from `offset` on, at most `bytes_max`, including bytes that
    are only in its mapped tail (`server.match.journal_file` writes both). Raises `OSError`.

    A tail that changes while it is read is read again or left for the next call.
    """
    with reading(path) as stream:
        stream.seek(offset)
        data = stream.read(bytes_max)
    at = offset + len(data)
    if len(data) < bytes_max:
        begins_at, held = _tail_of(path)
        if begins_at <= at:  # else the file has grown meanwhile: left for the next call
            data += held[at - begins_at :]
    return data[:bytes_max]


def _tail_of(path: Path) -> tuple[int, bytes]:
    """Return the tail's offset in the file and its bytes; 0 and b"" when there is no tail.

    The writer appends bytes first and updates the length after; when it restarts the tail, it sets
    the length to 0 first and then the offset. So if the offset is the same before and after a read,
    and the length has not shrunk, the bytes under that length are what was written.
    """
    try:
        with reading(tail_path(path), buffering=0) as stream:
            for _ in range(TAIL_READS_MAX):
                data = stream.read(TAIL_BYTES)
                stream.seek(0)
                again = stream.read(HEAD.size)
                stream.seek(0)
                if len(data) < HEAD.size or len(again) < HEAD.size:
                    break
                begins_at, length = HEAD.unpack_from(data)
                begins_then, length_then = HEAD.unpack(again)
                if begins_at == begins_then and length <= length_then:
                    return begins_at, data[HEAD.size : HEAD.size + length]
    except OSError:
        pass  # the writer has closed it: all of it is in the file
    return 0, b""


def unpack(packed: bytes) -> bytes:
    """Undo gzip, up to one byte more than `FILE_BYTES_MAX`. Raises `RecordingError`."""
    data, is_whole = _unpacked(packed)
    if not is_whole:
        raise RecordingError("this gzip file was cut off: a part of it is not here")
    return data


def unpack_beginning(packed: bytes) -> bytes:
    """Unpack the first bytes of a packed file. Raises `RecordingError`."""
    return _unpacked(packed)[0]


def _unpacked(packed: bytes) -> tuple[bytes, bool]:
    unpacker = zlib.decompressobj(GZIP_WINDOW)
    try:
        data = unpacker.decompress(packed, FILE_BYTES_MAX + 1)
    except zlib.error as error:
        raise RecordingError("this is no gzip file, or a damaged one") from error
    return data, unpacker.eof or len(data) > FILE_BYTES_MAX


def join_segments(files: Sequence[tuple[str, bytes]]) -> Recording:
    """Join the segments of one round, given as names and bytes. Raises `RecordingError`."""
    parts = [(name, _read(name, data), data) for name, data in files]
    parts.sort(key=lambda part: part[1].header.segment)
    _refuse_strangers(parts)
    remarks: list[str] = []
    first = parts[0][1]
    if first.header.segment:
        remarks.append(f"It begins with segment {first.header.segment}: those before are not here.")
    records: list[Record] = []
    last = first
    used, size_bytes, signed_chain = 0, 0, b""
    for name, journal, data in parts:
        if used and not _follows(last, journal):
            remarks.append(
                f"{name} does not go on from what is before it: tick {last.last_tick} is the last."
            )
            break
        if journal.header.build != last.header.build:
            remarks.append(
                f"From tick {journal.first_tick} on it was played by Skirmish "
                f"{journal.header.build!s:.64}, before by {last.header.build!s:.64}."
            )
        records += journal.records
        signed_chain = _chain_before_result(journal, data) or signed_chain
        last, used, size_bytes = journal, used + 1, size_bytes + len(data)
        remarks += _remarks(name, journal)
        if journal.damage:
            break
    whole = attrs.evolve(first, records=records, chain=last.chain, damage=last.damage)
    is_whole = used == len(parts) and not last.damage
    return Recording(whole, used, size_bytes, is_whole, signed_chain, tuple(remarks))


def _refuse_strangers(parts: Sequence[tuple[str, Journal, bytes]]) -> None:
    first_name, first, _ = parts[0]
    for name, journal, _ in parts[1:]:
        if _round_of(journal.header) != _round_of(first.header):
            raise RecordingError(f"{first_name} and {name} are not of the same round")


def _round_of(header: Header) -> tuple[str, int]:
    return header.match_id, header.round_number


@contextmanager
def foreign_journal() -> Iterator[None]:
    """Guard code that handles a journal from elsewhere.

    The hashes of a journal only prove that nothing changed since it was written; its content can
    make the rules raise any exception, which becomes a `RecordingError`.
    """
    try:
        yield
    except RecordingError:
        raise
    except Exception as error:
        raise RecordingError(
            f"this journal holds what these rules cannot play: {_words(error)}"
        ) from error


def record_fields(payload: bytes) -> Fields:
    """Decode the fields of a record, without its kind. Raises `RecordingError`."""
    found = decode(payload)
    if found is None:
        raise RecordingError("a record is none that this Skirmish knows")
    return found[1]


def names_by_slot(rows: Iterable[Any]) -> dict[int, str]:
    """Return names by slot from a record of people. Raises `RecordingError` for anything else."""
    with foreign_journal():
        return {int(row[0]): str(row[2])[:NAME_MAX] for row in rows}


def _words(error: Exception) -> str:
    name = "" if isinstance(error, (ValueError, JournalError)) else f"{type(error).__name__}: "
    return f"{name}{error}"[:300].replace("\n", " ")


def _neighbours(path: Path) -> list[Path]:
    """Return the segments of the same round in the same folder, including this one."""
    name = _SEGMENT.fullmatch(path.name)
    if name is None:
        return [path]
    found: dict[int, Path] = {}
    try:
        others = sorted(path.parent.iterdir())
    except OSError:
        others = []
    for other in others:
        match = _SEGMENT.fullmatch(other.name)
        if match is not None and match["round"] == name["round"]:
            found[int(match["segment"])] = other
    found[int(name["segment"])] = path
    return [found[segment] for segment in sorted(found)]


def _read(name: str, data: bytes) -> Journal:
    try:
        with foreign_journal():
            return read_journal(data)
    except RecordingError as error:
        reason = error.__cause__ if isinstance(error.__cause__, JournalError) else error
        raise RecordingError(f"{name}: {reason}") from error


def _follows(last: Journal, journal: Journal) -> bool:
    header = journal.header
    return (
        _round_of(header) == _round_of(last.header)
        and header.previous_chain == last.chain
        and journal.first_tick == last.last_tick
    )


def _chain_before_result(journal: Journal, data: bytes) -> bytes:
    """Return the chain at the end of the record before the result, or b"" without a result. Every
    record's head repeats the chain up to it.
    """
    for before, record in pairwise(journal.records):
        if record.kind is RecordKind.RESULT:
            end = before.offset + HEAD_BYTES
            return data[end - CHAIN_BYTES : end]
    return b""


def _remarks(name: str, journal: Journal) -> list[str]:
    if journal.damage:
        return [f"{name} is damaged {journal.damage}; tick {journal.last_tick} is the last whole."]
    if journal.torn_bytes:
        return [
            f"{name} ends in the middle of a record ({journal.torn_bytes} bytes of it): "
            f"tick {journal.last_tick} is the last whole one."
        ]
    return []

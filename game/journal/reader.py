"""Reads bytes to records, and finds where and why a journal ends.

Owns: telling a torn tail (an incomplete last write: ordinary after a crash) from damage. Must not
know: files, rules. Invariant: whatever the bytes, `read_journal` returns all records up to the
first damaged byte, or raises `JournalError` when a header and a first checkpoint are missing; it
never raises anything else. It allocates memory for the bytes that exist, never for a length that is
only claimed.
"""

from typing import Any, Final

from attrs import define, field, frozen

from game.journal.marks import chain_of, start_of
from game.journal.payloads import Fields, decode, decode_any
from game.journal.records import (
    BYTE_STRING,
    CHAIN_BYTES,
    FORMAT,
    HEAD_BYTES,
    RECORD_BYTES_MAX,
    Header,
    Person,
    Record,
    RecordKind,
)

_LENGTH_END: Final = 5
_START_BYTES: Final = HEAD_BYTES - CHAIN_BYTES


class JournalError(ValueError):
    """A journal cannot be read or replayed; the text says why, for a human."""


class _DamageError(Exception):
    """Bytes that no writer wrote; the text says what is wrong."""


@frozen
class Journal:
    """The content of one file. `damage` is "" unless a byte was changed."""

    header: Header
    records: list[Record] = field(repr=False)
    chain: bytes  # of the last whole record
    whole_bytes: int  # up to the end of the last whole record
    torn_bytes: int  # of an incomplete or damaged record, and all after it
    damage: str

    @property
    def first_tick(self) -> int:
        """The tick of the first checkpoint."""
        return self.records[0].tick

    @property
    def last_tick(self) -> int:
        """The last tick whose inputs are complete."""
        return self.records[-1].tick

    @property
    def result(self) -> Record | None:
        """How the round ended, if it did."""
        results = (one for one in reversed(self.records) if one.kind is RecordKind.RESULT)
        return next(results, None)

    def people(self) -> tuple[list[Person], tuple[Any, ...]]:
        """The holder of each seat at the end, and the host's note."""
        for record in reversed(self.records):
            if record.kind is RecordKind.PEOPLE:
                return [Person(*row) for row in record.fields[0]], record.fields[1]
        return [], ()


def read_journal(data: bytes, chain: bytes | None = None) -> Journal:
    """Read one file. Raises `JournalError`.

    `chain` is the last one of the previous file; None trusts the header.
    """
    if data[:1] not in (b"", bytes((BYTE_STRING,))):
        raise JournalError("this does not begin as a journal does")
    decoder = _Decoder(data)
    found = decoder.next()
    if found is None:
        raise JournalError(decoder.damage or "the journal ends before its header does")
    header = Header(*found.fields[1:])
    if chain is not None and chain != header.previous_chain:
        raise JournalError("this journal does not go on from the one before it")
    records: list[Record] = []
    while (found := decoder.next()) is not None:
        records.append(found)
    if not records:
        raise JournalError(decoder.damage or "the journal ends before its first checkpoint does")
    rest = len(data) - decoder.at
    return Journal(header, records, decoder.chain, decoder.at, rest, decoder.damage)


@define(eq=False)
class RecordReader:
    """The records of a journal that may still grow, one by one and not decoded. Each payload that
    it returns is complete, as it was written, and follows the previous one.

    Other work can run between two records. A record that is not decoded costs only a hash.
    `data` begins with a header; `at` is the end of the last record returned.
    """

    data: bytearray = field(factory=bytearray)
    at: int = 0
    chain: bytes = b""  # of the last record returned
    damage: str = ""  # why no record follows; "" while one may

    def next(self) -> bytes | None:
        """Return the payload of the next record; None when it is incomplete or damaged."""
        if self.damage:
            return None
        data, at = self.data, self.at
        start = bytes(data[at : at + _START_BYTES])
        length = int.from_bytes(start[1:_LENGTH_END], "big")
        end = at + _LENGTH_END + length
        if not _is_start(start):
            return self._damaged("what should be the start of a record is none")
        if len(start) < _START_BYTES:
            return None
        if not HEAD_BYTES <= end - at <= HEAD_BYTES + RECORD_BYTES_MAX:
            return self._damaged("a record has an impossible length")
        if end > len(data):
            return None
        payload = bytes(data[at + HEAD_BYTES : end])
        if at == 0:
            version, self.chain = _header_start(payload)
            if version != FORMAT:
                self.damage = (
                    f"this journal has format {version!r:.20}; this Skirmish reads format {FORMAT}"
                )
                return None
        chain = chain_of(self.chain, payload)
        if chain != data[at + _START_BYTES : at + HEAD_BYTES]:
            return self._damaged("a record is not as it was written")
        self.at, self.chain = end, chain
        return payload

    def begin_segment(self) -> None:
        """Drop an incomplete record at the end, before the bytes of another file follow."""
        del self.data[self.at :]

    def _damaged(self, what: str) -> bytes | None:
        self.damage = f"at byte {self.at}: {what}"
        return None


def _header_start(payload: bytes) -> tuple[object, bytes]:
    """Return the format and the previous chain that a header names: [0, format, chain, …].

    The rest of the first record is not trusted here, but checks need to know these two first.
    """
    fields = decode_any(payload)
    if len(fields) < 3 or fields[0] != RecordKind.HEADER:
        return FORMAT, b""
    return fields[1], fields[2] if type(fields[2]) is bytes else b""


def _is_start(start: bytes) -> bool:
    """Whether these bytes can be the start of a record, or of one that is torn."""
    whole = start_of(int.from_bytes(start[1:_LENGTH_END], "big"))
    return start == whole if len(start) == len(whole) else start[:1] == whole[: len(start[:1])]


class _Decoder:
    """Decodes record after record; the position, the chain, the tick and the count up to it."""

    def __init__(self, data: bytes) -> None:
        self._reader = RecordReader(bytearray(data))
        self.at = self.tick = self.count = 0
        self.chain, self.damage = b"", ""

    def next(self) -> Record | None:
        """Read one record; None at the end, which may be torn or damaged."""
        payload = self._reader.next()
        if payload is None:
            self.damage = self._reader.damage
            return None
        try:
            record = self._decoded(payload)
        except _DamageError as damage:
            self.damage = f"at byte {self.at}: {damage}"
            return None
        self.at, self.chain, self.tick = self._reader.at, self._reader.chain, record.tick
        self.count += 1
        return record

    def _decoded(self, payload: bytes) -> Record:
        found = decode(payload)
        if found is None:
            raise _DamageError("a record is none that this Skirmish knows")
        kind, fields = found
        return Record(kind, self.at, self._tick_of(kind, fields), fields)

    def _tick_of(self, kind: RecordKind, fields: Fields) -> int:
        """The tick of a record. Raises `_DamageError` when the record cannot be in this place."""
        if (kind is RecordKind.HEADER) != (self.count == 0):
            raise _DamageError("the header of a journal is its first record, and no other")
        if self.count == 1 and kind is not RecordKind.CHECKPOINT:
            raise _DamageError("the second record of a journal is a checkpoint")
        if kind is RecordKind.TICK:
            return self.tick + 1
        if kind in (RecordKind.CHECKPOINT, RecordKind.RESULT):
            tick: int = fields[0]
            if self.count > 1 and tick != self.tick:
                raise _DamageError(f"a record of tick {tick} comes after tick {self.tick}")
            return tick
        return self.tick

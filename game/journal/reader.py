"""Bytes → records, and where and why a journal ends.

Owns: telling a torn tail (the last write did not happen whole: ordinary after a crash) from damage.
Must not know: files, rules. Invariant: whatever the bytes, `read_journal` returns all records up to
the first byte that is not as it was written, or raises `JournalError` when not even a header and a
first checkpoint are there; it never raises anything else.
"""

from hashlib import blake2b
from typing import Any, Final

import cbor2
from attrs import field, frozen

from game.journal.records import (
    BYTE_STRING,
    CHAIN_BYTES,
    CHECK_BYTES,
    FORMAT,
    HEAD_BYTES,
    NO_CHAIN,
    RECORD_BYTES_MAX,
    Header,
    Person,
    Record,
    RecordKind,
    check_of,
)
from game.wire.strict import NO_TAGS

_LENGTH_END: Final = 5
_CHAIN_START: Final = _LENGTH_END + CHECK_BYTES
_FIELD_COUNTS: Final = {  # of a payload without its kind
    RecordKind.HEADER: (11,),
    RecordKind.CHECKPOINT: (2,),
    RecordKind.TICK: (2, 3),
    RecordKind.PEOPLE: (2,),
    RecordKind.RESULT: (4,),
}


class JournalError(Exception):
    """This is no journal that can be read; the text says why, for a person."""


@frozen
class Journal:
    """One file's worth. `damage` is "" unless a byte was changed."""

    header: Header
    records: list[Record] = field(repr=False)
    chain: bytes  # of the last whole record
    whole_bytes: int  # up to the end of the last whole record
    torn_bytes: int  # of a record that was not written to its end
    damage: str

    @property
    def first_tick(self) -> int:
        """The tick of the first checkpoint."""
        return self.records[0].tick

    @property
    def last_tick(self) -> int:
        """The last tick whose inputs are here whole."""
        return self.records[-1].tick

    @property
    def result(self) -> Record | None:
        """How the round ended, if it did."""
        results = (one for one in reversed(self.records) if one.kind is RecordKind.RESULT)
        return next(results, None)

    def people(self) -> tuple[list[Person], tuple[Any, ...]]:
        """Who sits where at the end, and the host's note beside it."""
        for record in reversed(self.records):
            if record.kind is RecordKind.PEOPLE:
                return [Person(*row) for row in record.fields[0]], record.fields[1]
        return [], ()


def read_journal(data: bytes, chain: bytes | None = None) -> Journal:
    """Read one file. Raises `JournalError`.

    `chain` is the last of the file before it; None takes the header's word for it.
    """
    reading = _Reading(data, chain)
    header = reading.header()
    records: list[Record] = []
    tick = 0
    while (found := reading.next()) is not None:
        offset, kind, fields = found
        if kind is RecordKind.TICK:
            tick += 1
        elif kind in (RecordKind.CHECKPOINT, RecordKind.RESULT):
            if records and fields[0] != tick:
                reading.damage_at(offset, f"a record of tick {fields[0]} comes after tick {tick}")
                break
            tick = fields[0]
        if not records and kind is not RecordKind.CHECKPOINT:
            raise JournalError("the journal does not begin with a checkpoint")
        records.append(Record(kind, offset, tick, fields))
    if not records:
        raise JournalError(reading.damage or "the journal ends before its first checkpoint")
    return Journal(
        header, records, reading.chain, reading.at, len(data) - reading.at, reading.damage
    )


class _Reading:
    """A place in the bytes, and the chain up to there."""

    def __init__(self, data: bytes, chain: bytes | None) -> None:
        self.data = data
        self.chain = _claimed_chain(data) if chain is None else chain
        self.at = 0
        self.damage = ""

    def header(self) -> Header:
        """The first record. Raises `JournalError`."""
        found = self.next()
        if found is None:
            raise JournalError(self.damage or "this is too short to be a journal")
        _, kind, fields = found
        if kind is not RecordKind.HEADER:
            raise JournalError("this does not begin as a journal does")
        if fields[0] != FORMAT:
            raise JournalError(
                f"this journal has format {fields[0]!r:.20}; this Skirmish reads format {FORMAT}"
            )
        try:
            return Header(*fields[1:])
        except TypeError as error:
            raise JournalError("the journal's header is not what it should be") from error

    def next(self) -> tuple[int, RecordKind, tuple[Any, ...]] | None:
        """One record: offset, kind, fields. None at the end, whole, torn or damaged."""
        data, at = self.data, self.at
        if len(data) - at < HEAD_BYTES or self.damage:
            self._check_torn_head(data[at : at + _LENGTH_END])
            return None
        length = data[at + 1 : at + _LENGTH_END]
        check = data[at + _LENGTH_END : at + _CHAIN_START]
        if data[at] != BYTE_STRING or check_of(length) != check:
            self.damage_at(at, "what should be the start of a record is none")
            return None
        end = at + _LENGTH_END + int.from_bytes(length, "big")
        if not HEAD_BYTES <= end - at <= RECORD_BYTES_MAX + HEAD_BYTES:
            self.damage_at(at, "a record has an impossible length")
            return None
        if end > len(data):
            return None
        payload = data[at + HEAD_BYTES : end]
        chain = blake2b(payload, digest_size=CHAIN_BYTES, key=self.chain).digest()
        if chain != data[at + _CHAIN_START : at + HEAD_BYTES]:
            self.damage_at(at, "a record is not as it was written")
            return None
        found = _decode(payload)
        if found is None:
            self.damage_at(at, "a record is none that this Skirmish knows")
            return None
        self.at, self.chain = end, chain
        return (at, *found)

    def damage_at(self, offset: int, what: str) -> None:
        """Remember the first damage."""
        self.damage = self.damage or f"at byte {offset}: {what}"

    def _check_torn_head(self, head: bytes) -> None:
        if head[:1] not in (b"", bytes((BYTE_STRING,))):
            self.damage_at(self.at, "what should be the start of a record is none")


def _claimed_chain(data: bytes) -> bytes:
    """The chain that a header says it goes on from: [0, format, chain, …]."""
    end = _LENGTH_END + int.from_bytes(data[1:_LENGTH_END], "big")
    found = _decode(data[HEAD_BYTES:end])
    claimed = found[1][1] if found is not None and len(found[1]) > 1 else NO_CHAIN
    return claimed if type(claimed) is bytes and len(claimed) == CHAIN_BYTES else NO_CHAIN


def _decode(payload: bytes) -> tuple[RecordKind, tuple[Any, ...]] | None:
    try:
        values = cbor2.loads(
            payload,
            max_depth=16,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=NO_TAGS,
            immutable=True,
        )
        kind = RecordKind(values[0])
    except (cbor2.CBORError, ValueError, TypeError, IndexError, OverflowError):
        return None
    fields = tuple(values[1:])
    return (kind, fields) if len(fields) in _FIELD_COUNTS[kind] else None

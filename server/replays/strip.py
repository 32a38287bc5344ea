"""The bytes of a journal, record by record, without decoding them.

Owns: walking over the records of bytes that may still grow, and checking them. Must not know:
rules, files. Invariant: each record it returns is whole and undamaged, and follows the one before.
`game.journal.read_journal` parses a whole file at once; here other work can run between two
records, and a record that nobody decodes costs only a hash.
"""

from attrs import define, field

from game.journal import RecordKind
from game.journal.marks import chain_of, start_of
from game.journal.payloads import Fields, decode, decode_any
from game.journal.records import CHAIN_BYTES, CHECK_BYTES, FORMAT, HEAD_BYTES, RECORD_BYTES_MAX
from server.replays.recording import RecordingError

_LENGTH_END = 5
_START_BYTES = _LENGTH_END + CHECK_BYTES
_PREVIOUS_CHAIN = 2  # its index in a header's payload


@define(eq=False)
class Strip:
    """`data` begins with a header; `at` is the end of the last record returned."""

    data: bytearray = field(factory=bytearray)
    at: int = 0
    chain: bytes | None = None
    damage: str = ""

    def next(self) -> bytes | None:
        """Return the payload of the next record; None when it is incomplete or damaged."""
        data, at = self.data, self.at
        if len(data) - at < HEAD_BYTES or self.damage:
            return None
        length = int.from_bytes(data[at + 1 : at + _LENGTH_END], "big")
        end = at + _LENGTH_END + length
        if data[at : at + _START_BYTES] != start_of(length):
            return self._damaged("what should be the start of a record is none")
        if not HEAD_BYTES <= end - at <= RECORD_BYTES_MAX + HEAD_BYTES:
            return self._damaged("a record has an impossible length")
        if end > len(data):
            return None
        payload = bytes(data[at + HEAD_BYTES : end])
        chain = chain_of(_claimed_chain(payload) if self.chain is None else self.chain, payload)
        if chain != data[at + HEAD_BYTES - CHAIN_BYTES : at + HEAD_BYTES]:
            return self._damaged("a record is not as it was written")
        self.at, self.chain = end, chain
        return payload

    def begin_segment(self) -> None:
        """Drop an incomplete record at the end, before the bytes of another file follow."""
        del self.data[self.at :]

    def _damaged(self, what: str) -> bytes | None:
        self.damage = f"at byte {self.at}: {what}"
        return None


def kind_of(payload: bytes) -> RecordKind | None:
    """Return the kind of a record, which follows the array's one-byte head; None if unknown."""
    try:
        return RecordKind(payload[1])
    except (ValueError, IndexError):
        return None


def fields_of_record(payload: bytes) -> Fields:
    """Decode the fields of a record, without its kind. Raises `RecordingError`."""
    found = decode(payload)
    if found is None:
        values = decode_any(payload)
        is_header = len(values) > 1 and values[0] == RecordKind.HEADER
        if is_header and values[1] != FORMAT:
            raise RecordingError(
                f"this journal has format {values[1]!r:.20}; this Skirmish reads format {FORMAT}"
            )
        raise RecordingError("a record is none that this Skirmish knows")
    return found[1]


def _claimed_chain(payload: bytes) -> bytes:
    """Return the previous chain that a header names; only a header can be the first record."""
    values = decode_any(payload)
    claimed = values[_PREVIOUS_CHAIN] if len(values) > _PREVIOUS_CHAIN else b""
    return claimed if isinstance(claimed, bytes) else b""

"""The bytes of a journal, record by record, without making anything of them.

Owns: walking over records of bytes that may still grow, with their checks. Must not know: rules,
files. Invariant: a record that it gives is whole and as it was written, and goes on from the one
before. `game.journal.read_journal` takes a whole file apart at once; here others can work between
two records, and a record that nobody looks at costs a hash and nothing else.
"""

from attrs import define, field

from game.journal import RecordKind
from game.journal.marks import chain_of, start_of
from game.journal.payloads import Fields, decode, decode_any
from game.journal.records import CHAIN_BYTES, CHECK_BYTES, FORMAT, HEAD_BYTES, RECORD_BYTES_MAX
from server.replays.recording import RecordingError

_LENGTH_END = 5
_START_BYTES = _LENGTH_END + CHECK_BYTES
_PREVIOUS_CHAIN = 2  # the place in a header's payload


@define(eq=False)
class Strip:
    """`data` begins with a header; `at` is behind the last record that was given."""

    data: bytearray = field(factory=bytearray)
    at: int = 0
    chain: bytes | None = None
    damage: str = ""

    def next(self) -> bytes | None:
        """The payload of the next record; None when no whole one is there, or it is damaged."""
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
        """Another file follows: what is left of the one before was not written to its end."""
        del self.data[self.at :]

    def _damaged(self, what: str) -> bytes | None:
        self.damage = f"at byte {self.at}: {what}"
        return None


def kind_of(payload: bytes) -> RecordKind | None:
    """What a record is; the kind stands behind the array's head, which is one byte."""
    try:
        return RecordKind(payload[1])
    except (ValueError, IndexError):
        return None


def fields_of_record(payload: bytes) -> Fields:
    """What stands in a record, without its kind. Raises `RecordingError`."""
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
    """What a header says it goes on from; no other record can be the first."""
    values = decode_any(payload)
    claimed = values[_PREVIOUS_CHAIN] if len(values) > _PREVIOUS_CHAIN else b""
    return claimed if isinstance(claimed, bytes) else b""

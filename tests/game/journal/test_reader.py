"""The end of a journal, and how it is reported."""

import tracemalloc
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.journal import (
    Journal,
    JournalError,
    JournalWriter,
    RecordKind,
    RecordReader,
    read_journal,
)
from game.journal.marks import start_of
from game.journal.records import FORMAT, NO_CHAIN, RECORD_BYTES_MAX
from tests.game.journal.forging import forged, pieces_of, values_of
from tests.game.journal.matches import SHORT, Written, play
from tests.strategies import ARENA, world_of

MATCH = play(seed=1, ticks=40)
VALUES = values_of(MATCH.journal, MATCH.ends)
TICK: list[Any] = [int(RecordKind.TICK), bytes(4), b""]


def refusal_of(data: bytes, chain: bytes | None = None) -> str:
    with pytest.raises(JournalError) as caught:
        read_journal(data, chain)
    return str(caught.value)


def continued(chain: bytes) -> Written:
    """The next file of the same match."""
    written = Written()
    written.writer = JournalWriter(chain)
    written.begin(world_of(arena=ARENA, tuning=SHORT), chain)
    return written


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
        b'{"format": 1}',
        b"\x1f\x8b\x08" + b"\0" * 99,
        b"\0" * 999,
    ],
)
def test_another_kind_of_file_is_distinguished_from_a_journal(data: bytes) -> None:
    assert refusal_of(data) == "this does not begin as a journal does"


@pytest.mark.parametrize("data", [b"", b"Z", bytes(MATCH.journal[:30])])
def test_a_journal_without_a_whole_header_ends_too_early(data: bytes) -> None:
    assert refusal_of(data) == "the journal ends before its header does"


def test_a_journal_without_a_whole_checkpoint_ends_too_early() -> None:
    cut = bytes(MATCH.journal[: MATCH.ends[1] - 1])
    assert refusal_of(cut) == "the journal ends before its first checkpoint does"


@pytest.mark.parametrize("rest", [VALUES[0][2:], ["another", "shape"]])
def test_another_format_is_named(rest: list[Any]) -> None:
    words = refusal_of(forged([[0, 9, *rest], *VALUES[1:]]))
    assert words == f"this journal has format 9; this Skirmish reads format {FORMAT}"


def test_a_file_goes_on_from_the_one_before_it() -> None:
    second = continued(MATCH.writer.chain)
    data = bytes(second.journal)
    assert read_journal(data, MATCH.writer.chain).damage == ""
    assert read_journal(data).header.previous_chain == MATCH.writer.chain
    assert refusal_of(data, NO_CHAIN) == "this journal does not go on from the one before it"


def damage_of(values: list[Any]) -> tuple[str, Journal]:
    journal = read_journal(forged(values))
    return journal.damage, journal


def test_a_second_header_is_damage() -> None:
    damage, journal = damage_of([*VALUES[:4], VALUES[0], *VALUES[4:]])
    assert damage == (
        f"at byte {MATCH.ends[3]}: the header of a journal is its first record, and no other"
    )
    assert len(journal.records) == 3
    assert journal.whole_bytes == MATCH.ends[3]


def test_a_journal_whose_second_record_is_no_checkpoint_is_refused() -> None:
    assert "the second record of a journal is a checkpoint" in refusal_of(
        forged([VALUES[0], VALUES[2], *VALUES[1:]])
    )
    assert "is its first record" in refusal_of(forged(VALUES[1:], chain=b""))


@pytest.mark.parametrize("kind", [RecordKind.CHECKPOINT, RecordKind.RESULT])
def test_a_record_of_another_tick_is_damage(kind: RecordKind) -> None:
    place = next(i for i, one in enumerate(VALUES) if one[0] == kind and one[1] > 0)
    values = [*VALUES[:place], [VALUES[place][0], 5, *VALUES[place][2:]], *VALUES[place + 1 :]]
    damage, journal = damage_of(values)
    assert damage.endswith(f"a record of tick 5 comes after tick {VALUES[place][1]}")
    assert len(journal.records) == place - 1


def test_an_unknown_record_is_damage_and_what_is_before_it_stays() -> None:
    damage, journal = damage_of([*VALUES, [7, "from the future"]])
    assert damage.endswith("a record is none that this Skirmish knows")
    assert len(journal.records) == len(VALUES) - 1


def test_a_record_longer_than_any_is_damage() -> None:
    promise = start_of(RECORD_BYTES_MAX + 100)
    journal = read_journal(bytes(MATCH.journal) + promise)
    assert journal.damage.endswith("a record has an impossible length")


def test_a_length_makes_the_reader_allocate_nothing() -> None:
    data = bytes(MATCH.journal) + start_of(RECORD_BYTES_MAX)
    read_journal(data)
    tracemalloc.start()
    journal = read_journal(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert journal.torn_bytes == 7
    assert peak < 40 * len(data) < RECORD_BYTES_MAX


def test_the_result_is_found_though_ticks_come_after_it() -> None:
    journal = read_journal(forged([*VALUES, TICK, TICK]))
    assert journal.result is not None
    assert journal.result.tick == 40
    assert journal.last_tick == 42


def test_a_journal_without_people_and_result_says_so() -> None:
    journal = read_journal(forged([*VALUES[:2], TICK]))
    assert journal.people() == ([], ())
    assert journal.result is None


def test_every_piece_is_a_byte_string_of_cbor() -> None:
    for piece in pieces_of(MATCH.journal, MATCH.ends):
        assert type(cbor2.loads(piece)) is bytes


@given(st.lists(st.integers(0, len(MATCH.journal)), max_size=6))
def test_a_journal_that_grows_has_the_records_of_the_whole(cuts: list[int]) -> None:
    data, reader, payloads = bytes(MATCH.journal), RecordReader(), []
    ends = [*sorted(cuts), len(data)]
    for begin, end in zip([0, *ends[:-1]], ends, strict=True):
        reader.data += data[begin:end]
        while (payload := reader.next()) is not None:
            payloads.append(payload)
    assert payloads == [cbor2.dumps(values) for values in VALUES]
    assert (reader.at, reader.chain, reader.damage) == (len(data), read_journal(data).chain, "")

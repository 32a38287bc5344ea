"""Files → one round: files that grow, segments that belong together, torn tails, and damage."""

import gzip
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import game
from game.journal import JournalWriter
from server.match.journal_file import HEAD, begin_file, tail_path
from server.names.clean import clean
from server.replays import recording
from server.replays.recording import (
    RecordingError,
    join_segments,
    names_by_slot,
    open_recording,
    read_file,
    read_growing,
    unpack,
)
from server.replays.session import ReplaySession
from tests.examples import examples
from tests.journals import header_of, played
from tests.server.replays.files import segments, write_segments
from tests.strategies import ARENA, world_of

JOURNAL = played(70, 2).journal
PIECES = st.lists(st.binary(min_size=1, max_size=3_000), min_size=1, max_size=12)


@given(st.text(max_size=60))
def test_every_name_that_the_server_allows_is_shown_whole(typed: str):
    name = clean(typed).text
    assert names_by_slot([(3, "id", name)]) == {3: name}
    thai = clean("\u0e01\u0e34" * 16).text  # 16 letters, each of two code points
    assert len(thai) == 32
    assert names_by_slot([(3, "id", thai)]) == {3: thai}


@pytest.mark.parametrize("packed", [False, True])
def test_one_segment_brings_the_others_of_its_round(tmp_path: Path, packed: bool):
    files, world = segments(70, 3)
    paths = write_segments(tmp_path, files, packed=packed)
    (tmp_path / "other-r0000-s000.skj").write_bytes(files[0])
    found = open_recording([paths[1]])
    assert (found.segments, found.remarks, found.is_whole) == (3, (), True)
    assert found.journal.last_tick == world.tick == 210
    session = ReplaySession(found, ARENA)
    assert game.digest(session.world_at(210)) == game.digest(world)


def test_files_are_joined_in_order_of_their_segments(tmp_path: Path):
    files, world = segments(20, 3)
    paths = write_segments(tmp_path, files)
    assert open_recording(paths[::-1]).journal.last_tick == world.tick


def test_the_tick_where_another_build_continued_is_reported():
    world, writer, files = world_of(), JournalWriter(), []
    for segment, by in enumerate(("one", "two")):
        header = attrs.evolve(header_of(world, segment=segment), build=by)
        writer.header(attrs.evolve(header, previous_chain=writer.chain))
        writer.checkpoint(world)
        writer.tick(world, [], [])
        game.step(world)
        files.append((f"{segment}", writer.take()))
    found = join_segments(files)
    assert found.remarks == ("From tick 1 on it was played by Skirmish two, before by one.",)
    assert found.is_whole


def test_files_of_two_rounds_are_reported_and_not_played(tmp_path: Path):
    paths = write_segments(tmp_path, segments(20, 1)[0])
    stranger = tmp_path / "xyz-r0000-s000.skj"
    writer = JournalWriter()
    writer.header(header_of(world_of(), match_id="xyz"))
    writer.checkpoint(world_of())
    stranger.write_bytes(writer.take())
    with pytest.raises(RecordingError, match="not of the same round"):
        open_recording([*paths, stranger])


def test_a_packed_file_cut_off_anywhere_is_reported(tmp_path: Path):
    packed = gzip.compress(JOURNAL)
    assert unpack(packed) == JOURNAL
    for length in range(len(packed)):
        with pytest.raises(RecordingError, match="cut off"):
            unpack(packed[:length])


def test_a_missing_segment_ends_the_round_with_a_sentence(tmp_path: Path):
    files, _ = segments(20, 3)
    paths = write_segments(tmp_path, files)
    paths[1].unlink()
    found = open_recording([paths[0]])
    assert found.journal.last_tick == 20
    assert not found.is_whole
    assert found.size_bytes == len(files[0])
    assert "does not go on from what is before it" in found.remarks[0]


def test_a_round_without_its_beginning_is_replayed_from_where_it_begins(tmp_path: Path):
    files, world = segments(20, 2)
    path = write_segments(tmp_path, files)[1]
    (tmp_path / "abc-r0000-s000.skj").unlink()
    found = open_recording([path])
    assert (found.journal.first_tick, found.journal.last_tick) == (20, world.tick)
    assert found.remarks == ("It begins with segment 1: those before are not here.",)


def test_a_segment_after_a_torn_one_goes_on_from_its_last_whole_record(tmp_path: Path):
    first, _ = segments(20, 1)
    torn = first[0] + first[0][:9]
    found = join_segments([("a.skj", torn)])
    assert found.journal.last_tick == 20
    assert "in the middle of a record (9 bytes of it)" in found.remarks[0]


@given(st.data())
def test_a_changed_byte_is_reported_and_nothing_after_it_is_played(data: st.DataObject):
    at = data.draw(st.integers(0, len(JOURNAL) - 1))
    change = data.draw(st.integers(1, 255))
    spoilt = JOURNAL[:at] + bytes([JOURNAL[at] ^ change]) + JOURNAL[at + 1 :]
    try:
        found = join_segments([("a.skj", spoilt)])
    except RecordingError:
        return  # not even the header and a checkpoint are intact
    whole = join_segments([("a.skj", JOURNAL)])
    assert found.remarks
    assert found.journal.records == whole.journal.records[: len(found.journal.records)]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_recording_or_get_a_sentence(noise: bytes):
    with pytest.raises(RecordingError):
        join_segments([("noise", noise)])


def test_files_that_are_no_journals_are_reported_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(RecordingError, match="cannot be read"):
        read_file(tmp_path / "nowhere.skj")
    (tmp_path / "no.skj.gz").write_bytes(b"this is no gzip")
    with pytest.raises(RecordingError, match=r"no\.skj\.gz: this is no gzip file"):
        read_file(tmp_path / "no.skj.gz")
    monkeypatch.setattr(recording, "FILE_BYTES_MAX", 1_000)
    (tmp_path / "bomb.skj.gz").write_bytes(gzip.compress(bytes(100_000)))
    with pytest.raises(RecordingError, match="longer than any journal"):
        read_file(tmp_path / "bomb.skj.gz")


@given(PIECES, st.data())
@examples(30)
def test_all_that_was_written_is_read_from_any_place(
    tmp_path_factory, written: list[bytes], data: st.DataObject
):
    path = tmp_path_factory.mktemp("journal") / "a.skj"
    file = begin_file(path)
    whole = b""
    for piece in written:
        assert file.write(piece) == len(piece)
        whole += piece
        offset = data.draw(st.integers(0, len(whole)))
        assert read_growing(path, offset, 1 << 20) == whole[offset:]
        assert read_growing(path, offset, 100) == whole[offset : offset + 100]
    file.close()
    assert read_growing(path, 0, 1 << 20) == whole


def test_a_tail_without_sense_is_left_alone(tmp_path: Path):
    path = tmp_path / "a.skj"
    path.write_bytes(b"whole")
    for tail in (b"", b"short", HEAD.pack(10**9, 5) + b"later", HEAD.pack(0, 3) + b"who"):
        tail_path(path).write_bytes(tail)
        assert read_growing(path, 0, 100) == b"whole"

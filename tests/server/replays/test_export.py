"""A public copy plays like the original. No player's id is in it or in the list of rounds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.journal import Replay, read_journal
from server.replays.archive import Archive
from server.replays.export import public_copy, round_rows
from server.replays.recording import RecordingError, join_segments
from server.replays.verify import SignatureStatus, check_signature
from tests.journals import SECRET, played
from tests.server.replays.fakes import ROUNDS_SECRET, of_a_host, put, result_of
from tests.server.replays.files import segments

MATCH = played(200, 3)
JOURNAL = of_a_host(MATCH)


def test_of_people_only_slots_and_names_leave():
    assert SECRET.encode() in JOURNAL
    assert ROUNDS_SECRET in JOURNAL
    copy = public_copy([JOURNAL])
    assert SECRET.encode() not in copy
    assert ROUNDS_SECRET not in copy
    assert all(bytes([170 + slot]) * 8 not in copy for slot in range(3))
    journal = read_journal(copy)
    people, note = journal.people()
    assert [(each.slot, each.name) for each in people] == [(0, "Ada"), (1, "Basil"), (2, "Cleo")]
    assert all(each.player_id == "" and each.resume_nonce == b"" for each in people)
    assert (note, journal.header.spec) == ((), ())


def test_the_copy_is_whole_and_replays():
    copy = join_segments([("copy", public_copy([JOURNAL]))])
    assert (copy.remarks, copy.journal.last_tick) == ((), MATCH.last_tick)
    assert Replay(copy.journal, MATCH.arena).verify() is None
    assert check_signature(copy, b"s" * 32) is SignatureStatus.UNSIGNED
    result = copy.journal.result
    assert result is not None
    assert result.fields[2][-1] == ((0, "", "Ada", False, 3, 3, 1, False, 0),)


def test_a_result_of_another_build_is_left_out():
    copy = join_segments([("copy", public_copy([MATCH.journal]))])
    result = copy.journal.result
    assert result is not None
    assert result.fields[2] == ()


def test_segments_become_one_file():
    files, world = segments(40, 3)
    copy = join_segments([("copy", public_copy([files[0] + b"\x5a\x00", *files[1:]]))])
    assert (copy.header.segment, copy.journal.last_tick) == (0, world.tick)


@given(st.integers(0, len(JOURNAL)))
def test_a_torn_journal_is_copied_up_to_there(cut: int):
    try:
        copy = public_copy([JOURNAL[:cut]])
    except RecordingError:
        return
    assert SECRET.encode() not in copy


def test_a_file_that_is_no_journal_is_reported():
    with pytest.raises(RecordingError):
        public_copy([b"GIF89a and more of it, longer than a head"])


def test_the_list_names_people_and_nothing_else_of_them(tmp_path: Path):
    put(tmp_path, JOURNAL)
    put(tmp_path, of_a_host(MATCH, match_id="left"), "left-r0000-s000")  # has no stored result
    rows = round_rows(Archive(tmp_path).finished(), [result_of()])
    assert [row["name"] for row in rows] == ["abc-r0000"]
    assert rows[0]["seconds"] == 10
    assert rows[0]["players"][0]["name"] == "Ada"
    assert SECRET not in str(rows)

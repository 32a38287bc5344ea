"""Journals leave `live/` once no process could need them to resume a match."""

from pathlib import Path
from types import SimpleNamespace

from server.match.filing import Filing
from server.match.journal_files import JournalFolder, SegmentName


def filing_of(folder: Path, *names: SegmentName) -> Filing:
    place = JournalFolder(folder)
    for name in names:
        (place.live / name.file_name).write_bytes(b"")
    return Filing(place)


def result(match_id: str, number: int) -> SimpleNamespace:
    return SimpleNamespace(match_id=match_id, round_number=number)


def test_after_a_round_whose_result_is_not_stored_everything_stays(tmp_path: Path) -> None:
    """Otherwise a process that stores the result again would play the later rounds once more."""
    rounds = [SegmentName("m1", number, 0) for number in range(4)]
    filing = filing_of(tmp_path, *rounds, SegmentName("m2", 0, 0))
    filing.result_told(result("m1", 1))
    assert filing.finished_segments() == [rounds[0], SegmentName("m2", 0, 0)]
    filing.result_stored(result("m1", 1))
    assert len(filing.finished_segments()) == 5
    filing.folder.release()

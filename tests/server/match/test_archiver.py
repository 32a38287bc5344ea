"""Journals leave `live/` once no process could need them to resume a match. Old ones are deleted,
even in a folder that no process uses any more.
"""

from pathlib import Path
from types import SimpleNamespace

import pytest
import trio

from server.match import archiver
from server.match.archiver import SWEEP_EVERY_S, JournalArchiver, JournalRetention
from server.match.journal_files import JournalFolder, JournalSettings, SegmentName


def archiver_of(folder: Path, *names: SegmentName) -> JournalArchiver:
    place = JournalFolder(folder)
    for name in names:
        (place.live / name.file_name).write_bytes(b"")
    return JournalArchiver(place)


def result(match_id: str, number: int) -> SimpleNamespace:
    return SimpleNamespace(match_id=match_id, round_number=number)


def test_after_a_round_whose_result_is_not_stored_everything_stays(tmp_path: Path) -> None:
    """Otherwise a process that stores the result again would play the later rounds once more."""
    rounds = [SegmentName("m1", number, 0) for number in range(4)]
    own = archiver_of(tmp_path, *rounds, SegmentName("m2", 0, 0))
    own.result_sent(result("m1", 1))
    assert own.finished_segments() == [rounds[0], SegmentName("m2", 0, 0)]
    own.result_stored(result("m1", 1))
    assert len(own.finished_segments()) == 5
    own.folder.release()


async def test_it_is_looked_at_again_and_again_and_a_disk_that_fails_ends_nothing(
    tmp_path: Path, autojump_clock: object, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
):
    folder = JournalFolder(tmp_path / "place-0")
    january = folder.finished / "m-r0000-s000.skj.gz"
    january.write_bytes(b"x")
    kept = [JournalSettings(keep_mb=0)]
    monkeypatch.setattr(trio.to_thread, "run_sync", at_once)
    with monkeypatch.context() as failing:
        failing.setattr(archiver, "sweep", refuse)
        nursery.start_soon(JournalRetention(tmp_path, lambda: kept[-1]).run)
        await trio.sleep(1)
    assert january.exists()
    await trio.sleep(SWEEP_EVERY_S)
    assert not january.exists(), "no match has to end for it"
    nursery.cancel_scope.cancel()


async def test_it_is_looked_at_with_the_settings_of_the_moment(
    tmp_path: Path, autojump_clock: object, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
):
    finished = JournalFolder(tmp_path / "place-0").finished / "m-r0000-s000.skj.gz"
    finished.write_bytes(b"x")
    kept = [JournalSettings()]
    monkeypatch.setattr(trio.to_thread, "run_sync", at_once)
    nursery.start_soon(JournalRetention(tmp_path, lambda: kept[-1]).run)
    await trio.sleep(1)
    assert finished.exists()
    kept.append(JournalSettings(keep_mb=0))
    await trio.sleep(SWEEP_EVERY_S)
    assert not finished.exists()
    nursery.cancel_scope.cancel()


async def at_once(work, *arguments):
    await trio.lowlevel.checkpoint()
    return work(*arguments)


def refuse(*_: object) -> int:
    raise OSError("a disk that is gone")

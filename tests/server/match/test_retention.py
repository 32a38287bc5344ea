"""Old journals are deleted, even in a place that no process uses any more."""

from pathlib import Path

import pytest
import trio

from server.match import retention
from server.match.journal_files import JournalFolder, JournalSettings
from server.match.retention import LOOK_EVERY_S, Retention


async def test_it_is_looked_at_again_and_again_and_a_disk_that_fails_ends_nothing(
    tmp_path: Path, autojump_clock: object, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
):
    folder = JournalFolder(tmp_path / "place-0")
    january = folder.finished / "m-r0000-s000.skj.gz"
    january.write_bytes(b"x")
    kept = [JournalSettings(keep_mb=0)]
    monkeypatch.setattr(trio.to_thread, "run_sync", at_once)
    with monkeypatch.context() as failing:
        failing.setattr(retention, "sweep", refuse)
        nursery.start_soon(Retention(tmp_path, lambda: kept[-1]).run)
        await trio.sleep(1)
    assert january.exists()
    await trio.sleep(LOOK_EVERY_S)
    assert not january.exists(), "no match has to end for it"
    nursery.cancel_scope.cancel()


async def test_it_is_looked_at_with_the_settings_of_the_moment(
    tmp_path: Path, autojump_clock: object, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
):
    finished = JournalFolder(tmp_path / "place-0").finished / "m-r0000-s000.skj.gz"
    finished.write_bytes(b"x")
    kept = [JournalSettings()]
    monkeypatch.setattr(trio.to_thread, "run_sync", at_once)
    nursery.start_soon(Retention(tmp_path, lambda: kept[-1]).run)
    await trio.sleep(1)
    assert finished.exists()
    kept.append(JournalSettings(keep_mb=0))
    await trio.sleep(LOOK_EVERY_S)
    assert not finished.exists()
    nursery.cancel_scope.cancel()


async def at_once(work, *arguments):
    await trio.lowlevel.checkpoint()
    return work(*arguments)


def refuse(*_: object) -> int:
    raise OSError("a disk that is gone")

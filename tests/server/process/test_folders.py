"""The folder of sockets, and journals that move between processes."""

import errno
import os
import stat
import tempfile
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from server.config.settings import ListenSettings, Settings, StoreSettings
from server.match.crash_marker import mark_of
from server.match.journal_files import JournalFolder, JournalSettings, segment_name
from server.process.folders import (
    RunFolder,
    RunFolderError,
    gather,
    gather_strays,
    move_match,
    place_folder,
)
from server.process.settings import ProcessSettings


def settings_in(path: Path) -> Settings:
    return Settings(store=StoreSettings(data_dir=str(path)))


def written(folder: JournalFolder, *match_ids: str) -> JournalFolder:
    for match_id in match_ids:
        for segment in range(2):
            file = folder.create(match_id, 0, segment)
            file.write(f"{match_id} {segment}".encode())
            file.close()
    return folder


def matches(path: Path) -> dict[str, int]:
    names = [it.name[:2] for it in sorted((path / "live").glob("*.skj"))]
    return {name: names.count(name) for name in names}


def test_the_folder_of_the_sockets_is_for_this_user_alone(tmp_path: Path):
    folder = RunFolder.of(settings_in(tmp_path))
    folder.claim()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    Path(folder.gateway_path).touch()
    folder.release()
    assert not folder.path.exists()


def test_two_servers_do_not_share_it(tmp_path: Path):
    first, second = RunFolder.of(settings_in(tmp_path)), RunFolder.of(settings_in(tmp_path))
    first.claim()
    with pytest.raises(RunFolderError, match="another server"):
        second.claim()
    assert Path(first.path / "lock").exists()
    first.release()
    second.claim()
    second.release()


def test_sockets_of_a_server_that_was_killed_are_taken_away(tmp_path: Path):
    folder = RunFolder.of(settings_in(tmp_path))
    folder.path.mkdir(parents=True)
    Path(folder.operator_path).touch()
    folder.claim()
    assert not Path(folder.operator_path).exists()
    folder.release()


def test_a_path_that_no_socket_can_have_is_refused_in_a_sentence(tmp_path: Path):
    with pytest.raises(RunFolderError, match=r"set process\.run_dir"):
        RunFolder.of(settings_in(tmp_path / ("x" * 120)))


def test_without_a_data_folder_the_port_distinguishes_servers():
    first = RunFolder.of(Settings(store=StoreSettings(data_dir=""), net=ListenSettings(port=81)))
    other = RunFolder.of(Settings(store=StoreSettings(data_dir=""), net=ListenSettings(port=82)))
    assert first.path != other.path


def test_the_setting_wins(tmp_path: Path):
    settings = Settings(process=ProcessSettings(run_dir=str(tmp_path)))
    assert RunFolder.of(settings).path == tmp_path


def test_places_have_folders_of_their_own_and_none_without_a_data_folder(tmp_path: Path):
    settings = settings_in(tmp_path)
    assert place_folder(settings, 0) != place_folder(settings, 1)
    assert place_folder(Settings(store=StoreSettings(data_dir="")), 0) is None


def test_a_match_moves_with_all_its_files_and_without_its_blame(tmp_path: Path):
    source = written(JournalFolder(tmp_path / "a"), "m1", "m2")
    target = JournalFolder(tmp_path / "b")
    source.count_crash("m1")
    assert move_match(source, "m1", target.path) == 2
    assert (matches(source.path), matches(target.path)) == ({"m2": 2}, {"m1": 2})
    assert [path.name for path in source.live.glob("*.tries")] == []


def test_matches_of_places_that_no_worker_has_go_to_those_that_one_has(tmp_path: Path):
    written(JournalFolder(tmp_path / "worker-0"), "m0").release()
    written(JournalFolder(tmp_path / "worker-7"), "m1", "m2", "m3").release()
    written(JournalFolder(tmp_path / "place-0"), "m4").release()
    assert gather_strays(tmp_path, [tmp_path / f"worker-{number}" for number in range(2)]) == 8
    assert matches(tmp_path / "worker-7") == matches(tmp_path / "place-0") == {}
    ours = {**matches(tmp_path / "worker-0"), **matches(tmp_path / "worker-1")}
    assert ours == dict.fromkeys(("m0", "m1", "m2", "m3", "m4"), 2)


def test_a_place_of_a_process_that_lives_is_left_alone(tmp_path: Path):
    living = written(JournalFolder(tmp_path / "place-0"), "m1")
    assert gather_strays(tmp_path, [tmp_path / "worker-0"]) == 0
    assert matches(living.path) == {"m1": 2}
    living.release()


def test_bytes_that_a_full_disk_kept_out_of_a_file_move_with_it(tmp_path: Path):
    source, target = JournalFolder(tmp_path / "a"), JournalFolder(tmp_path / "b")
    file = source.create("m1", 0, 0)
    file.write(b"still in memory")  # as after a close that failed on the disk
    move_match(source, "m1", target.path)
    ((name,),) = target.live_segments().values()
    assert target.read(name) == b"still in memory"
    assert list(source.live.iterdir()) == []
    file.close()


def test_half_a_match_does_not_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source, target = JournalFolder(tmp_path / "a"), JournalFolder(tmp_path / "b")
    written(source, "m1")
    file = source.create("m1", 1, 0)
    file.write(b"still in memory")

    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(OSError, match="No space"):
        move_match(source, "m1", target.path)
    monkeypatch.undo()
    assert (matches(source.path), matches(target.path)) == ({"m1": 3}, {})
    file.close()


@given(
    before=st.dictionaries(
        st.tuples(st.sampled_from(["worker", "place"]), st.integers(0, 4)),
        st.sets(st.sampled_from(["m1", "m2", "m3", "m4"]), max_size=3),
        max_size=5,
    ),
    workers=st.integers(0, 3),
)
def test_any_previous_layout_leaves_every_match_to_this_one(
    before: dict[tuple[str, int], set[str]], workers: int
):
    with tempfile.TemporaryDirectory() as folder:
        parent, wanted = Path(folder), set[str]()
        for number, ((kind, place), names) in enumerate(before.items()):
            ids = [f"{name}x{number}" for name in names]
            written(JournalFolder(parent / f"{kind}-{place}"), *ids).release()
            wanted |= set(ids)
        ours = [parent / f"worker-{number}" for number in range(workers)] or [parent / "place-0"]
        gather_strays(parent, ours)
        files = [it.name for path in ours for it in path.glob("live/*.skj")]
        found = [name.match_id for name in map(segment_name, files) if name is not None]
        assert sorted(found) == sorted([*wanted, *wanted]), "two files each"


def test_a_death_that_is_held_against_a_match_goes_with_it(tmp_path: Path):
    stray = written(JournalFolder(tmp_path / "worker-3"), "m1")
    stray.crash_marker.enter(mark_of("m1"))
    stray._unlock()  # its process was killed
    gather_strays(tmp_path, [tmp_path / "place-0"])
    heir = JournalFolder(tmp_path / "place-0")
    assert heir.has_crashes("m1")
    heir.release()


def test_matches_that_are_not_resumed_are_reported(tmp_path: Path):
    written(JournalFolder(tmp_path / "journals" / "worker-0"), "m1").release()
    settings = evolve(settings_in(tmp_path), journal=JournalSettings(enabled=False))
    with capture_logs() as logs:
        gather(settings, [])
    assert [(it["event"], it["files"]) for it in logs] == [("journals_left", 2)]

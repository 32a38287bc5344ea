"""The sources of the ticket secret."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.config.settings import SECRET_BYTES_MIN, Settings, StoreSettings
from server.security.secret import SecretError, load_secret


def test_without_one_the_data_folder_keeps_one_for_the_next_start(tmp_path: Path):
    settings = Settings(store=StoreSettings(data_dir=str(tmp_path / "state")))
    kept = load_secret(settings)
    assert len(kept) >= SECRET_BYTES_MIN
    assert load_secret(settings) == kept
    path = tmp_path / "state" / "secret"
    assert path.stat().st_mode & 0o077 == 0, "nobody else may read it"
    path.write_bytes(b"hunter2")
    with pytest.raises(SecretError, match="delete it") as caught:
        load_secret(settings)
    assert "hunter2" not in str(caught.value)


def test_without_a_data_folder_each_start_has_its_own():
    nowhere = Settings(store=StoreSettings(data_dir=""))
    assert len(load_secret(nowhere)) >= SECRET_BYTES_MIN
    assert load_secret(nowhere) != load_secret(nowhere)


def test_it_can_be_given_or_kept_in_a_file(tmp_path: Path):
    path = tmp_path / "secret"
    path.write_text("f" * 40 + "\n")
    path.chmod(0o600)
    assert load_secret(Settings(secret="s" * 32)) == b"s" * 32
    assert load_secret(Settings(secret_file=str(path))) == b"f" * 40


def test_a_short_or_missing_file_is_refused_without_showing_it(tmp_path: Path):
    path = tmp_path / "secret"
    path.write_text("hunter2")
    path.chmod(0o600)
    with pytest.raises(SecretError, match="holds 7 bytes") as caught:
        load_secret(Settings(secret_file=str(path)))
    assert "hunter2" not in str(caught.value)
    with pytest.raises(SecretError, match="cannot be read"):
        load_secret(Settings(secret_file=str(tmp_path / "missing")))


def kept_at(folder: Path) -> Settings:
    return Settings(store=StoreSettings(data_dir=str(folder)))


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (0o604, "every user"),
        (0o602, "every user"),
        (0o644, "every user"),
        (0o666, "every user"),
        (0o640, "its group"),
        (0o620, "its group"),
        (0o600, ""),
        (0o400, ""),
    ],
)
def test_a_secret_that_others_can_read_or_change_is_refused(tmp_path: Path, mode: int, words: str):
    path = tmp_path / "secret"
    path.write_text("f" * 40)
    path.chmod(mode)
    for settings in (kept_at(tmp_path), Settings(secret_file=str(path))):
        if not words:
            assert load_secret(settings) == b"f" * 40
            continue
        with pytest.raises(SecretError, match=words) as caught:
            load_secret(settings)
        assert f"chmod 600 {path}" in str(caught.value)


def test_a_file_of_another_user_may_be_handed_to_our_group(tmp_path: Path, monkeypatch):
    path = tmp_path / "secret"
    path.write_text("f" * 40)
    path.chmod(0o440)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    assert load_secret(Settings(secret_file=str(path))) == b"f" * 40
    path.chmod(0o460)
    with pytest.raises(SecretError, match="its group"):
        load_secret(Settings(secret_file=str(path)))


def test_a_full_disk_at_the_first_start_leaves_nothing_that_stops_the_next(
    tmp_path: Path, monkeypatch
):
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(SecretError, match="No space left"):
            load_secret(kept_at(tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert load_secret(kept_at(tmp_path)) == load_secret(kept_at(tmp_path))


def test_an_empty_secret_of_an_older_version_is_made_anew(tmp_path: Path):
    (tmp_path / "secret").touch()
    assert len(load_secret(kept_at(tmp_path))) == SECRET_BYTES_MIN


def test_of_many_first_starts_at_once_all_have_the_same_secret(tmp_path: Path):
    with ThreadPoolExecutor(8) as starts:
        secrets = set(starts.map(load_secret, [kept_at(tmp_path / "new")] * 32))
    assert len(secrets) == 1
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret"]


def test_a_link_in_the_data_folder_is_not_followed_but_an_operators_own_is(tmp_path: Path):
    other, data = tmp_path / "other", tmp_path / "data"
    data.mkdir()
    other.write_text("f" * 40)
    other.chmod(0o600)
    (data / "secret").symlink_to(other)
    with pytest.raises(SecretError, match="symbolic link"):
        load_secret(kept_at(data))
    assert load_secret(Settings(secret_file=str(data / "secret"))) == b"f" * 40
    (tmp_path / "linked").symlink_to(data)
    (data / "secret").unlink()
    assert len(load_secret(kept_at(tmp_path / "linked"))) == SECRET_BYTES_MIN


def test_a_link_to_nowhere_makes_no_file_there(tmp_path: Path):
    (tmp_path / "secret").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SecretError, match="symbolic link"):
        load_secret(kept_at(tmp_path))
    assert not (tmp_path / "elsewhere").exists()

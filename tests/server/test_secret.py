"""Where the ticket secret comes from."""

from pathlib import Path

import pytest

from server.secret import SecretError, load_secret
from server.settings import SECRET_BYTES_MIN, Settings, StoreSettings


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
    assert load_secret(Settings(secret="s" * 32)) == b"s" * 32
    assert load_secret(Settings(secret_file=str(path))) == b"f" * 40


def test_a_short_or_missing_file_is_refused_without_showing_it(tmp_path: Path):
    path = tmp_path / "secret"
    path.write_text("hunter2")
    with pytest.raises(SecretError, match="holds 7 bytes") as caught:
        load_secret(Settings(secret_file=str(path)))
    assert "hunter2" not in str(caught.value)
    with pytest.raises(SecretError, match="cannot be read"):
        load_secret(Settings(secret_file=str(tmp_path / "missing")))

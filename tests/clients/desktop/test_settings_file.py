"""The file: in the platform's folder, never half written, and never lost when it is broken."""

import errno
from pathlib import Path

import pytest

from clients.desktop.core.settings import Settings, SettingsError
from clients.desktop.settings_file import SettingsFile, settings_path

BROKEN = "volume = 'loud'\n"


def test_choices_are_remembered(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "desktop.toml"
    SettingsFile.read(path).change(name="Robin", volume=30)
    again = SettingsFile.read(path)
    assert (again.values.name, again.values.volume, again.trouble) == ("Robin", 30, "")
    assert [it.name for it in path.parent.iterdir()] == ["desktop.toml"]


def test_a_broken_file_is_reported_and_left_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "desktop.toml"
    path.write_text(BROKEN)
    settings = SettingsFile.read(path)
    assert settings.values == Settings()
    assert "0 to 100" in settings.trouble
    assert str(path) in settings.trouble
    assert path.read_text() == BROKEN


def test_a_broken_file_is_put_aside_by_the_first_change(tmp_path: Path) -> None:
    path = tmp_path / "desktop.toml"
    (tmp_path / "desktop.broken-1").write_text("older")
    path.write_text(BROKEN)
    settings = SettingsFile.read(path)
    settings.change(volume=10)
    settings.change(volume=20)
    assert (tmp_path / "desktop.broken-2").read_text() == BROKEN
    assert (tmp_path / "desktop.broken-1").read_text() == "older"
    assert "desktop.broken-2" in settings.trouble
    assert SettingsFile.read(path).values.volume == 20


def test_a_file_that_is_no_text_is_broken_too(tmp_path: Path) -> None:
    path = tmp_path / "desktop.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert SettingsFile.read(path).trouble


def test_an_unwritable_folder_is_reported_and_the_choice_holds(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = SettingsFile.read(tmp_path / "nowhere" / "desktop.toml")
    settings.path = tmp_path / "file" / "desktop.toml"
    settings.change(volume=5)
    assert settings.values.volume == 5
    assert "could not be written" in settings.trouble


def test_a_wrong_choice_changes_nothing(tmp_path: Path) -> None:
    settings = SettingsFile.read(tmp_path / "desktop.toml")
    with pytest.raises(SettingsError):
        settings.change(volume=-1)
    assert settings.values == Settings()
    assert not settings.path.exists()


@pytest.mark.parametrize(
    ("platform", "environment", "place"),
    [
        ("linux", {"HOME": "/home/me"}, "/home/me/.config/skirmish/desktop.toml"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/skirmish/desktop.toml"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "x"}, "/h/.config/skirmish/desktop.toml"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/Skirmish/desktop.toml"),
        ("win32", {"APPDATA": "/a", "USERPROFILE": "/u"}, "/a/Skirmish/desktop.toml"),
    ],
)
def test_it_is_where_the_platform_keeps_such_things(
    platform: str, environment: dict[str, str], place: str
) -> None:
    assert settings_path(environment, platform) == Path(place)


def test_a_byte_order_mark_of_windows_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "desktop.toml"
    path.write_bytes(b"\xef\xbb\xbfvolume = 30\r\n")
    settings = SettingsFile.read(path)
    assert (settings.values.volume, settings.trouble) == (30, "")


def test_a_text_that_only_nests_is_broken_too(tmp_path: Path) -> None:
    path = tmp_path / "desktop.toml"
    path.write_text("a = " + "[" * 60_000)
    assert "not valid TOML" in SettingsFile.read(path).trouble


def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desktop.toml"
    settings = SettingsFile.read(path)
    settings.change(volume=30)
    write_text = Path.write_text

    def write_half(self: Path, text: str, encoding: str) -> int:
        write_text(self, text[: len(text) // 2], encoding)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", write_half)
    settings.change(volume=40)
    assert "No space left" in settings.trouble
    assert SettingsFile.read(path).values.volume == 30
    assert [it.name for it in tmp_path.iterdir()] == ["desktop.toml"]

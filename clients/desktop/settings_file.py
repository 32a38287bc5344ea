"""The file of a player's settings: its path, reading and saving.

Owns: the file. Must not know: what a setting means. Invariant: a file that could not be read is
never overwritten: the first change after that renames it, beside the new one, and says so.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import define, field

from clients.desktop.core.settings import (
    FILE_BYTES_MAX,
    Settings,
    SettingsError,
    checked,
    settings_from,
    text_of,
)

NAME: Final = "desktop.toml"


def settings_path(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The platform's path for a user's settings."""
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    if platform == "win32":
        folder = environment.get("APPDATA") or home / "AppData" / "Roaming"
        return Path(folder) / "Skirmish" / NAME
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Skirmish" / NAME
    # XDG Base Directory Specification: a relative path counts as none.
    folder = environment.get("XDG_CONFIG_HOME", "")
    return (Path(folder) if os.path.isabs(folder) else home / ".config") / "skirmish" / NAME


@define
class SettingsFile:
    """The settings in force. `trouble` is what to tell the player, if anything."""

    path: Path
    values: Settings = field(factory=Settings)
    trouble: str = ""
    _is_broken: bool = False

    @classmethod
    def read(cls, path: Path) -> "SettingsFile":
        """Read the file; defaults when there is none, or when it cannot be used."""
        try:
            with path.open("rb") as file:
                text = file.read(FILE_BYTES_MAX).decode("utf-8-sig")  # as Windows' editors write
            return cls(path, settings_from(text))
        except FileNotFoundError:
            return cls(path)
        except (OSError, UnicodeDecodeError, SettingsError) as error:
            words = f"{path} was not read, defaults are in force: {error}"
            return cls(path, trouble=words, is_broken=True)

    def change(self, **values: object) -> None:
        """Apply other values, and save them. Raises `SettingsError` for wrong ones."""
        self.values = checked(self.values, values)
        try:
            self._write()
        except OSError as error:
            self.trouble = f"{self.path} could not be written: {error.strerror}"

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self._is_broken:
            aside = _free_name(self.path)
            self.path.rename(aside)
            self._is_broken = False
            self.trouble = f"The settings that could not be read are kept in {aside}"
        fresh = self.path.with_name(
            f".{self.path.name}.{os.getpid()}.new"
        )  # other windows use their own
        try:
            fresh.write_text(text_of(self.values), encoding="utf-8")
            fresh.replace(self.path)  # there is never half a file
        except OSError:
            fresh.unlink(missing_ok=True)
            raise


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_suffix(f".broken-{number}")).exists():
        number += 1
    return aside

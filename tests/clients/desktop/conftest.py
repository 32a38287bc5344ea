"""No screen, no loudspeakers: SDL's dummy drivers, chosen before anybody imports pygame."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ["SDL_VIDEODRIVER"] = os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
os.environ["SDL_NO_SIGNAL_HANDLERS"] = "1"  # Ctrl-C is pytest's

from clients.desktop.settings_file import SettingsFile
from clients.desktop.window.speaker import Speaker
from clients.desktop.window.window import Window


@pytest.fixture
def window() -> Iterator[Window]:
    """An open window that nobody sees."""
    window = Window()
    window.open()
    yield window
    window.close()


@pytest.fixture
def speaker() -> Iterator[Speaker]:
    """Open loudspeakers that nobody hears."""
    speaker = Speaker()
    assert speaker.open() == ""
    yield speaker
    speaker.close()


@pytest.fixture
def settings(tmp_path: Path) -> SettingsFile:
    """Nobody has chosen anything yet."""
    return SettingsFile.read(tmp_path / "config" / "desktop.toml")

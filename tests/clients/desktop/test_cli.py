"""`skirmish desktop` says what is missing, and ends."""

import argparse
import importlib.util
import os
import subprocess
import sys

import pytest

from clients.desktop import cli


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    return parser.parse_args(words)


def test_without_pygame_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert cli.run(parsed()) == 1
    assert "-m pip install 'pygame-ce>=2.5.6,<3'" in capsys.readouterr().err


def test_an_invalid_address_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(parsed("ftp://example")) == 1
    assert "is not an address" in capsys.readouterr().err


@pytest.mark.slow
def test_pygame_is_not_imported_before_it_is_needed() -> None:
    program = "import sys, clients.desktop.cli; sys.exit('pygame' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.slow
def test_a_machine_without_a_screen_is_refused_with_a_sentence(tmp_path) -> None:
    """In a process of its own: SDL chooses its driver once."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "SDL_VIDEO_DRIVER")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"XDG_CONFIG_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "server.cli", "desktop", "play.example/game"]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip().startswith("skirmish desktop: ")
    assert "no screen" in done.stderr or "no window can be opened" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_screen_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("SDL_VIDEODRIVER", "no such driver")
    assert cli.run(parsed("127.0.0.1:1")) == 1
    assert "no window can be opened" in capsys.readouterr().err

"""`skirmish desktop` says what is missing, and ends."""

import argparse
import importlib.util
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


def test_an_address_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(parsed("ftp://example")) == 1
    assert "is no address" in capsys.readouterr().err


def test_pygame_is_not_imported_before_it_is_needed() -> None:
    program = "import sys, clients.desktop.cli; sys.exit('pygame' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_without_a_screen_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("SDL_VIDEODRIVER", "no such driver")
    assert cli.run(parsed("127.0.0.1:1")) == 1
    assert "no window can be opened" in capsys.readouterr().err

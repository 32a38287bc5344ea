"""The command line: commands are loaded lazily, and mistakes are explained in a sentence."""

import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from server import cli
from server.commands.play import has_screen

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_word_all_commands_are_listed(capsys):
    assert cli.main([]) == 0
    out = capsys.readouterr().out
    assert all(f"  {word} " in out for word in ("serve", "play", "config", "version"))


def test_an_unknown_word_gets_a_hint_and_status_2(capsys):
    assert cli.main(["serv"]) == 2
    error = capsys.readouterr().err
    assert "did you mean serve?" in error
    assert error.count("\n") == 1


def test_the_version_names_the_protocol(capsys):
    assert cli.main(["--version"]) == 0
    assert "skirmish.1" in capsys.readouterr().out


def test_config_shows_a_flag_that_was_given_and_where_it_came_from(capsys):
    assert cli.main(["config", "--port", "9000"]) == 0
    assert "(flag --net.port)\nport = 9000\n" in capsys.readouterr().out


def test_wrong_settings_are_all_told_and_the_status_is_2(capsys):
    assert cli.main(["config", "--port", "x", "--bots", "99"]) == 2
    error = capsys.readouterr().err
    assert "net.port" in error
    assert "lobby.bots" in error
    assert "Traceback" not in error


def test_nobody_can_take_one_of_the_servers_own_words(monkeypatch):
    class Point:
        name, value = "serve", "evil.module"

    monkeypatch.setattr(cli, "entry_points", lambda group: [Point])
    assert cli.find_commands()["serve"] == "server.commands.serve"


def test_commands_of_others_are_found_by_entry_point(monkeypatch):
    class Point:
        name, value = "bots", "clients.bots.cli"

    monkeypatch.setattr(cli, "entry_points", lambda group: [Point])
    assert cli.find_commands()["bots"] == "clients.bots.cli"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_full_disk_behind_the_output_is_reported():
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "server.cli", "version"],
            check=False,
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert (ended.returncode, ended.stderr) == (1, "skirmish version: no space for the output\n")


def test_ctrl_c_is_quiet(monkeypatch, capsys):
    def interrupted(_args: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("server.commands.version.run", interrupted)
    assert cli.main(["version"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "x"}, "darwin", False),
    ],
)
def test_a_browser_is_only_opened_where_there_is_a_screen(environment, platform, expected):
    assert has_screen(environment, platform) is expected


def test_a_light_command_does_not_load_the_server():
    code = "import sys, server.cli; server.cli.main(['version']); print('trio' in sys.modules)"
    root = Path(cli.__file__).resolve().parent.parent
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("yes", "SKIRMISH_COMPILED = 'yes': allowed is 1"), ("1", "SKIRMISH_COMPILED is 1, but ")],
)
@pytest.mark.parametrize("word", ["serve", "bots"])
def test_an_impossible_wish_about_compiled_modules_is_refused_in_a_sentence(
    tmp_path: Path, wanted: str, words: str, word: str
) -> None:
    for name in ("game", "server", "clients"):  # sources of which there is no build
        copytree(ROOT / name, tmp_path / name, ignore=ignore_patterns("built", "browser"))
    run = subprocess.run(
        [sys.executable, "-m", "server.cli", word, "--help"],
        env={"SKIRMISH_COMPILED": wanted},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.startswith(f"skirmish: {words}")
    assert run.stderr.count("\n") == 1

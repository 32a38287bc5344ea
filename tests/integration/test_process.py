"""`skirmish serve` as a process: it starts, reports its address, and ends on signals."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.slow  # each test starts an interpreter or two

ROOT = Path(__file__).resolve().parents[2]
END_S = 15.0  # far more than any of this takes

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start `skirmish …` in an empty folder; whatever still runs afterwards is ended."""
    processes: list[subprocess.Popen[str]] = []

    def make(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", *arguments],
            cwd=tmp_path,
            env={**_clean_environment(), "PYTHONPATH": str(ROOT), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield make
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _clean_environment() -> dict[str, str]:
    dropped = ("SKIRMISH_", "PORT", "DISPLAY", "WAYLAND_DISPLAY")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}


def event(process: subprocess.Popen[str], name: str) -> dict[str, object]:
    """Read JSON log lines up to the event `name`."""
    assert process.stderr is not None
    for line in process.stderr:
        found: dict[str, object] = json.loads(line)
        if found["event"] == name:
            return found
    pytest.fail(f"the server ended before it said {name!r}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_a_signal_and_leaves_a_closed_database(start: Start, tmp_path, number):
    process = start("serve", "--port", "0")
    url = str(event(process, "started")["url"])
    with urlopen(f"{url}/healthz", timeout=END_S) as response:
        assert json.load(response)["status"] == "ok"
    process.send_signal(number)
    assert process.wait(END_S) == 0
    left = sorted(path.name for path in (tmp_path / ".state").iterdir())
    assert left == ["journals", "secret", "skirmish.sqlite3"]
    assert not list((tmp_path / ".state" / "journals").rglob("*.skj"))


def test_the_port_comes_from_the_environment_and_a_port_in_use_is_reported(start: Start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start("serve", PORT=str(port))
        _, error = process.communicate(timeout=END_S)
    assert process.returncode == 1
    assert error == (
        f"skirmish serve: port {port} is in use: "
        "stop the other program, or choose a port with --port\n"
    )


def test_wrong_settings_end_it_with_status_2_before_anything_is_made(start: Start, tmp_path: Path):
    process = start("serve", "--port", "80000", SKIRMISH_LOBBY__BOTS="many")
    _, error = process.communicate(timeout=END_S)
    assert process.returncode == 2
    assert "net.port" in error
    assert "lobby.bots" in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("more", [(), ("--workers", "1")], ids=["one process", "workers"])
def test_play_says_where_to_look_and_ends_quietly_with_ctrl_c(start: Start, more: tuple[str, ...]):
    process = start("play", "--port", "0", *more)
    assert process.stdout is not None
    banner = next(line for line in process.stdout if "http://" in line)
    assert "open it in a browser" in banner
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=END_S)
    assert (process.returncode, error) == (0, "")


def test_a_reader_of_the_log_who_goes_away_does_not_end_the_server(start: Start):
    process = start("serve", "--port", "0")
    url = str(event(process, "started")["url"])
    assert process.stderr is not None
    process.stderr.close()
    process.stderr = None
    for _ in range(3):
        with pytest.raises(OSError, match="404"):
            urlopen(f"{url}/nothing", timeout=END_S)
    process.send_signal(signal.SIGTERM)
    assert process.wait(END_S) == 0

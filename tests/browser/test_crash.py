"""A player in a real browser while the server's processes are killed."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import running_server

pytestmark = [pytest.mark.slow, pytest.mark.browser]

KILLS = 2
WAIT_S = 60  # no player gets a 503, however long a loaded machine takes to start a process


@pytest.fixture(scope="module")
def log_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("processes") / "log.jsonl"


@pytest.fixture(scope="module")
def server_url(log_path: Path) -> Iterator[str]:
    """A server with two workers, in place of the one that other tests share."""
    data = str(log_path.parent / "data")
    processes = ["--process.workers", "2", "--process.wait_s", str(WAIT_S)]
    with running_server(log_path, *processes, "--store.data_dir", data) as url:
        yield url


def events(log_path: Path, name: str) -> list[dict]:
    lines = [json.loads(line) for line in log_path.read_text().splitlines() if line]
    return [line for line in lines if line["event"] == name]


def process_of(log_path: Path, match: str) -> tuple[str, int]:
    """The name and id of the process that has a match now, from the log."""
    name = events(log_path, "match_started")[-1]["process"]
    assert events(log_path, "match_started")[-1]["match"] == match
    return name, [
        line["pid"] for line in events(log_path, "process_serves") if line["process"] == name
    ][-1]


def test_a_match_in_the_browser_goes_on_after_its_worker_was_killed(make_player, log_path):
    player = make_player()
    before = player.press_play()
    player.wait_ticks(60)
    for kill in range(1, KILLS + 1):
        tick = player.state()["tick"]
        _, pid = process_of(log_path, before["match"])
        os.kill(pid, signal.SIGKILL)
        after = player.wait(f"state.connection === 'online' && state.tick > {tick} + 60")
        assert (after["match"], after["slot"]) == (before["match"], before["slot"])
        assert len(events(log_path, "match_recovered")) == kill
    here = player.wait("state.alive")
    player.hold("d", "w")
    player.wait(f"Math.hypot(state.x - {here['x']}, state.y - {here['y']}) > 200 || !state.alive")


def test_a_match_in_the_browser_does_not_notice_that_the_gateway_was_killed(make_player, log_path):
    player = make_player()
    before = player.press_play()
    player.wait_ticks(60)
    opened: list[str] = []
    player.page.on("websocket", lambda socket: opened.append(socket.url))
    gateway = [one for one in events(log_path, "process_serves") if one["process"] == "gateway"]
    os.kill(gateway[-1]["pid"], signal.SIGKILL)
    after = player.wait_ticks(180)
    assert after["connection"] == "online"
    assert after["match"] == before["match"]
    assert not [url for url in opened if "/match/" in url]

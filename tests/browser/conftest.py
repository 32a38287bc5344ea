"""A server in a process of its own, a Chromium, and pages in it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.player import Player

ROOT = Path(__file__).resolve().parents[2]
START_S = 20
SMALL = (640, 400)  # small where looks do not matter: the CPU renders every pixel

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--use-angle=swiftshader",  # WebGL without a graphics card
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--mute-audio",
]


FLAGS = ["--net.port", "0", "--log.format", "json", "--grace_s", "0"]
FLAGS += ["--lobby.bot_fill_after_s", "0.5", "--match.bot_level", "1"]
FLAGS += ["--match.watch_delay_s", "0", "--net.metrics_port", "0"]


@pytest.fixture(scope="module")
def server_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log of the server of `server_url`."""
    return tmp_path_factory.mktemp("server") / "log.jsonl"


@pytest.fixture(scope="module")
def server_url(server_log: Path) -> Iterator[str]:
    """A server in one process, without a data folder."""
    with running_server(server_log, "--store.data_dir", "") as url:
        yield url
    errors = [line for line in server_log.read_text().splitlines() if '"level": "error"' in line]
    assert not errors, "\n".join(errors)


@pytest.fixture
def metrics_url(server_url: str, server_log: Path) -> str:
    """The URL of that server's metrics."""
    started = next(line for line in server_log.read_text().splitlines() if '"started"' in line)
    return f"http://127.0.0.1:{json.loads(started)['metrics_port']}/metrics"


@contextlib.contextmanager
def running_server(log_path: Path, *flags: str) -> Iterator[str]:
    """Run a server on a free port; when asked to end, it must exit by itself with status 0."""
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "serve", *FLAGS, *flags],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stderr=log,
        )
    try:
        yield wait_started(process, log_path)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=START_S) == 0, log_path.read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_started(process: subprocess.Popen, log_path: Path) -> str:
    """Follow the log until it has the address."""
    for _ in range(START_S * 50):
        for line in log_path.read_text().splitlines():
            if '"started"' in line:
                return json.loads(line)["url"]
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
            break
    pytest.fail(f"the server did not start:\n{log_path.read_text()}")


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """One browser for all tests; each player gets a context of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def make_page(chromium: Browser) -> Iterator:
    """Open bare pages whose consoles are not checked: anything may go wrong on them."""
    contexts = []

    def make(size: tuple[int, int] = SMALL, *, is_phone: bool = False) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        context = chromium.new_context(viewport=viewport, has_touch=is_phone, is_mobile=is_phone)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def make_player(chromium: Browser, server_url: str) -> Iterator:
    """Open a page for another player; its console must stay free of errors."""
    players: list[Player] = []

    def make(
        path: str = "/", size: tuple[int, int] = SMALL, *, is_phone: bool = False, url: str = ""
    ) -> Player:
        viewport = {"width": size[0], "height": size[1]}
        context = chromium.new_context(
            viewport=viewport,
            has_touch=is_phone,
            is_mobile=is_phone,
            ignore_https_errors=True,  # a self-signed certificate: somebody pressed "proceed"
        )
        players.append(Player(context, (url or server_url) + path))
        return players[-1]

    yield make
    for player in players:
        player.close()
    assert [error for player in players for error in player.errors] == []

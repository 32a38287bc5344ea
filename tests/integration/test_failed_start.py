"""A start that waiting cannot fix ends with a sentence and a status, with and without workers."""

import fcntl
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest

from server.app import DATABASE
from tests.integration.servers import command, environment

pytestmark = pytest.mark.slow

END_S = 60.0  # on a busy machine; each takes a second or three
CHANGED = "grace_s = 1\n[net]\nallowed_hosts = ['play.example']\n[log]\nqueue_max = 99"
Prepare = Callable[[Path], object]


def newer_schema(data: Path) -> None:
    with sqlite3.connect(data / DATABASE) as database:
        database.execute("pragma user_version = 999")


def no_database(data: Path) -> None:
    (data / DATABASE).write_bytes(b"not a database" * 100)


def journals_are_a_file(data: Path) -> None:
    (data / "journals").touch(0o600)


def cut_secret(data: Path) -> None:
    (data / "secret").write_bytes(b"short")
    (data / "secret").chmod(0o600)


def places_in_use(data: Path) -> list[int]:
    """Occupy all the places that a server tries, as other servers would."""
    held = []
    for name in [f"place-{number}" for number in range(64)] + ["worker-0", "worker-1"]:
        folder = data / "journals" / name
        folder.mkdir(mode=0o700, parents=True)
        held.append(os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600))
        fcntl.flock(held[-1], fcntl.LOCK_EX)
    return held


@pytest.mark.parametrize("workers", ["0", "2"])
@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (newer_schema, "newer"),
        (no_database, "store.data_dir cannot be used"),
        (journals_are_a_file, "journals"),
        (cut_secret, "secret"),
        (places_in_use, "use"),
    ],
)
def test_a_permanent_failure_ends_with_a_sentence_and_status_1(
    tmp_path: Path, prepare: Prepare, says: str, workers: str
):
    data = tmp_path / ".state"
    data.mkdir(mode=0o700)
    held = prepare(data)
    status, text = end_of_start(tmp_path, "--workers", workers)
    for descriptor in held if isinstance(held, list) else ():
        os.close(descriptor)
    assert status == 1
    *_, last = text.rstrip().splitlines()
    assert last.startswith("skirmish serve: ")
    assert says in last
    assert "Traceback" not in text


@pytest.mark.parametrize("workers", ["0", "2"])
def test_wrong_settings_end_it_with_status_2(tmp_path: Path, workers: str):
    status, text = end_of_start(
        tmp_path, "--workers", workers, "--net.trusted_proxies", "10.0.0.0/99"
    )
    assert status == 2
    assert "net.trusted_proxies" in text
    assert "Traceback" not in text


def end_of_start(folder: Path, *arguments: str) -> tuple[int, str]:
    process = subprocess.Popen(
        command("serve", "--port", "0", "--log-format", "json", *arguments),
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _, text = process.communicate(timeout=END_S)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        _, text = process.communicate()
        pytest.fail(f"it goes on and on: {text[-2000:]}")
    return process.returncode, text


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_hangup_reloads_and_ends_nothing_even_when_the_settings_are_broken(
    tmp_path: Path, workers: str
):
    config = tmp_path / "skirmish.toml"
    config.write_text("grace_s = 2")
    process = subprocess.Popen(
        command("serve", "--port", "0", "--log-format", "json", "--workers", workers),
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = iter(process.stderr)
    try:
        started = json.loads(next(line for line in said if '"started"' in line))
        port = int(started["url"].rpartition(":")[2])
        config.write_text("grace_s = 'long'\n[net]\nallowed_hosts = ['play.example']")
        process.send_signal(signal.SIGHUP)
        refused = json.loads(next(line for line in said if '"settings_refused"' in line))
        assert "grace_s" in refused["reason"]
        assert status_of(port) != 421, "nothing was changed"
        config.unlink()
        process.send_signal(signal.SIGHUP)
        refused = json.loads(next(line for line in said if '"settings_refused"' in line))
        assert "skirmish.toml is gone" in refused["reason"]
        config.write_text(CHANGED)
        process.send_signal(signal.SIGHUP)
        told = json.loads(next(line for line in said if '"settings_reloaded"' in line))
        assert told["taken"] == "grace_s, net.allowed_hosts"
        told = json.loads(next(line for line in said if '"settings_need_restart"' in line))
        assert told["changed"] == "log.queue_max"
        deadline_s = time.monotonic() + END_S
        while status_of(port) != 421 and time.monotonic() < deadline_s:
            time.sleep(0.05)  # the supervisor tells the gateway
        assert status_of(port) == 421
        process.terminate()
        assert process.wait(END_S) == 0
    finally:
        process.kill()
        process.communicate()


def status_of(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=END_S)
    try:
        connection.request("GET", "/maps", headers={"connection": "close"})
        return connection.getresponse().status
    finally:
        connection.close()

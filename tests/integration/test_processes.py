"""Real processes, killed and replaced while players play."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
import trio

from clients.net import ClientError, play
from tests.integration.servers import (
    END_S,
    FORWARD,
    PATIENCE_S,
    Server,
    command,
    environment,
    is_running,
    see,
    until,
)

pytestmark = pytest.mark.slow

SOON = ("--lobby.bot_fill_after_s", "0.1", "--grace_s", "0")

Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start servers in an empty folder; afterwards no process of theirs may be left."""
    servers: list[Server] = []

    def make(workers: int, *arguments: str) -> Server:
        server = Server.start(tmp_path, "--workers", str(workers), *SOON, *arguments)
        servers.append(server)
        return server

    yield make
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
    deadline = time.monotonic() + END_S
    pids = [pid for server in servers for pid in server.serving() | server.spares()]
    while left := [pid for pid in pids if is_running(pid)]:
        assert time.monotonic() < deadline, f"processes outlived their supervisor: {left}"
        time.sleep(0.02)


def upgraded(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command("upgrade"),
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def set_aside(folder: Path) -> set[str]:
    """The matches whose journals were set aside."""
    return {path.name[:12] for path in folder.rglob("set-aside/*.skj")}


def health(url: str) -> str:
    with urlopen(f"{url}/healthz", timeout=END_S) as response:
        return str(json.load(response)["status"])


async def outcome(process: "subprocess.Popen[str]") -> tuple[int, str]:
    said, _ = await trio.to_thread.run_sync(lambda: process.communicate(timeout=PATIENCE_S))
    return process.returncode, said


async def test_a_worker_that_is_killed_costs_nobody_their_match(start: Start, tmp_path: Path):
    server = start(2)
    url = await server.wait_ready(2)
    async with play(url, name="Ann") as match:
        await server.wait_spare()
        before = await see(match, 60)
        home = (await server.wait_event("match_started"))["process"]
        count = server.kill(home)
        after = await see(match, 60)
        welcome = match.replica.welcome
        assert match.counts.reconnects == 1
        assert after > before
        assert welcome is not None
        assert [row.name for row in match.replica.roster.values() if not row.bot] == ["Ann"]
        died = await server.wait_event("process_died", after=count)
        assert (died["process"], died["how"]) == (home, "was ended by SIGKILL")
        took = await server.wait_event("process_serves", after=count, process=home)
        assert took["matches_restored"] == 1
    assert server.end() == 0
    assert sorted(it.name for it in (tmp_path / ".state").iterdir()) == [
        "journals",
        "secret",
        "skirmish.sqlite3",
    ]


async def test_a_gateway_that_is_killed_costs_nobody_a_tick(start: Start):
    server = start(1)
    url = await server.wait_ready(1)
    async with play(url, name="Ann") as match:
        await see(match, 30)
        count = server.kill("gateway")
        await see(match, 30)
        assert match.counts.reconnects == 0
        await server.wait_event("process_serves", after=count, process="gateway")
        async with play(url, name="Bob") as other:  # joins the match that the new gateway found
            await see(other, 30)
            theirs, ours = other.replica.welcome, match.replica.welcome
            assert theirs is not None
            assert ours is not None
            assert theirs.match == ours.match
        await see(match, 30)
        assert match.counts.reconnects == 0
    assert server.end() == 0


async def test_a_supervisor_that_is_killed_takes_all_with_it_and_its_successor_goes_on(
    start: Start,
):
    server = start(1)
    url = await server.wait_ready(1)
    async with play(url, name="Ann") as match:
        before = await see(match, 60)
        server.process.kill()
        server.process.wait(END_S)
        pids = server.serving()
        await until(lambda: not any(is_running(pid) for pid in pids))
        successor = start(1, "--net.port", url.rpartition(":")[2])
        await successor.wait_ready(1)
        assert await see(match, 30) > before
        assert match.counts.reconnects == 1
    assert successor.end() == 0


async def test_a_match_that_kills_its_worker_is_set_aside_and_takes_no_other_with_it(
    start: Start, tmp_path: Path
):
    (tmp_path / "poison").touch()
    server = start(1)
    url = await server.wait_ready(1)
    async with play(url, name="Ann") as healthy:
        await see(healthy, 30)
        with suppress(ClientError), trio.fail_after(60):
            async with play(url, name="Poison", mode="duel") as poisoned:
                async for _ in poisoned:
                    poisoned.send(FORWARD)
                    if any(it["event"] == "match_set_aside" for it in server.look()):
                        break
                    if not poisoned.counts.reconnects:
                        continue
        aside = await server.wait_event("match_set_aside")
        assert "2 processes died" in aside["reason"]
        await see(healthy, 60)
        ours = healthy.replica.welcome
        assert ours is not None
        assert ours.match != aside["match"]
        assert set_aside(tmp_path) == {aside["match"]}
    assert server.end() == 0


async def test_a_bug_in_a_workers_link_costs_nobody_their_match(start: Start, tmp_path: Path):
    (tmp_path / "with faults").touch()
    server = start(1)
    url = await server.wait_ready(1)
    async with play(url, name="Ann") as match:
        before = await see(match, 30)
        await server.wait_spare()
        (tmp_path / "faulty").touch()
        await server.wait_event("worker_fault")
        assert await see(match, 60) > before
        assert match.counts.ends == {1006: 1}, "nobody was told that their match is over"
    assert server.end() == 0


async def test_a_process_that_hangs_is_killed_and_replaced(start: Start):
    server = start(1, "--process.silent_s", "1.5")
    url = await server.wait_ready(1)
    async with play(url, name="Ann") as match:
        await see(match, 30)
        await server.wait_spare()
        count = server.kill("worker-0", signal.SIGSTOP)
        await server.wait_event("process_silent", after=count)
        await server.wait_event("process_serves", after=count, process="worker-0")
        await see(match, 30)
        assert match.counts.reconnects == 1
    assert server.end() == 0


async def test_an_upgrade_moves_every_match_and_ends_none(start: Start, tmp_path: Path):
    server = start(1)
    url = await server.wait_ready(1)
    async with play(url, name="Ann") as match:
        before = await see(match, 60)
        old = server.pid_of("worker-0")
        process = upgraded(tmp_path)
        while process.poll() is None:
            before = await see(match, 6)
        status, said = await outcome(process)
        assert status == 0, said
        assert "1 matches moved, none ended" in said
        assert await see(match, 60) > before
        assert match.counts.ends == {4012: 1}
        await server.wait_event("worker_retired")
        await until(lambda: not is_running(old))
        await server.wait_event("process_stepped_down", process="gateway")
        assert not [it for it in server.look() if it["event"] == "process_died"]
    assert server.end() == 0


async def test_a_build_with_other_rules_does_not_get_the_match(start: Start, tmp_path: Path):
    server = start(1)
    url = await server.wait_ready(1)
    async with play(url, name="Ann") as match:
        await see(match, 240)  # beyond the countdown: somebody has moved
        (tmp_path / "changed").touch()
        process = upgraded(tmp_path)
        while process.poll() is None:
            await see(match, 6)
        status, said = await outcome(process)
        assert status == 0, said
        stays = await server.wait_event("match_stays")
        assert f"match {stays['match']} stays on the old build until it ends: at tick" in said
        assert stays["tick"] > 0
        await see(match, 60)
        assert match.counts.reconnects == 0
        assert is_running(server.pid_of("worker-0"))
    assert server.end() == 0


async def test_other_rules_that_take_a_match_over_are_reported(start: Start, tmp_path: Path):
    server = start(1)
    url = await server.wait_ready(1)
    async with play(url, name="Ann") as match:
        await see(match, 240)  # beyond the countdown: somebody has moved
        await server.wait_spare()
        (tmp_path / "changed").touch()
        for pid in server.spares() - server.serving():
            os.kill(pid, signal.SIGKILL)
        await until(lambda: any(is_running(pid) for pid in server.spares() - server.serving()))
        await see(match, 30)
        server.kill("worker-0")
        told = await server.wait_event("match_diverges")
        assert told["tick"] > 0
        await see(match, 60)
        assert match.counts.reconnects == 1
    assert server.end() == 0


async def test_processes_that_cannot_start_are_tried_again_more_and_more_slowly(
    start: Start, tmp_path: Path
):
    server = start(1)
    url = await server.wait_ready(1)
    await server.wait_spare()
    (tmp_path / "broken").touch()
    count = server.kill("worker-0")  # the spare is healthy; processes after it are not
    await server.wait_event("process_died", after=count, process="spare")
    server.kill("worker-0")
    delayed = await server.wait_event("restart_delayed", after=count, process="worker-0")
    assert delayed["pause_s"] > 0
    assert health(url) == "ok"
    (tmp_path / "broken").unlink()
    count = len(server.look())
    await server.wait_event("process_serves", after=count, process="worker-0")
    assert server.end() == 0


async def test_a_second_server_in_the_same_folder_is_refused_in_a_sentence(
    start: Start, tmp_path: Path
):
    server = start(1)
    await server.wait_ready(1)
    other = Server.start(tmp_path, "--workers", "1")
    assert other.process.wait(END_S) == 1
    assert "another server uses" in (tmp_path / "log").read_text()
    assert server.end() == 0


async def test_an_upgrade_without_a_server_is_refused_in_a_sentence(tmp_path: Path):
    status, said = await outcome(upgraded(tmp_path))
    assert status == 1
    assert f"no server with worker processes answers in {tmp_path}/.state/run:" in said
    assert "Errno" not in said


async def test_a_machine_that_was_paused_kills_none_of_its_processes(start: Start):
    server = start(1, "--process.silent_s", "2")
    url = await server.wait_ready(1)
    async with play(url, name="Ann") as match:
        await server.wait_spare()
        await see(match, 60)
        pids = [server.process.pid, *(server.serving() | server.spares())]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        await trio.sleep(4.0)  # a pause longer than a process may be silent
        count = len(server.look())
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        await server.wait_event("paused", after=count, pid=server.process.pid)
        await see(match, 180)
        told = {it["event"] for it in server.look()[count:]}
        assert not told & {"process_silent", "process_died"}
    assert server.end() == 0

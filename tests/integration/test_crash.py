"""`kill -9` of a server with players: the next one on the same data resumes their matches."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from gzip import decompress
from pathlib import Path

import pytest
import trio

from clients.net import MatchClient, play
from game.inputs import Input
from game.journal import Replay, read_journal
from server.maps.files import load_maps

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0
FLAGS = ("--log.format", "json", "--lobby.bot_fill_after_s", "0.1")
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the server on one port and one data folder, as often as asked."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SKIRMISH_")}
    processes: list[subprocess.Popen[str]] = []

    def run() -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "serve", "--port", str(port), *FLAGS],
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        event(process, "started")
        return process

    yield run
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def event(process: "subprocess.Popen[str]", name: str) -> dict[str, object]:
    """The next log line of the event `name`."""
    assert process.stderr is not None
    for line in process.stderr:
        found: dict[str, object] = json.loads(line)
        if found["event"] == name:
            return found
    pytest.fail(f"the server ended before it said {name!r}")


def url(process: "subprocess.Popen[str]") -> str:
    arguments = process.args
    assert isinstance(arguments, list)
    return f"http://127.0.0.1:{arguments[arguments.index('--port') + 1]}"


async def see(match: MatchClient, count: int) -> tuple[int, int]:
    """Press keys for `count` snapshots; returns the last one's tick, and the player's slot."""
    dice = random.Random(7)
    tick = -1
    for _ in range(count):
        await anext(match)
        view = match.replica.view
        assert view is not None
        assert view.tick > tick, "time goes on"
        tick = view.tick
        match.send(Input(dice.randrange(64), dice.randrange(65_536)))
    assert match.replica.welcome is not None
    return tick, match.replica.welcome.slot


async def test_a_match_goes_on_after_kill_9_with_its_people_in_their_seats(
    start: Start, tmp_path: Path
) -> None:
    process = start()
    with trio.fail_after(PATIENCE_S):
        async with play(url(process), name="Ann") as match:
            for _ in range(2):
                tick, slot = await see(match, 60)
                score = match.replica.view.cards[slot] if match.replica.view else None
                process.kill()
                process.wait()
                process = await trio.to_thread.run_sync(start)
                after, same_slot = await see(match, 1)
                assert same_slot == slot
                assert score is not None
                assert tick - 4 <= after, "nothing that was shown is undone"
            assert match.counts.reconnects == 2
            await see(match, 30)
        process.send_signal(signal.SIGTERM)
        assert await trio.to_thread.run_sync(process.wait) == 0
    check_the_chain(tmp_path / ".state" / "journals")


def check_the_chain(folder: Path) -> None:
    """Check that all segments of the match are one chain, and that each replays to its digests."""
    files = sorted(folder.rglob("*.skj.gz"))
    assert len(files) == 3, "one before the first kill, one after each"
    maps, chain, last_tick = load_maps(ROOT / "maps"), None, -1
    for file in files:
        journal = read_journal(decompress(file.read_bytes()), chain)
        assert not journal.damage
        assert Replay(journal, maps[journal.header.map_name]).verify() is None
        assert journal.first_tick >= last_tick - 1
        chain, last_tick = journal.chain, journal.last_tick

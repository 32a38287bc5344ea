"""A server of many processes for tests: started, watched through its log, and ended completely.

Every process is ended by its id; at the end it is checked that none is left.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trio
from attrs import define, field

from clients.net import Input, MatchClient

FORWARD = Input(1, 0, 0)
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0  # far more than anything here takes
END_S = 20.0


@define
class Server:
    """`skirmish serve --workers N` in a folder. `events` are read as they come."""

    folder: Path
    process: "subprocess.Popen[bytes]"
    _at: int = 0
    events: list[dict[str, Any]] = field(factory=list)

    @classmethod
    def start(cls, folder: Path, *arguments: str) -> "Server":
        (folder / "log").touch()
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command("serve", "--port", "0", "--log-format", "json", *arguments),
                cwd=folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stderr=log,
            )
        return cls(folder, process, at_end_of(folder / "log"))

    def look(self) -> list[dict[str, Any]]:
        """All events so far."""
        with (self.folder / "log").open("rb") as log:
            log.seek(self._at)
            for line in log.read().split(b"\n")[:-1]:
                self._at += len(line) + 1
                if line.startswith(b"{"):
                    self.events.append(json.loads(line))
        return self.events

    async def wait_event(self, name: str, after: int = 0, **fields: Any) -> dict[str, Any]:
        """The first event of this name and these fields, counted from `after`."""
        with trio.fail_after(PATIENCE_S):
            while True:
                for event in self.look()[after:]:
                    if event["event"] == name and fields.items() <= event.items():
                        return event
                assert self.process.poll() is None, (self.folder / "log").read_text()[-3000:]
                await trio.sleep(0.02)

    async def wait_ready(self, workers: int) -> str:
        """Wait until every process has its role; returns the address."""
        for place in range(workers):
            await self.wait_event("process_serves", process=f"worker-{place}")
        return str((await self.wait_event("started"))["url"])

    async def wait_spare(self) -> None:
        """Wait until a spare process without a role is warm."""
        await until(lambda: bool(self.spares() - self.serving()))

    def spares(self) -> set[int]:
        """Ids of the processes that were warm before they got a role."""
        return {int(it["pid"]) for it in self.look() if it["event"] == "spare_ready"}

    def serving(self) -> set[int]:
        """Ids of the processes that got a role."""
        return {int(it["pid"]) for it in self.look() if it["event"] == "process_serves"}

    def pid_of(self, name: str) -> int:
        """The process that has a role now."""
        found = [it for it in self.look() if it["event"] == "process_serves"]
        return int([it["pid"] for it in found if it["process"] == name][-1])

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Kill the process with this role; returns how many events there were before."""
        count = len(self.look())
        os.kill(self.pid_of(name), number)
        return count

    def end(self) -> int:
        """End it politely; returns its status."""
        self.process.terminate()
        return self.process.wait(END_S)


async def see(match: MatchClient, ticks: int) -> int:
    """Play for `ticks` more ticks; returns the last of them."""
    first = None
    with trio.fail_after(PATIENCE_S):
        async for sight in match:
            first = sight.tick if first is None else first
            match.send(FORWARD)
            if sight.tick >= first + ticks:
                return sight.tick
    pytest.fail("the match was over")


async def until(condition: Callable[[], bool]) -> None:
    """Poll until the condition holds: other processes set no events of ours."""
    with trio.fail_after(PATIENCE_S):
        while not condition():  # noqa: ASYNC110
            await trio.sleep(0.02)


def command(word: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "server.cli", word, *arguments]


def environment() -> dict[str, str]:
    kept = {name: it for name, it in os.environ.items() if not name.startswith("SKIRMISH_")}
    kept.pop("PORT", None)
    tampering = Path(__file__).parent / "tampering"
    return {**kept, "PYTHONPATH": f"{ROOT}{os.pathsep}{tampering}"}


def at_end_of(path: Path) -> int:
    return path.stat().st_size


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False

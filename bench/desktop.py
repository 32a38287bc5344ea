"""`python -m bench.desktop`: does the desktop client hold its frames, and in which kind of loop?

A server with a room of sixteen (fifteen bots) runs beside it on the same machine, and somebody who
runs, turns and shoots sits in the client; it paints 1280 × 720 without a screen (SDL's dummy
driver, or the one in SDL_VIDEODRIVER). Two loops are compared in turn: Trio sleeps between frames
(`trio`, what the client does), or Trio is a guest in a loop of our own (`guest`).
"""

import argparse
import json
import os
import queue
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygame
import trio
from attrs import define, field

from bench.contender_skirmish import Skirmish
from bench.machine import facts
from clients.desktop.app import App
from clients.desktop.connection.connection import Connection
from clients.desktop.core.input.bindings import PLACES
from clients.desktop.core.sound.recipes import RECIPES
from clients.desktop.settings_file import SettingsFile
from clients.desktop.window.speaker import Speaker
from clients.desktop.window.window import Window
from clients.net.address import Address

FRAME_S = 1 / 60
SETTLED_S = 5.0  # the round's warm-up and countdown, and pictures that are painted once
MAP, BOTS = "bastion", 15
SCANCODES = {name: code for code, name in PLACES.items()}


@define
class Frames:
    """The measurements of one run, frame by frame, in seconds."""

    late: list[float] = field(factory=list)  # how long after it was due
    work: list[float] = field(factory=list)  # wall-clock time
    cpu: list[float] = field(factory=list)  # this thread's CPU time
    began_s: float = 0.0
    settled: int = 0  # how many of the first are not counted
    settled_s: float = 0.0
    ended_s: float = 0.0
    jitter_ticks: float = 0.0  # of snapshots, as the client estimates it
    corrections: int = 0
    unforced: int = 0
    players: int = 0

    def measure(self, app: App, now_s: float, due_s: float) -> None:
        """Measure one frame."""
        play(app, len(self.work))
        self.ended_s = now_s
        self.began_s = self.began_s or now_s
        if now_s - self.began_s < SETTLED_S:
            self.settled, self.settled_s = len(self.work), now_s
        began_s, cpu_s = time.perf_counter(), time.thread_time()
        app.frame(now_s)
        self.cpu.append(time.thread_time() - cpu_s)
        self.work.append(time.perf_counter() - began_s)
        self.late.append(max(0.0, now_s - due_s))
        if app.match is not None and app.match.session.replica.view is not None:
            self.jitter_ticks = app.match.session.clock.jitter_ticks
            self.corrections = app.match.session.corrections
            self.unforced = app.match.session.unforced
            self.players = len(app.match.session.replica.view.cards)

    def summary(self) -> dict[str, Any]:
        """The figures of the run, times in milliseconds."""
        work, cpu, late = (kept[self.settled :] for kept in (self.work, self.cpu, self.late))
        return {
            "frames_per_s": round(len(work) / (self.ended_s - self.settled_s), 1),
            "players": self.players,
            "cpu_ms": percentiles(cpu),
            "work_ms": percentiles(work),
            "late_ms": percentiles(late),
            "missed_percent": round(100 * sum(it > FRAME_S for it in work) / len(work), 2),
            "snapshot_jitter_ms": round(self.jitter_ticks * FRAME_S * 1_000, 2),
            "corrections": self.corrections,
            "unforced": self.unforced,
        }


def percentiles(values_s: list[float]) -> dict[str, float]:
    """Percentiles in milliseconds."""
    cuts = statistics.quantiles(values_s, n=100, method="inclusive")
    return {f"p{share}": round(cuts[share - 1] * 1_000, 2) for share in (50, 95, 99)}


def play(app: App, frame: int) -> None:
    """Run in a square, turn, shoot and dash."""
    if app.match is None or frame % 20:
        return
    keys = ("w", "d", "s", "a")
    for key in keys:
        _key(key, down=key == keys[frame // 40 % 4])
    _key("space", down=frame % 100 == 0)
    pygame.event.post(
        pygame.event.Event(pygame.MOUSEMOTION, pos=(frame * 7 % 1_280, 200), rel=(0, 0))
    )
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=(0, 0)))


def _key(name: str, *, down: bool) -> None:
    kind = pygame.KEYDOWN if down else pygame.KEYUP
    pygame.event.post(pygame.event.Event(kind, scancode=SCANCODES[name], key=0))


async def take_room(app: App) -> None:
    """Open a room of sixteen, filled with bots."""
    app.lobby.ask("create_room", "deathmatch", MAP)
    with trio.fail_after(20):
        while app.lobby.state.room is None:  # noqa: ASYNC110
            await trio.sleep(0.05)
        app.lobby.ask("start_room", BOTS, 3)
        while app.match is None or app.match.session.shown is None:  # noqa: ASYNC110
            await trio.sleep(0.05)


def run_as_host(make: Callable[[trio.Nursery], App], seconds: float) -> Frames:
    """Run the client in a Trio that sleeps between frames."""
    frames = Frames()

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            app = make(nursery)
            nursery.start_soon(app.lobby.run)
            await take_room(app)
            due_s = trio.current_time()
            end_s = due_s + seconds
            while due_s < end_s:
                now_s = trio.current_time()
                frames.measure(app, now_s, due_s)
                due_s = max(due_s + FRAME_S, trio.current_time())
                await trio.sleep_until(due_s)
            if app.match is not None:
                await app.match.leave()
            nursery.cancel_scope.cancel()

    trio.run(main)
    return frames


class DeferredConnection:
    """Stands in for a connection outside of Trio's turn, when none of it may be touched: messages
    wait until that turn comes.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._token = trio.lowlevel.current_trio_token()

    def say(self, message: bytes) -> None:
        """Queue a message."""
        self._token.run_sync_soon(self._connection.say, message)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def run_as_guest(make: Callable[[trio.Nursery], App], seconds: float) -> Frames:
    """Run Trio as a guest: our loop waits for the next frame or Trio's callbacks, whichever is
    first.
    """
    frames, calls = Frames(), queue.SimpleQueue[Callable[[], object]]()
    begun: list[App] = []
    is_over: list[Any] = []
    offset_s: list[float] = []  # from `perf_counter` to Trio's clock, which runs at the same rate

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            app = make(nursery)
            nursery.start_soon(app.lobby.run)
            await take_room(app)
            assert app.match is not None
            spoken = app.match.connection
            app.match.connection = DeferredConnection(spoken)  # type: ignore[assignment]
            offset_s.append(trio.current_time() - time.perf_counter())
            begun.append(app)
            await trio.sleep(seconds)
            app.match.connection = spoken
            await app.match.leave()
            nursery.cancel_scope.cancel()

    trio.lowlevel.start_guest_run(
        main, run_sync_soon_threadsafe=calls.put, done_callback=is_over.append
    )
    due_s = 0.0
    while not is_over:
        now_s = time.perf_counter() + offset_s[0] if begun else 0.0
        if begun and now_s >= due_s:
            frames.measure(begun[0], now_s, due_s or now_s)
            due_s = max(due_s + FRAME_S, time.perf_counter() + offset_s[0])
        patience_s = max(0.0, due_s - time.perf_counter() - offset_s[0]) if begun else 1.0
        try:
            calls.get(timeout=patience_s)()
        except queue.Empty:
            continue
    is_over[0].unwrap()
    return frames


def main() -> None:
    """Measure both loops in turn, and print the records as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.desktop", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each run")
    parser.add_argument("--rounds", type=int, default=2, help="of both loops")
    chosen = parser.parse_args()
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
    os.environ["SDL_NO_SIGNAL_HANDLERS"] = "1"
    record: dict[str, Any] = {"machine": facts(), "trio": [], "guest": []}
    window, speaker = Window(), Speaker()
    window.open()
    speaker.open()
    for _ in RECIPES:  # as the first page does
        speaker.prepare_one()
    with Skirmish().running() as (_, port), tempfile.TemporaryDirectory() as folder:
        settings = SettingsFile.read(Path(folder) / "desktop.toml")

        def make(nursery: trio.Nursery) -> App:
            return App(Address("127.0.0.1", port), settings, window, speaker, nursery)

        loops = [("trio", run_as_host), ("guest", run_as_guest)]
        for _ in range(chosen.rounds):
            for name, run in loops:
                record[name].append(run(make, SETTLED_S + chosen.seconds).summary())
            loops.reverse()  # so that neither always comes first
    speaker.close()
    window.close()
    print(json.dumps(record, indent=2))


if __name__ == "__main__":
    main()

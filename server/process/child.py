"""The program of every process that the supervisor starts: it warms up, then takes a role.

Owns: the life of a child. Must not know: when and why it is started. Invariants: it dies with the
supervisor; only the supervisor's messages end it: a signal to the whole process group does not.

    _live nursery
      ├─ channel.run, _say_alive    to the supervisor
      └─ role                       none yet (the spare), the gateway, or a worker
"""

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
import trio
from attrs import define, field

from game.arena import Arena
from server.app import (
    MAPS,
    freeze_startup_objects,
    match_route,
    open_registry,
    precompute_visibility,
)
from server.commands.errors import FAILED
from server.config.settings import Settings
from server.maps.files import MapFolderError, load_maps
from server.match.journal_files import FolderInUseError, JournalFolder
from server.net.front import Front, guard_of
from server.net.http import Site
from server.net.static import StaticFiles
from server.ops.logs import LogWriter, logs_to, set_level
from server.ops.plain import plain_output
from server.process.channel import Channel, ChannelEndedError, ReceivedMessage
from server.process.folders import RunFolder, place_folder
from server.process.gateway import Gateway
from server.process.messages import LINE_BYTES_MAX, PROTOCOL, TO_CHILD, TO_SUPERVISOR, cut
from server.process.rehearsal import rehearse
from server.process.result_outbox import ResultOutbox
from server.process.serialization import settings_of
from server.process.worker import Worker
from server.reloading import apply_worker_settings
from server.runtime.clock import AwakeClock
from server.runtime.descriptors import raise_limit
from server.runtime.start_error import StartError
from server.security.secret import SecretError, load_secret
from server.security.tickets import TicketBox
from server.version import build

ALIVE_S = 1.0
ALIVE_PER_SILENCE = 5  # a busy machine may be late with one or two of them
START_ERRORS = (StartError, MapFolderError, SecretError, FolderInUseError, OSError)
PR_SET_PDEATHSIG = 1

log = structlog.get_logger("process")


def main() -> int:
    """Run on the channel whose descriptor is the only argument."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    with plain_output():
        return trio.run(_live, socket.socket(fileno=int(sys.argv[1])), clock=AwakeClock())


async def _live(sock: socket.socket) -> int:
    """Run the child; returns the exit status. The supervisor is told why a start failed."""
    channel = Channel(sock, TO_SUPERVISOR, TO_CHILD)
    try:
        message = await channel.receive()
    except ChannelEndedError:
        return 0
    settings = settings_of(message.fields[0])
    form = settings.log
    child, failure = None, ""
    with logs_to(sys.stderr, form.format, form.level, form.queue_max) as logs:
        try:
            async with trio.open_nursery() as nursery:
                child = _Child(settings, channel, load_maps(MAPS), nursery, logs)
                freeze_startup_objects()
                nursery.start_soon(channel.run)
                nursery.start_soon(child.send_alive)
                await precompute_visibility(
                    child.maps.values()
                )  # later it would slow running matches
                channel.send("ready", PROTOCOL, build())
                await child.handle_all()
                nursery.cancel_scope.cancel()
        except* START_ERRORS as group:
            if child is not None and child.is_serving:
                raise  # it was serving already: this is a bug
            failure = _reason_of(group)
        if failure:
            channel.send("failed", cut(failure, LINE_BYTES_MAX))
    return FAILED if failure else 0


def _reason_of(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or repr(error)


@define(eq=False)
class _Child:
    """A child's state: it has no role until the supervisor assigns one."""

    settings: Settings
    channel: Channel
    maps: Mapping[str, Arena]
    nursery: trio.Nursery
    logs: LogWriter
    gateway: Gateway | None = None
    worker: Worker | None = None
    _life: trio.CancelScope = field(factory=trio.CancelScope)

    @property
    def is_serving(self) -> bool:
        """Whether it has started to serve in its role."""
        role = self.gateway or self.worker
        return role is not None and role.is_serving

    async def handle_all(self) -> None:
        """Handle the supervisor's messages until `leave`, or until the role ends.

        A supervisor that disappears without `leave` was killed. Then no match is ended and no
        player is told anything: the next start finds every match as it was and resumes it.
        """
        with self._life:
            try:
                while (message := await self.channel.receive()).name != "leave":
                    await self._handle(message)
                if self.worker is not None:
                    self.worker.is_leaving = True
            except ChannelEndedError:
                os.kill(os.getpid(), signal.SIGKILL)

    async def send_alive(self) -> None:
        """Say `alive` regularly, so that the supervisor notices a hung process.

        The interval is fixed at the start: the supervisor keeps the `silent_s` of that moment.
        """
        every_s = min(ALIVE_S, self.settings.process.silent_s / ALIVE_PER_SILENCE)
        while True:
            busy = self.worker.busy if self.worker is not None else 0
            if self.channel.is_idle:
                self.channel.send("alive", busy)
            await trio.sleep(every_s)

    async def _handle(self, message: ReceivedMessage) -> None:
        match message.name, *message.fields:
            case ("be_gateway",):
                self._be_gateway(message.descriptors)
            case "be_worker", place:
                self._be_worker(place)
            case "settings", rows:
                self._reload(settings_of(rows))
            case "rehearse", folder:
                findings = await trio.to_thread.run_sync(_rehearse, folder, self.maps)
                self.channel.send("rehearsed", findings)
            case name, *fields if self.gateway is not None:
                self.gateway.handle(name, fields)
            case name, *fields if self.worker is not None:
                await self.worker.handle(name, fields)

    def _reload(self, settings: Settings) -> None:
        self.settings = settings
        set_level(settings.log.level)
        raise_limit(settings)
        if self.gateway is not None:
            self.gateway.reload(settings)
        if self.worker is not None:
            self.worker.outbox.pending_max = settings.store.pending_max
            apply_worker_settings(self.worker.registry, self.worker.front, settings)

    def _be_gateway(self, descriptors: list[int]) -> None:
        structlog.contextvars.bind_contextvars(process="gateway")
        worker_listener, *listeners = (
            socket.socket(fileno=descriptor) for descriptor in descriptors
        )
        self.gateway = Gateway(self.settings, worker_listener, listeners, self.channel, self.logs)
        self.nursery.start_soon(self._run_role, self.gateway)

    def _be_worker(self, place: int) -> None:
        structlog.contextvars.bind_contextvars(process=f"worker-{place}")
        settings = self.settings
        tickets = TicketBox(load_secret(settings))
        path = place_folder(settings, place)
        folder = JournalFolder(path) if path is not None else None
        outbox = ResultOutbox(settings.store.pending_max)
        registry = open_registry(settings, self.maps, tickets, outbox, folder)
        if registry.journals is not None:
            outbox.on_stored = registry.journals.archiver.result_stored
        site = Site({}, StaticFiles({}), settings.net)
        guard = guard_of(settings.net, settings.budget, lambda: registry.is_playing)
        guard.ledger.refused = registry.counters.over_budget
        front = Front(settings.net, site, {"/match/": match_route(registry)}, guard=guard)
        gateway_path = RunFolder.of(settings).gateway_path
        self.worker = Worker(place, registry, front, outbox, gateway_path, self.channel)
        self.nursery.start_soon(self._run_role, self.worker)

    async def _run_role(self, role: Any) -> None:
        await role.run()
        self._life.cancel()


def _rehearse(folder: str, maps: Mapping[str, Arena]) -> list[list[object]]:
    return [finding.row() for finding in rehearse(Path(folder) / "live", maps)]


if __name__ == "__main__":
    sys.exit(main())

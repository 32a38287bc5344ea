"""A gateway and workers in one loop: real sockets and journals, no processes."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import trio
from attrs import define, field

from server.app import App, ExternalResources, open_registry, running_app
from server.config.settings import ListenSettings, LobbySettings, Settings, StoreSettings
from server.match.journal_files import JournalFolder
from server.net.front import Front
from server.net.http import Site
from server.net.static import StaticFiles
from server.process.channel import Channel, listen_at, socket_pair
from server.process.gateway import Gateway
from server.process.messages import TO_CHILD, TO_SUPERVISOR
from server.process.remote_registry import RemoteMatchRegistry
from server.process.result_outbox import ResultOutbox
from server.process.worker import Worker
from server.runtime.listeners import listen
from server.security.secret import load_secret
from server.security.tickets import TicketBox
from tests.journals import house_maps

PATIENCE_S = 20.0


@define
class Cluster:
    """`nursery` runs the workers; each has a cancel scope, so a test can kill it alone."""

    settings: Settings
    folder: Path
    nursery: trio.Nursery
    scopes: dict[int, trio.CancelScope] = field(factory=dict)

    @property
    def gateway_path(self) -> str:
        return str(self.folder / "gateway.sock")

    @asynccontextmanager
    async def gateway(self, *places: int) -> AsyncIterator[App]:
        """A gateway until the block ends; then it vanishes as if it had been killed."""
        ours, theirs = socket_pair()
        listeners, worker_listener = listen(self.settings).all, self._listen_for_workers()
        gateway = Gateway(
            self.settings, worker_listener, listeners, Channel(ours, TO_SUPERVISOR, TO_CHILD)
        )
        gateway.handle("places", [list(places)])
        with theirs, ours, worker_listener:
            external = ExternalResources(listeners, gateway._make_registry)
            async with running_app(self.settings, external) as app:
                yield app
                assert isinstance(app.registry, RemoteMatchRegistry)
                app.registry.is_stepping_down = True

    def _listen_for_workers(self) -> socket.socket:
        Path(self.gateway_path).unlink(missing_ok=True)
        return listen_at(self.gateway_path)

    async def start_worker(self, place: int) -> Worker:
        """Start a worker for a place; it connects to the gateway as soon as there is one."""
        ours, theirs = socket_pair()
        supervisor = Channel(ours, TO_SUPERVISOR, TO_CHILD)
        scope = self.scopes[place] = trio.CancelScope()
        outbox = ResultOutbox(9)
        folder = JournalFolder(self.folder / f"worker-{place}")
        tickets = TicketBox(load_secret(self.settings))
        registry = open_registry(self.settings, house_maps(), tickets, outbox, folder)
        assert registry.journals is not None
        outbox.on_stored = registry.journals.archiver.result_stored
        site = Site({}, StaticFiles({}), self.settings.net)
        front = Front(self.settings.net, site, {"/match/": registry.session})
        worker = Worker(place, registry, front, outbox, self.gateway_path, supervisor)

        async def work() -> None:
            try:
                with theirs, scope:
                    await worker.run()
            finally:
                supervisor.close()
                folder.release()

        self.nursery.start_soon(work)
        return worker


@asynccontextmanager
async def cluster(folder: Path, **changes: Any) -> AsyncIterator[Cluster]:
    """A cluster without a gateway or workers."""
    settings = Settings(
        net=ListenSettings(port=0),
        lobby=LobbySettings(bot_fill_after_s=0.0, bots=2),
        store=StoreSettings(data_dir=str(folder)),
        **changes,
    )
    async with trio.open_nursery() as nursery:
        yield Cluster(settings, folder, nursery)
        nursery.cancel_scope.cancel()


async def until(condition: Any) -> None:
    with trio.fail_after(PATIENCE_S):
        while not condition():  # noqa: ASYNC110  # the two ends of a socket share no event
            await trio.sleep(0.005)

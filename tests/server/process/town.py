"""A gateway and workers in one loop: real sockets and journals, no processes."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import trio
from attrs import define, field

from server.app import App, Elsewhere, open_registry, running_app
from server.listeners import listen
from server.match.journal_files import JournalFolder
from server.net.front import Front
from server.net.http import Site
from server.net.static import StaticFiles
from server.process.channel import Channel, listen_at, socket_pair
from server.process.gateway import Gateway
from server.process.messages import TO_CHILD, TO_SUPERVISOR
from server.process.post import ResultPost
from server.process.remote import RemoteMatchRegistry
from server.process.worker import Worker
from server.secret import load_secret
from server.settings import ListenSettings, LobbySettings, Settings, StoreSettings
from server.tickets import TicketBox
from tests.journals import house_maps

PATIENCE_S = 20.0


@define
class Town:
    """`nursery` runs the workers; each has a cancel scope, so a test can kill it alone."""

    settings: Settings
    folder: Path
    nursery: trio.Nursery
    scopes: dict[int, trio.CancelScope] = field(factory=dict)

    @property
    def hub(self) -> str:
        return str(self.folder / "hub.sock")

    @asynccontextmanager
    async def gateway(self, *places: int) -> AsyncIterator[App]:
        """A gateway until the block ends; then it vanishes as if it had been killed."""
        ours, theirs = socket_pair()
        listeners, hub = listen(self.settings), self._new_hub()
        gateway = Gateway(self.settings, hub, listeners, Channel(ours, TO_SUPERVISOR, TO_CHILD))
        gateway.obey("places", [list(places)])
        with theirs, ours, hub:
            elsewhere = Elsewhere(listeners, gateway._employ)
            async with running_app(self.settings, elsewhere) as app:
                yield app
                assert isinstance(app.registry, RemoteMatchRegistry)
                app.registry.is_stepping_down = True

    def _new_hub(self) -> socket.socket:
        Path(self.hub).unlink(missing_ok=True)
        return listen_at(self.hub)

    async def hire(self, place: int) -> Worker:
        """Start a worker for a place; it connects to the gateway as soon as there is one."""
        ours, theirs = socket_pair()
        supervisor = Channel(ours, TO_SUPERVISOR, TO_CHILD)
        scope = self.scopes[place] = trio.CancelScope()
        post = ResultPost(9)
        folder = JournalFolder(self.folder / f"worker-{place}")
        tickets = TicketBox(load_secret(self.settings))
        registry = open_registry(self.settings, house_maps(), tickets, post, folder)
        assert registry.journals is not None
        post.on_stored = registry.journals.archiver.result_stored
        site = Site({}, StaticFiles({}), self.settings.net)
        front = Front(self.settings.net, site, {"/match/": registry.session})
        worker = Worker(place, registry, front, post, self.hub, supervisor)

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
async def town(folder: Path, **changes: Any) -> AsyncIterator[Town]:
    """A town without a gateway or workers."""
    settings = Settings(
        net=ListenSettings(port=0),
        lobby=LobbySettings(bot_fill_after_s=0.0, bots=2),
        store=StoreSettings(data_dir=str(folder)),
        **changes,
    )
    async with trio.open_nursery() as nursery:
        yield Town(settings, folder, nursery)
        nursery.cancel_scope.cancel()


async def until(condition: Any) -> None:
    with trio.fail_after(PATIENCE_S):
        while not condition():  # noqa: ASYNC110  # the two ends of a socket share no event
            await trio.sleep(0.005)

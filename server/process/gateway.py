"""The gateway: the whole server except the matches, which it reaches through `RemoteMatchRegistry`.

Owns: an app whose listeners and matches belong to others. Must not know: how those are created.
Invariant: it may die at any moment, and another one starts with the same listeners and matches.
"""

import socket
from collections.abc import Mapping
from typing import Any

import structlog
import trio
from attrs import define, field

from game.arena import Arena
from server.app import App, ExternalResources, running_app
from server.config.settings import Settings
from server.metric_table import read_logs
from server.ops.logs import LogWriter
from server.process.channel import Channel
from server.process.match_index import RemoteMatchIndex
from server.process.remote_registry import RemoteMatchRegistry
from server.reloading import apply_settings
from server.security.tickets import TicketBox
from server.store.writer import ResultWriter

log = structlog.get_logger("process")


@define(eq=False)
class Gateway:
    """See the module. `handle` gets the supervisor's messages."""

    settings: Settings
    worker_listener: socket.socket
    listeners: list[socket.socket]
    supervisor: Channel
    logs: LogWriter | None = None
    is_serving: bool = False
    _app: App | None = None
    _registry: RemoteMatchRegistry | None = None
    _places: list[int] = field(factory=list)
    _grace_s: float = 0.0
    _close_requested: trio.Event = field(factory=trio.Event)

    async def run(self) -> None:
        """Serve until told to close."""
        began_s = trio.current_time()
        async with running_app(
            self.settings, ExternalResources(self.listeners, self._make_registry)
        ) as app:
            self._app = app
            self.reload(self.settings)  # they may have changed during the start
            if self.logs is not None:
                read_logs(app.metrics, self.logs)
            self.is_serving = True
            self.supervisor.send("serving", [], [], float(trio.current_time() - began_s))
            await self._close_requested.wait()
            await app.close(self._grace_s)

    def reload(self, settings: Settings) -> None:
        """Apply new settings."""
        self.settings = settings
        if self._app is not None and self._app.settings is not settings:
            apply_settings(self._app, settings)

    def handle(self, name: str, fields: list[Any]) -> None:
        """Handle a message from the supervisor."""
        match name, *fields:
            case "places", places:
                self._places = list(places)
                if self._registry is not None:
                    self._registry.expect(places)
            case "close", grace_s:
                self._grace_s = grace_s
                self._close_requested.set()
            case ("hurry",):
                if self._app is not None:
                    self._app.hurry()
            case ("step_down",):
                if self._registry is not None:
                    self._registry.is_stepping_down = True
                self._close_requested.set()

    def _make_registry(
        self,
        settings: Settings,
        maps: Mapping[str, Arena],
        tickets: TicketBox,
        results: ResultWriter,
    ) -> RemoteMatchRegistry:
        match = settings.match
        index = RemoteMatchIndex(maps, match.bot_level, match.matches_max, match.load_max)
        self._registry = RemoteMatchRegistry(
            index, self.worker_listener, results, tickets, settings.process.wait_s
        )
        results.on_stored = self._registry.result_stored
        self._registry.expect(self._places)
        return self._registry

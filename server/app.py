"""The composition root: makes each concrete class once, passes it down, and opens the task tree.

Owns: the life of a server in one process, from the first file it reads to the last socket it
closes. Must not know: rules, or what any folder does inside. Invariant: after `running_app` nothing
of it is left: no task, no socket, no row in a registry (`App.census` counts them).

    running_app
      └─ nursery
           ├─ results.run      writes results to the store, with retries
           ├─ registry.run     one nursery of matches: a task each
           ├─ lobby.run        the lobby's clock and the matchmaker's turn
           └─ front.serve      accept loops; a task per connection, in which /lobby and
                               /match/ are served by the lobby and the registry
"""

import gc
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
import trio
from attrs import astuple, define, field, frozen

import game.brain
from game.arena import Arena
from game.compiled import is_compiled
from game.visibility import visibility_of
from game.wire.fingerprint import fingerprint
from server import metric_table
from server.config.settings import Settings
from server.lobby.catalog import catalog_of
from server.lobby.handler import LobbyService
from server.lobby.lobby import Lobby
from server.lobby.seats import Seats
from server.maps.files import MapFile, MapFolderError, load_map_files
from server.match.archiver import JournalArchiver, JournalRetention
from server.match.journal_files import FolderInUseError, JournalFolder
from server.match.recorder import RecorderContext
from server.match.registry import Journals, MatchRegistry
from server.match.tuned_rules import TunedRules
from server.net.echo import echo_routes
from server.net.front import Front, guard_of
from server.net.http import RedirectSite, Site
from server.net.responses import RouteHandler
from server.net.static import StaticFiles, load_static
from server.net.websocket import Handler, HandOffRoute, Route
from server.ops.health import Health
from server.ops.metrics import Metrics
from server.process.folders import gather
from server.process.remote_registry import RemoteMatchRegistry
from server.replays.service import NO_REPLAYS, ReplayService, live_delay_s
from server.routes import make_routes, metrics_routes
from server.runtime.listeners import Listeners, listen, port_of
from server.runtime.start_error import StartError, as_start_error
from server.security.secret import SecretError, load_secret
from server.security.tickets import TicketBox, uptime_s
from server.store.base import Store, StoreError
from server.store.memory import MemoryStore
from server.store.sqlite import open_sqlite
from server.store.writer import ResultWriter
from server.version import build, version

if TYPE_CHECKING:
    from server.security.certificates import Certificates

ROOT = Path(__file__).resolve().parent.parent
MAPS = ROOT / "maps"
CLIENT = ROOT / "clients" / "browser" / "dist"
DATABASE = "skirmish.sqlite3"
JOURNALS = "journals"
CLOSE_S = 5.0  # for closing connections at the end: a silent peer must not delay the exit

log = structlog.get_logger("app")


@frozen
class Census:
    """Everything that is alive in a server; all zero after its end."""

    connections: int
    lobby_links: int
    sessions: int
    queued: int
    rooms: int
    matches: int
    results_pending: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not any(astuple(self))


# Makes the registry of matches: of those in this process, or of those in other processes.
RegistryFactory = Callable[
    [Settings, Mapping[str, Arena], TicketBox, ResultWriter], MatchRegistry | RemoteMatchRegistry
]


@frozen
class ExternalResources:
    """The parts that other processes provide: one opened the listeners, others run the matches."""

    listeners: list[socket.socket]
    make_registry: RegistryFactory


@define(eq=False)
class App:
    """A running server."""

    settings: Settings
    host: str  # by which this machine reaches it
    port: int
    front: Front
    lobby: LobbyService
    registry: MatchRegistry | RemoteMatchRegistry
    results: ResultWriter
    metrics: Metrics = field(factory=Metrics)
    metrics_front: Front | None = None  # where metrics are read; None: nowhere
    metrics_port: int | None = None
    redirect_front: Front | None = None  # plain HTTP that leads to TLS; None: there is none
    redirect_port: int | None = None
    certificates: "Certificates | None" = None  # None: without TLS
    replays: ReplayService | None = None
    is_closing: bool = False
    _began_s: float = field(factory=trio.current_time)
    _grace: trio.CancelScope = field(factory=trio.CancelScope)

    @property
    def url(self) -> str:
        """The server's address for a browser on this machine."""
        return f"{self.settings.net.scheme}://{self.host}:{self.port}"

    def census(self) -> Census:
        """Count what is alive."""
        lobby = self.lobby.lobby.statistics()
        return Census(
            connections=self.front.statistics().limits.connections,
            lobby_links=lobby.links,
            sessions=lobby.sessions,
            queued=lobby.queued,
            rooms=lobby.rooms,
            matches=len(self.registry.statuses()),
            results_pending=self.results.statistics().pending,
        )

    def health(self) -> Health:
        """Report the server's health, for `/healthz`."""
        now_s, statuses = trio.current_time(), self.registry.statuses()
        ticked_s = self.registry.counters.last_tick_s
        return Health(
            status="closing" if self.is_closing else "ok",
            version=version(),
            compiled=is_compiled(),
            uptime_s=round(now_s - self._began_s, 3),
            matches=len(statuses),
            people=sum(status.people for status in statuses),
            last_tick_age_s=round(now_s - ticked_s, 3) if statuses and ticked_s else None,
        )

    async def close(self, grace_s: float) -> None:
        """Announce the shutdown, let rounds end within `grace_s`, then disconnect everybody.

        The port stays open during the grace period: players who drop out of a round can rejoin it,
        and load balancers read 503 from /healthz. Only the first call does anything.
        """
        if self.is_closing:
            return
        self.is_closing = True
        people = sum(status.people for status in self.registry.statuses())
        log.info("closing", people=people, grace_s=grace_s if people else 0)
        self.lobby.announce_shutdown(grace_s)
        with self._grace:
            await self.registry.close_all(grace_s if people else 0)
        if self._grace.cancelled_caught:
            await self.registry.close_all(0)
        self.lobby.close_all()
        self.front.begin_stop()
        if self.redirect_front is not None:
            self.redirect_front.begin_stop()

    def hurry(self) -> None:
        """End the grace period now, and with it all rounds."""
        self._grace.cancel()


@asynccontextmanager
async def running_app(
    settings: Settings, external: ExternalResources | None = None
) -> AsyncIterator[App]:
    """Run a server while the block runs. Raises `StartError` when it cannot start."""
    with ExitStack() as at_end:
        maps, tickets = _read(settings)
        certificates = _open_certificates(settings, at_end)
        listeners = (
            Listeners.sorted_out(settings, external.listeners)
            if external is not None
            else listen(settings)
        )
        make_registry = external.make_registry if external is not None else _make_local_registry
        for listener in listeners.all:
            at_end.callback(listener.close)
        results = ResultWriter(
            await _open_store(settings), settings.store.pending_max, settings.store.retry_s
        )
        app = None
        try:
            arenas = {name: file.arena for name, file in maps.items()}
            with as_start_error():
                registry = make_registry(settings, arenas, tickets, results)
                app = _assemble(settings, maps, listeners, registry, results)
                app.certificates = app.front.tls = certificates
            async with _tree(app, listeners):
                yield app
        finally:
            await results.aclose()
            if app is not None and app.registry.journals is not None:
                app.registry.journals.archiver.archive_rest()
            log.info("ended")


@asynccontextmanager
async def _tree(app: App, listeners: Listeners) -> AsyncIterator[None]:
    """The nursery of the drawing above."""
    front_ended = trio.Event()
    async with trio.open_nursery() as nursery:
        await nursery.start(app.results.run)
        await nursery.start(app.registry.run)
        with as_start_error():
            await app.registry.adopt()
        await nursery.start(app.lobby.run)
        kept = JournalRetention.of(app.settings.store.data_dir, lambda: app.settings.journal)
        nursery.start_soon(kept.run)
        await nursery.start(_serve_front, app.front, listeners.public, front_ended)
        app.metrics_port = port_of(listeners.metrics)
        if listeners.metrics:
            app.metrics_front = make_metrics_front(app)
            await nursery.start(app.metrics_front.serve, listeners.metrics)
        app.redirect_port = port_of(listeners.redirect)
        if listeners.redirect:
            app.redirect_front = make_redirect_front(app)
            await nursery.start(app.redirect_front.serve, listeners.redirect)
        if app.certificates is not None:
            nursery.start_soon(app.certificates.watch)
        facts: dict[str, str | bool | int] = {"version": version(), "compiled": is_compiled()}
        if app.redirect_port is not None:
            facts["redirect_port"] = app.redirect_port
        log.info("started", url=app.url, metrics_port=app.metrics_port, **facts)
        if isinstance(app.registry, MatchRegistry):
            nursery.start_soon(precompute_visibility, app.registry.maps.values())
        try:
            yield
        finally:
            await app.close(0)
            with trio.move_on_after(CLOSE_S):
                await front_ended.wait()
            app.lobby.forget_all()
            nursery.cancel_scope.cancel()


def make_metrics_front(app: App) -> Front:
    """Make the front where machines read metrics, which the public cannot reach."""
    settings = app.settings.net.without_tls()
    site = Site(metrics_routes(app.metrics, app.health), StaticFiles(), settings)
    return Front(settings, site, {})


def make_redirect_front(app: App) -> Front:
    """Make the front that leads plain HTTP to TLS. It shares the budgets of the public one."""
    settings = app.settings.net.without_tls()
    return Front(settings, RedirectSite(app.port), {}, guard=app.front.guard)


async def precompute_visibility(arenas: Iterable[Arena]) -> None:
    """Compute visibility on each map: about a second in all. A match that cannot wait for it
    computes its own. A process exits without waiting for this.

    It delays the ticks of running matches, because the tick thread yields to it at each system
    call. A child process runs it before it has matches; a single-process server opens at once, and
    may delay the matches that it resumes during its first second.
    """
    for arena in arenas:
        await trio.to_thread.run_sync(visibility_of, arena, abandon_on_cancel=True)


def freeze_startup_objects() -> None:
    """Exempt everything made at the start from garbage collection.

    Modules, maps and tables live as long as the process: 45,000 objects. Each full collection would
    walk them all, 9 ms (measured): half of a tick, for every match at once.
    """
    gc.collect()
    gc.freeze()


async def _serve_front(
    front: Front,
    listeners: list[socket.socket],
    ended: trio.Event,
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    try:
        await front.serve(listeners, task_status=task_status)
    finally:
        ended.set()


def _assemble(
    settings: Settings,
    maps: dict[str, MapFile],
    listeners: Listeners,
    registry: MatchRegistry | RemoteMatchRegistry,
    results: ResultWriter,
) -> App:
    replays = _replays(settings, maps, results)
    matches = registry if isinstance(registry, MatchRegistry) else registry.index
    seats = Seats(
        *(matches, registry.tickets, settings.lobby.ticket_s, uptime_s),
        settings.match.watch_delay_s,
        replays is not None,
        settings.match.private_share,
    )
    catalog = catalog_of({name: file.arena for name, file in maps.items()})
    guard = guard_of(settings.net, settings.budget, lambda: registry.is_playing)
    core = Lobby(
        *(settings.lobby, catalog, seats, fingerprint(), settings.match.bot_level),
        ledger=guard.ledger,
    )
    lobby = LobbyService(core, settings.lobby)
    routes: dict[str, RouteHandler] = {}  # filled below, before the front serves anybody
    site = Site(routes, load_static(CLIENT), settings.net)
    websockets: dict[str, Route | HandOffRoute | Handler] = {
        "/lobby": Route(lobby.session, lane="lobby"),
        "/match/": match_route(registry)
        if isinstance(registry, MatchRegistry)
        else HandOffRoute(registry.hand_off),
        **(replays.websockets() if replays is not None else {}),
        **echo_routes(settings.net),
    }
    front = Front(settings.net, site, websockets, guard=guard)
    app = App(
        settings,
        listeners.host(settings),
        listeners.port,
        front,
        lobby,
        registry,
        results,
        replays=replays,
    )
    routes.update(make_routes(maps, app.health))
    routes.update(replays.routes() if replays is not None else NO_REPLAYS)
    metric_table.read_front(app.metrics, front)
    metric_table.read_certificate(
        app.metrics, lambda: app.certificates.ends_s if app.certificates is not None else 0
    )
    metric_table.read_budget(app.metrics, guard, registry)
    metric_table.read_lobby(app.metrics, lobby)
    metric_table.read_matches(app.metrics, registry)
    metric_table.read_results(app.metrics, results)
    metric_table.read_replays(app.metrics, replays)
    return app


def _open_certificates(settings: Settings, at_end: ExitStack) -> "Certificates | None":
    """Read the certificate that the settings name; None without TLS. Raises `StartError`."""
    if not settings.net.uses_tls:
        return None
    # Imported here: it takes 50 ms, and most servers stand behind a proxy.
    from server.security.certificates import (  # noqa: PLC0415
        CertificateError,
        open_certificates,
    )

    try:
        return open_certificates(settings, at_end)
    except CertificateError as error:
        raise StartError(str(error)) from error


def _replays(
    settings: Settings, maps: Mapping[str, MapFile], results: ResultWriter
) -> ReplayService | None:
    """Make the replay service; None when there are no journals, or replays are off."""
    if not (settings.store.data_dir and settings.journal.enabled and settings.replay.enabled):
        return None
    folder = Path(settings.store.data_dir) / JOURNALS
    arenas = {name: file.arena for name, file in maps.items()}
    recent = results.recent_results
    delay_s = live_delay_s(settings.match.watch_delay_s)
    return ReplayService(settings.replay, folder, arenas, recent, delay_s)


def _make_local_registry(
    settings: Settings, maps: Mapping[str, Arena], tickets: TicketBox, results: ResultWriter
) -> MatchRegistry:
    """Make the registry that runs all matches in this process."""
    folder = None
    try:
        if settings.store.data_dir and settings.journal.enabled:
            parent = Path(settings.store.data_dir) / JOURNALS
            folder = JournalFolder.first_free(parent)
        gather(settings, [folder.path] if folder is not None else [])
    except (OSError, FolderInUseError) as error:
        raise StartError(f"no journals can be written: {error}") from error
    registry = open_registry(settings, maps, tickets, results, folder)
    if registry.journals is not None:
        results.on_stored = registry.journals.archiver.result_stored
    return registry


def open_registry(
    settings: Settings,
    maps: Mapping[str, Arena],
    tickets: TicketBox,
    results: Store,
    folder: JournalFolder | None,
) -> MatchRegistry:
    """Make the registry of this process's matches, with journals in `folder` if there is one."""
    rules = TunedRules.chosen(settings.match)
    registry = MatchRegistry(settings.match, maps, tickets, results, rules, game.brain, time.time)
    if folder is not None:
        segment_bytes = settings.journal.segment_bytes
        context = RecorderContext(folder, build(), segment_bytes, tickets.sign, registry.counters)
        registry.journals = Journals(folder, context, JournalArchiver(folder))
    return registry


def _read(settings: Settings) -> tuple[dict[str, MapFile], TicketBox]:
    try:
        return load_map_files(MAPS), TicketBox(load_secret(settings))
    except (MapFolderError, SecretError) as error:
        raise StartError(str(error)) from error


def match_route(registry: MatchRegistry) -> Route:
    """Return the route to this process's matches; it takes no fragmented messages."""
    return Route(registry.session, takes_fragments=False, lane="match")


async def _open_store(settings: Settings) -> Store:
    if not settings.store.data_dir:
        return MemoryStore()
    try:
        return await open_sqlite(Path(settings.store.data_dir) / DATABASE)
    except StoreError as error:
        raise StartError(f"store.data_dir cannot be used: {error}") from error

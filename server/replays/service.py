"""Replays for browsers: a list, downloads, and WebSockets on which the server replays.

Owns: who may watch what, and how many at once. Must not know: running matches; it only reads what
they wrote. Invariants: at most `viewers_max` and `watchers_max` worlds are held for viewers, and
`downloads_max` files for downloads, whatever they request; no address keeps all of them while
others want one; a list or a file is made once, however often it is requested.

    GET /replays                     finished rounds, newest first
    GET /replays/<round>.skj.gz      one of them without ids, for `skirmish replay` and `debug`
    WS  /replay/<round>              watched in a browser
    WS  /replay/live/<match>         a running match, from its beginning to `delay_s` ago
"""

import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar, TypeVarTuple

import structlog
import trio
from attrs import define, field

from game.arena import Arena
from game.journal import Header
from game.wire.codec import DecodeError, decode, encode
from game.wire.fingerprint import fingerprint
from game.wire.match_messages import OpenReplay, Refused
from game.wire.messages import CloseCode, Refusal
from game.wire.schema import ToMatch
from server.budget import costs
from server.budget.leases import LeasePool, holder_of
from server.net.responses import JSON, Request, Response, RouteHandler, json_response, text
from server.net.websocket import Connection, ConnectionEnded, Handler
from server.replays.archive import Archive, Contents, RoundFiles, is_private, read_segments
from server.replays.cache import ResponseCache
from server.replays.export import public_pieces, round_rows
from server.replays.recording import GZIP_WINDOW, RecordingError
from server.replays.settings import ReplaySettings
from server.replays.source import JournalFollower, RoundSource, RoundSources
from server.replays.stream import RECORDS_AT_ONCE, ReplayStream
from server.replays.throttle import Throttle
from server.store.base import RECENT_MAX, MatchResult, StoreError

WATCH, WATCH_LIVE, LIST, DOWNLOAD = "/replay/", "/replay/live/", "/replays", "/replays/"
SUFFIX = ".skj.gz"
CHECK_EVERY_S = 1.0  # the least time between two checks for changed folders
# The least delay of a running match, which is public here, also to its players, and without fog:
# events of this age no longer reveal where an enemy is.
PUBLIC_DELAY_S = 10
RETRY_AFTER = (("retry-after", "5"),)
LOST_TEXT = "your address has the most viewers open, and another address needed one: open it again"

Given = TypeVarTuple("Given")
Made = TypeVar("Made")

log = structlog.get_logger("replay")


def live_delay_s(watch_delay_s: int) -> int:
    """Return the delay of a running match's replay where spectators have `watch_delay_s`."""
    return max(watch_delay_s, PUBLIC_DELAY_S)


class _Refused(Exception):
    """A viewer is refused: the reason, the close code and the refusal to send."""

    def __init__(self, code: CloseCode, refusal: Refusal, words: str) -> None:
        super().__init__(words)
        self.code, self.refusal, self.words = code, refusal, words


@define(eq=False)
class ReplayService:
    """`recent_results` is the store's; `delay_s` is the delay of running matches."""

    settings: ReplaySettings
    folder: Path
    maps: Mapping[str, Arena]
    recent_results: Callable[[int], Awaitable[list[MatchResult]]]
    delay_s: int = 0
    archive: Archive = field(init=False)
    throttle: Throttle = field(init=False)
    viewers: LeasePool = field(factory=LeasePool)  # of finished rounds
    watchers: LeasePool = field(factory=LeasePool)  # of running matches
    downloads: LeasePool = field(factory=LeasePool)
    sources: RoundSources = field(init=False)
    _cache: ResponseCache = field(init=False)
    _generation: Contents | None = None  # folder contents that the kept list was made from
    _check_again_s: float = float("-inf")
    _reading: trio.CapacityLimiter = field(factory=lambda: trio.CapacityLimiter(1))

    def __attrs_post_init__(self) -> None:
        """Read nothing before the first request."""
        self.archive = Archive(self.folder)
        self.sources = RoundSources(self._arena_of)
        self.throttle = Throttle(self.settings.cpu_percent / 100)
        self._cache = ResponseCache(int(self.settings.kept_mb * 1e6))
        self._set_limits()

    def leases(self) -> dict[str, LeasePool]:
        """Return the leases of viewers by kind."""
        return {"viewers": self.viewers, "watchers": self.watchers, "downloads": self.downloads}

    def reload(self, settings: ReplaySettings, delay_s: int) -> None:
        """Put new settings in force; current viewers continue unchanged."""
        self.settings, self.delay_s = settings, delay_s
        self.throttle.share = settings.cpu_percent / 100
        self._cache.limit(int(settings.kept_mb * 1e6))
        self._set_limits()

    def _set_limits(self) -> None:
        self.viewers.count_max = self.settings.viewers_max
        self.watchers.count_max = self.settings.watchers_max
        self.downloads.count_max = self.settings.downloads_max

    def websockets(self) -> dict[str, Handler]:
        """Return the WebSocket handlers by path."""
        return {WATCH: self.session, WATCH_LIVE: self.session}

    def routes(self) -> dict[str, RouteHandler]:
        """Return the HTTP handlers by path; a path that ends in `/` is a prefix."""
        return {LIST: self.send_list, DOWNLOAD: self.download}

    # HTTP.

    async def send_list(self, request: Request) -> Response:
        """Return the list of what can be watched, kept until the folders change."""
        if request.account is not None:
            request.account.must_spend(costs.REPLAY_LIST)
        await self._check_folders()
        return Response(200, JSON, await self._cache.get(LIST, self._make_list))

    async def _make_list(self) -> bytes:
        files = await self._in_thread(self._public_rounds)
        try:
            results = await self.recent_results(RECENT_MAX)
        except StoreError:
            results = []
            self._generation = None  # check the folders again at the next request
        rows = round_rows(files, results)[: self.settings.listed_max]
        return json_response(200, rows).body

    async def _check_folders(self) -> None:
        """Drop the kept list when the rounds changed; checks at most every `CHECK_EVERY_S`."""
        now_s = trio.current_time()
        if now_s < self._check_again_s and self._generation is not None:
            return
        self._check_again_s = now_s + CHECK_EVERY_S
        generation = await self._in_thread(self.archive.generation)
        if generation != self._generation:
            self._generation = generation
            self._cache.forget(LIST)

    async def download(self, request: Request) -> Response:
        """Return one round, compressed, without people's ids. Its place is held until all of it was
        sent, because a slow reader keeps it in memory.
        """
        account = request.account
        if account is not None:
            account.must_spend(costs.DOWNLOAD)
            if not account.hold(costs.DOWNLOADS):
                words = "this address is already downloading other replays: wait for them to finish"
                return text(429, words, RETRY_AFTER)
            request.at_end.callback(account.release, costs.DOWNLOADS)
        lease = self.downloads.take(holder_of(account), request.hang_up)
        if lease is None:
            return text(503, "too many replays are downloaded: try again later", RETRY_AFTER)
        request.at_end.callback(self.downloads.leave, lease)
        return await self._download(request)

    async def _download(self, request: Request) -> Response:
        name = request.head.path.removeprefix(DOWNLOAD)
        files = await self._find(name.removesuffix(SUFFIX)) if name.endswith(SUFFIX) else None
        if files is None:
            return text(404, "there is no such replay")
        try:
            packed = await self._cache.get(files.name, lambda: self._pack(files))
        except RecordingError as error:
            return text(404, f"this replay cannot be read: {error}")
        headers = (
            ("content-disposition", f'attachment; filename="{files.name}{SUFFIX}"'),
            ("cache-control", "public, max-age=3600"),
        )
        return Response(200, "application/gzip", packed, headers)

    async def _pack(self, files: RoundFiles) -> bytes:
        pieces = public_pieces(await self._in_thread(read_segments, files))
        copied: list[bytes] = []

        def copy() -> bool:
            for _ in range(RECORDS_AT_ONCE):
                piece = next(pieces, None)
                if piece is None:
                    return False
                copied.append(piece)
            return True

        await self.throttle.work(copy)
        return await self._in_thread(_gzip, b"".join(copied))

    # WebSockets.

    async def session(self, connection: Connection) -> None:
        """Serve one viewer until they leave or are refused."""
        try:
            with ExitStack() as at_end:
                await self._serve(connection, at_end)
        except _Refused as refused:
            await self._refuse(connection, refused)

    async def _serve(self, connection: Connection, at_end: ExitStack) -> None:
        """Admit a viewer and show them the replay. Raises `_Refused`, `ConnectionEnded`."""
        is_live = connection.path.startswith(WATCH_LIVE)
        self._hold_viewer(connection, at_end, is_live=is_live)
        await self._receive_opening(connection)
        scope, leases = trio.CancelScope(), self.watchers if is_live else self.viewers
        lease = leases.take(holder_of(connection.account), scope.cancel)
        if lease is None:
            words = "too many people watch: try again later"
            raise _Refused(CloseCode.FULL, Refusal.BUSY, words)
        at_end.callback(leases.leave, lease)
        with scope:
            await self._stream(connection)
        if lease.is_lost:
            log.info("viewer_displaced", peer=connection.peer, path=connection.path)
            raise _Refused(CloseCode.FULL, Refusal.BUSY, LOST_TEXT)

    def _hold_viewer(self, connection: Connection, at_end: ExitStack, *, is_live: bool) -> None:
        """Take one of the viewers that an address may have. Raises `_Refused`."""
        account, holding = connection.account, costs.WATCHERS if is_live else costs.VIEWERS
        if account is None:
            return
        if not account.hold(holding):
            what = "matches" if is_live else "replays"
            words = f"your address is watching too many {what}: close one of them first"
            raise _Refused(CloseCode.FULL, Refusal.BUSY, words)
        at_end.callback(account.release, holding)

    async def _stream(self, connection: Connection) -> None:
        """Find the requested replay, and show it until the viewer leaves. Raises `_Refused`,
        `ConnectionEnded`.
        """
        source = await self._source(connection.path)
        bound = log.bind(peer=connection.peer, path=connection.path)
        bound.info("viewer_joined", viewers=len(self.viewers), watchers=len(self.watchers))
        try:
            stream = ReplayStream(
                connection, source, self.throttle, self.maps, self.settings.idle_s
            )
            await stream.run()
        except RecordingError as error:
            bound.warning("replay_failed", reason=str(error))
            words = f"this replay ends here: {error}"[:120]
            raise _Refused(CloseCode.FAULT, Refusal.MATCH, words) from error
        finally:
            bound.info("viewer_left")
        if stream.is_idle:
            words = _idle_text(self.settings.idle_s)
            raise _Refused(CloseCode.IDLE, Refusal.STATE, words)

    async def _source(self, path: str) -> RoundSource:
        """Return the source of the replay at a path. Raises `_Refused`."""
        try:
            if path.startswith(WATCH_LIVE):
                return await self._live(path.removeprefix(WATCH_LIVE))
            return await self._finished(path.removeprefix(WATCH))
        except RecordingError as error:
            words = f"this replay cannot be shown: {error}"[:120]
            raise _Refused(CloseCode.MATCH_OVER, Refusal.MATCH, words) from error

    async def _receive_opening(self, connection: Connection) -> None:
        """Check the first message. Raises `_Refused`, `ConnectionEnded`."""
        with trio.move_on_after(self.settings.open_s) as patience:
            payload = await connection.receive()
        if patience.cancelled_caught:
            raise _Refused(CloseCode.IDLE, Refusal.STATE, "no message came in time")
        try:
            message = decode(ToMatch, payload)
        except DecodeError as error:
            raise _Refused(CloseCode.MALFORMED, Refusal.STATE, str(error)[:100]) from error
        if not isinstance(message, OpenReplay):
            words = "the first message must open the replay"
            raise _Refused(CloseCode.MALFORMED, Refusal.STATE, words)
        if message.fingerprint != fingerprint():
            words = "this server runs another version: reload"
            raise _Refused(CloseCode.OUTDATED, Refusal.OUTDATED, words)

    async def _finished(self, name: str) -> RoundSource:
        files = await self._find(name)
        if files is None:
            raise _Refused(CloseCode.MATCH_OVER, Refusal.MATCH, "there is no such replay")
        source = self.sources.known(files.name)
        if source is None:
            segments = await self._in_thread(read_segments, files)
            source = self.sources.finished(files.name, segments)
        return source

    async def _live(self, match_id: str) -> RoundSource:
        follower = JournalFollower(self.archive, match_id)
        if not follower.find():
            raise _Refused(CloseCode.MATCH_OVER, Refusal.MATCH, "that match is over")
        source = self.sources.running(follower, self.delay_s)
        while source.read_more():
            await self.throttle.work(lambda: source.index_records(RECORDS_AT_ONCE))
        header = source.index.header
        if header is None or is_private(header):
            raise _Refused(CloseCode.MATCH_OVER, Refusal.MATCH, "that match cannot be watched")
        return source

    async def _refuse(self, connection: Connection, refused: _Refused) -> None:
        message = encode(Refused(int(refused.refusal), refused.words[:120]))
        try:
            await connection.send(message)
        except ConnectionEnded:
            return
        await connection.close(refused.code, refused.words[:100])

    def _arena_of(self, header: Header) -> Arena:
        if header.map_name not in self.maps:
            raise RecordingError(f"there is no map {header.map_name!r:.40} here")
        return self.maps[header.map_name]

    def _public_rounds(self) -> list[RoundFiles]:
        newest = self.archive.finished()[:RECENT_MAX]
        return [files for files in newest if self.archive.is_public(files)]

    async def _find(self, name: str) -> RoundFiles | None:
        return await self._in_thread(self.archive.find, name)

    async def _in_thread(self, work: Callable[[*Given], Made], *arguments: *Given) -> Made:
        """Run slow work (files, unpacking) in a thread; one at a time."""
        return await trio.to_thread.run_sync(work, *arguments, limiter=self._reading)


def _idle_text(idle_s: float) -> str:
    time = f"{idle_s / 60:.0f} minutes" if idle_s >= 120 else f"{idle_s:.0f} seconds"
    return f"this replay was idle for {time}: open it again to continue"


def _gzip(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, GZIP_WINDOW)
    return packer.compress(data) + packer.flush()


async def _list_nothing(_request: Request) -> Response:
    return json_response(200, [])


NO_REPLAYS: Mapping[str, RouteHandler] = {
    LIST: _list_nothing
}  # the empty list of a server that keeps no replays

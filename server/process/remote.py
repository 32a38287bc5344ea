"""The gateway's side of the matches: workers connect here, sockets go to them, results arrive.

Owns: the links to workers. Must not know: the lobby, how a match runs. Invariants: a socket is
passed to the worker that has its match, after every reservation made for it; a result is
acknowledged only when the store has it; one worker's messages, or silence, affect no other worker.

    remote nursery           opened by `run`, child of the app's
      └─ _serve_worker × N   one for each connected worker: a reader, and the channel's writer
"""

import socket
from collections.abc import Sequence
from typing import Any

import structlog
import trio
from attrs import define, field

from server.match.counters import MatchCounters
from server.match.registry import Adoption
from server.match.settings import MatchSettings
from server.match.status import BotPolicy, MatchStatus
from server.net.head import Head, RequestError
from server.net.stream import TickStream
from server.process.channel import Channel, ChannelEndedError, Heard, next_caller
from server.process.messages import HEAD_BYTES_MAX, PROTOCOL, TO_GATEWAY, TO_WORKER
from server.process.mirror import Link, Mirror, Place
from server.process.rows import Report, add_counts, count_rows, result_of
from server.store.base import MatchResult, StoreError
from server.store.writer import ResultWriter
from server.tickets import TicketBox

PATH = "/match/"
RETRY_AFTER = (("retry-after", "1"),)
SETTLE_S = 5.0  # how long a new gateway waits for reports of running matches
HELLO_S = 5.0
PARTING_S = 10.0  # beyond the grace, for results and farewells

log = structlog.get_logger("process")


@define(eq=False)
class RemoteMatchRegistry:
    """Stands in for `server.match.registry.MatchRegistry` when matches run in other processes."""

    mirror: Mirror
    hub: socket.socket
    results: ResultWriter
    tickets: TicketBox
    wait_s: float
    is_stepping_down: bool = False  # another gateway takes over: the matches keep running
    journals: None = None  # workers keep them
    _links: dict[int, Channel] = field(factory=dict)  # by place
    _tallies: dict[int, Sequence[Any]] = field(factory=dict)  # by the channel's id
    _past: MatchCounters = field(factory=MatchCounters)  # totals of workers that are gone
    _ticked_s: float = 0.0
    _changed: trio.Event = field(factory=trio.Event)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Serve workers until cancelled."""
        async with trio.open_nursery() as nursery:
            task_status.started()
            while True:
                caller = await next_caller(self.hub)
                nursery.start_soon(self._serve_worker, Channel(caller, TO_WORKER, TO_GATEWAY))

    async def adopt(self) -> Adoption:
        """Wait, for a bounded time, until every worker has reported its matches."""
        with trio.move_on_after(SETTLE_S):
            while not all(place.is_settled for place in self.mirror.places.values()):
                await self._changed.wait()
        return Adoption([status.match_id for status in self.mirror.statuses()])

    def reload(self, settings: MatchSettings, wait_s: float) -> None:
        """Apply new settings; the supervisor sends them to workers."""
        self.wait_s = wait_s
        self.mirror.reload(settings.bot_level, settings.matches_max, settings.load_max)

    # Requests of the lobby and the app.

    def create(
        self, mode: str, map_name: str = "", *, private: bool = False, bots: BotPolicy | None = None
    ) -> str:
        """See `Mirror.create`."""
        return self.mirror.create(mode, map_name, private=private, bots=bots)

    def reserve(self, match_id: str, player_id: str, seconds: int) -> bool:
        """See `Mirror.reserve`."""
        return self.mirror.reserve(match_id, player_id, seconds)

    def release(self, match_id: str, player_id: str) -> None:
        """See `Mirror.release`."""
        self.mirror.release(match_id, player_id)

    def abandon(self, match_id: str) -> None:
        """See `Mirror.abandon`."""
        self.mirror.abandon(match_id)

    @property
    def capacity(self) -> int:
        """See `Mirror.capacity`."""
        return self.mirror.capacity

    def is_reserved(self, match_id: str, player_id: str) -> bool:
        """See `Mirror.is_reserved`."""
        return self.mirror.is_reserved(match_id, player_id)

    def holds_seat(self, match_id: str, player_id: str) -> bool:
        """See `Mirror.holds_seat`."""
        return self.mirror.holds_seat(match_id, player_id)

    @property
    def is_playing(self) -> bool:
        """Always False: no match ticks in this process."""
        return False

    def statuses(self) -> list[MatchStatus]:
        """See `Mirror.statuses`."""
        return self.mirror.statuses()

    def status(self, match_id: str) -> MatchStatus | None:
        """See `Mirror.status`."""
        return self.mirror.status(match_id)

    @property
    def counters(self) -> MatchCounters:
        """The counters of all workers, including those that are gone."""
        counters = MatchCounters()
        for rows in (count_rows(self._past), *self._tallies.values()):
            add_counts(counters, rows)
        counters.last_tick_s = self._ticked_s
        return counters

    def expect(self, numbers: Sequence[int]) -> None:
        """Set which places have workers, or will have them in a moment."""
        self.mirror.expect(numbers)
        self._tell()

    async def hand_off(self, stream: TickStream, address: str, head: Head) -> None:
        """Pass a connection to the worker that has its match. Raises `RequestError`."""
        match_id = head.path.removeprefix(PATH)
        link = await self._wait_link(match_id)
        if link is None or len(head.raw) > HEAD_BYTES_MAX // 2:
            raise RequestError(503, "no process serves matches now", RETRY_AFTER)
        if not link.has_room:
            raise RequestError(503, "too many people come to this process at once", RETRY_AFTER)
        descriptor, unread = stream.hand_over()
        said = (head.raw + unread)[:HEAD_BYTES_MAX]
        if not link.say("visit", address, said, descriptors=(descriptor,)):
            log.info("visit_lost", match=match_id, peer=address)  # the client reconnects by itself

    async def close_all(self, grace_s: float) -> None:
        """Let workers end their matches within `grace_s`, and wait until they have."""
        self.mirror.is_closing = True
        if self.is_stepping_down:
            return
        for link in list(self._links.values()):
            link.say("close", float(grace_s))
        with trio.move_on_after(grace_s + PARTING_S):
            while self._links:
                await self._changed.wait()

    def result_stored(self, result: MatchResult) -> None:
        """Acknowledge a stored result, so that its worker can drop it."""
        for link in self._links.values():
            link.say("kept", result.match_id, result.round_number)

    async def _wait_link(self, match_id: str) -> Link | None:
        """Wait for the link to a match's worker, which may be in the middle of a restart."""
        with trio.move_on_after(self.wait_s):
            while (link := self.mirror.link_to(match_id)) is None:
                if not self.mirror.may_appear(match_id, trio.current_time()):
                    break
                await self._changed.wait()
            # Any worker can say that a match is over. At shutdown, the next start may resume it.
            return link if self.mirror.is_closing else link or self.mirror.any_link()
        return None

    async def _serve_worker(self, channel: Channel) -> None:
        place: Place | None = None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(channel.run)
            try:
                place = await self._greet(channel)
                while place is not None:
                    await self._hear(place, channel, await channel.receive())
            except ChannelEndedError:
                pass
            finally:
                channel.close()
                if place is not None:
                    self._part(place, channel)
            nursery.cancel_scope.cancel()

    async def _greet(self, channel: Channel) -> Place | None:
        with trio.move_on_after(HELLO_S):
            heard = await channel.receive()
            if heard.name != "hello" or heard.fields[0] != PROTOCOL:
                log.error("worker_refused", reason="it speaks another protocol")
                return None
            number, is_retiring = heard.fields[1:]
            place = self.mirror.places.setdefault(number, Place(number))
            if number in self._links:
                self._links[number].close()
            self._links[number] = channel
            place.attach(channel, is_retiring)
            return place
        return None

    def _part(self, place: Place, channel: Channel) -> None:
        add_counts(self._past, self._tallies.pop(id(channel), ()))
        if place.link is channel:
            self.mirror.detach(place)
            del self._links[place.number]
            if not self.mirror.is_closing:
                log.warning("worker_lost", place=place.number, matches=len(place.reports))
        self._tell()

    async def _hear(self, place: Place, channel: Channel, heard: Heard) -> None:
        fields = heard.fields
        match heard.name:
            case "report":
                self.mirror.take(place, [Report.of_row(row) for row in fields[0]], fields[1])
            case "heard":
                place.hear(fields[0])
            case "counts":
                self._tallies[id(channel)] = fields[0]
                self._ticked_s = max(self._ticked_s, trio.current_time() - fields[1])
                place.load = fields[2]
            case "result":
                await self._keep(channel, result_of(fields[0]))
            case "moving":
                self.mirror.begin_move(place, fields[0], trio.current_time())
            case "retiring":
                place.is_retiring = True
            case "closed":
                raise ChannelEndedError
        if heard.name != "counts":
            self._tell()

    async def _keep(self, channel: Channel, result: MatchResult) -> None:
        try:
            await self.results.record_result(result)
        except StoreError:
            log.warning("result_deferred", match=result.match_id)  # its worker sends it again

    def _tell(self) -> None:
        self._changed.set()
        self._changed = trio.Event()

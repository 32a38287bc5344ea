"""The gateway's side of the matches: workers connect here, sockets go to them, results arrive.

Owns: the channels to workers. Must not know: the lobby, how a match runs. Invariants: a socket is
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
from server.match.status import MatchStatus
from server.net.head import Head, RequestError
from server.net.stream import TickStream
from server.process.channel import Channel, ChannelEndedError, ReceivedMessage, accept
from server.process.match_index import RemoteMatchIndex, RemoteWorker
from server.process.messages import HEAD_BYTES_MAX, PROTOCOL, TO_GATEWAY, TO_WORKER, MessageSender
from server.process.serialization import Report, add_counts, count_rows, result_of
from server.security.tickets import TicketBox
from server.store.base import MatchResult, StoreError
from server.store.writer import ResultWriter

PATH = "/match/"
RETRY_AFTER = (("retry-after", "1"),)
SETTLE_S = 5.0  # how long a new gateway waits for reports of running matches
HELLO_S = 5.0
CLOSING_S = 10.0  # beyond the grace, for results and closing connections

log = structlog.get_logger("process")


@define(eq=False)
class RemoteMatchRegistry:
    """Stands in for `server.match.registry.MatchRegistry` when matches run in other processes. The
    lobby asks its `index`.
    """

    index: RemoteMatchIndex
    worker_listener: socket.socket
    results: ResultWriter
    tickets: TicketBox
    wait_s: float
    is_stepping_down: bool = False  # another gateway takes over: the matches keep running
    journals: None = None  # workers keep them
    _channels: dict[int, Channel] = field(factory=dict)  # by place
    _counts: dict[int, Sequence[Any]] = field(factory=dict)  # by the channel's id
    _past_counts: MatchCounters = field(factory=MatchCounters)  # totals of workers that are gone
    _ticked_s: float = 0.0
    _changed: trio.Event = field(factory=trio.Event)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Serve workers until cancelled."""
        async with trio.open_nursery() as nursery:
            task_status.started()
            while True:
                connection = await accept(self.worker_listener)
                nursery.start_soon(self._serve_worker, Channel(connection, TO_WORKER, TO_GATEWAY))

    async def adopt(self) -> Adoption:
        """Wait, for a bounded time, until every worker has reported its matches."""
        with trio.move_on_after(SETTLE_S):
            while not all(worker.is_settled for worker in self.index.workers.values()):
                await self._changed.wait()
        return Adoption([status.match_id for status in self.index.statuses()])

    def reload(self, settings: MatchSettings, wait_s: float) -> None:
        """Apply new settings; the supervisor sends them to workers."""
        self.wait_s = wait_s
        self.index.reload(settings.bot_level, settings.matches_max, settings.load_max)

    @property
    def is_playing(self) -> bool:
        """Always False: no match ticks in this process."""
        return False

    def statuses(self) -> list[MatchStatus]:
        """Return every running match."""
        return self.index.statuses()

    @property
    def counters(self) -> MatchCounters:
        """The counters of all workers, including those that are gone."""
        counters = MatchCounters()
        for rows in (count_rows(self._past_counts), *self._counts.values()):
            add_counts(counters, rows)
        counters.last_tick_s = self._ticked_s
        return counters

    def expect(self, numbers: Sequence[int]) -> None:
        """Set which places have workers, or will have them in a moment."""
        self.index.expect(numbers)
        self._notify()

    async def hand_off(self, stream: TickStream, address: str, head: Head) -> None:
        """Pass a connection to the worker that has its match. Raises `RequestError`."""
        match_id = head.path.removeprefix(PATH)
        channel = await self._wait_channel(match_id)
        if channel is None or len(head.raw) > HEAD_BYTES_MAX // 2:
            raise RequestError(503, "no process serves matches now", RETRY_AFTER)
        if not channel.has_room:
            raise RequestError(503, "too many people are connecting to this process", RETRY_AFTER)
        descriptor, unread = stream.hand_over()
        received = (head.raw + unread)[:HEAD_BYTES_MAX]
        if not channel.send("visit", address, received, descriptors=(descriptor,)):
            log.info(
                "connection_lost_in_handover", match=match_id, peer=address
            )  # the client reconnects by itself

    async def close_all(self, grace_s: float) -> None:
        """Let workers end their matches within `grace_s`, and wait until they have."""
        self.index.is_closing = True
        if self.is_stepping_down:
            return
        for channel in list(self._channels.values()):
            channel.send("close", float(grace_s))
        with trio.move_on_after(grace_s + CLOSING_S):
            while self._channels:
                await self._changed.wait()

    def result_stored(self, result: MatchResult) -> None:
        """Acknowledge a stored result, so that its worker can drop it."""
        for channel in self._channels.values():
            channel.send("kept", result.match_id, result.round_number)

    async def _wait_channel(self, match_id: str) -> MessageSender | None:
        """Wait for the channel to a match's worker, which may be in the middle of a restart."""
        with trio.move_on_after(self.wait_s):
            while (channel := self.index.channel_to(match_id)) is None:
                if not self.index.may_appear(match_id, trio.current_time()):
                    break
                await self._changed.wait()
            # Any worker can say that a match is over. At shutdown, the next start may resume it.
            return channel if self.index.is_closing else channel or self.index.any_channel()
        return None

    async def _serve_worker(self, channel: Channel) -> None:
        worker: RemoteWorker | None = None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(channel.run)
            try:
                worker = await self._handshake(channel)
                while worker is not None:
                    await self._handle(worker, channel, await channel.receive())
            except ChannelEndedError:
                pass
            finally:
                channel.close()
                if worker is not None:
                    self._disconnect(worker, channel)
            nursery.cancel_scope.cancel()

    async def _handshake(self, channel: Channel) -> RemoteWorker | None:
        with trio.move_on_after(HELLO_S):
            message = await channel.receive()
            if message.name != "hello" or message.fields[0] != PROTOCOL:
                log.error("worker_refused", reason="it uses another protocol")
                return None
            number, is_retiring = message.fields[1:]
            worker = self.index.workers.setdefault(number, RemoteWorker(number))
            if number in self._channels:
                self._channels[number].close()
            self._channels[number] = channel
            worker.attach(channel, is_retiring)
            return worker
        return None

    def _disconnect(self, worker: RemoteWorker, channel: Channel) -> None:
        add_counts(self._past_counts, self._counts.pop(id(channel), ()))
        if worker.channel is channel:
            self.index.detach(worker)
            del self._channels[worker.number]
            if not self.index.is_closing:
                log.warning("worker_lost", place=worker.number, matches=len(worker.reports))
        self._notify()

    async def _handle(
        self, worker: RemoteWorker, channel: Channel, message: ReceivedMessage
    ) -> None:
        fields = message.fields
        match message.name:
            case "report":
                self.index.take(worker, [Report.of_row(row) for row in fields[0]], fields[1])
            case "heard":
                worker.acknowledge(fields[0])
            case "counts":
                self._counts[id(channel)] = fields[0]
                self._ticked_s = max(self._ticked_s, trio.current_time() - fields[1])
                worker.load = fields[2]
            case "result":
                await self._store_result(channel, result_of(fields[0]))
            case "moving":
                self.index.begin_move(worker, fields[0], trio.current_time())
            case "retiring":
                worker.is_retiring = True
            case "closed":
                raise ChannelEndedError
        if message.name != "counts":
            self._notify()

    async def _store_result(self, channel: Channel, result: MatchResult) -> None:
        try:
            await self.results.record_result(result)
        except StoreError:
            log.warning("result_deferred", match=result.match_id)  # its worker sends it again

    def _notify(self) -> None:
        self._changed.set()
        self._changed = trio.Event()

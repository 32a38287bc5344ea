"""A worker: matches with their players' sockets and journals, and a channel to the gateway.

Owns: a place, and the handling of requests from the gateway and the supervisor. Must not know: the
lobby, HTTP, how a match runs. Invariants: no tick waits for the gateway, and a gateway that dies
ends no match; results that it had not acknowledged are sent to its successor.

    worker nursery                  opened by `run`
      ├─ registry.run              the matches
      ├─ front.serve                a task for each connection that the gateway passes on
      └─ _stay_connected            one channel after another
           ├─ channel.run           sends what the kernel did not take at once
           └─ _report_regularly     four times a second
"""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import structlog
import trio
from attrs import define, field

from server.match.match import Match
from server.match.registry import MatchRegistry
from server.match.status import MatchStatus, RegistryFullError
from server.net.front import Front
from server.net.transport import socket_transport
from server.process.channel import Channel, ChannelEndedError, ReceivedMessage, connect
from server.process.folders import move_match
from server.process.messages import PROTOCOL, ROWS_MAX, TO_GATEWAY, TO_WORKER, MessageSender
from server.process.result_outbox import ResultOutbox
from server.process.serialization import Report, count_rows, spec_of

REPORT_S = 0.25
COUNTS_EVERY = 4  # rounds of REPORT_S
RESEND_EVERY = 20  # rounds of REPORT_S, after which unacknowledged results are sent again
RECONNECT_S = 0.02
ACKNOWLEDGE_S = 5.0  # for acknowledgements of results, once all matches have ended
LOG_FLUSH_S = 0.1
HAND_OVER_S = 5.0

log = structlog.get_logger("process")


class Matches(Protocol):
    """See `server.match.registry.MatchRegistry`."""

    def statuses(self) -> list[MatchStatus]:
        """All matches."""

    def find(self, match_id: str) -> Match | None:
        """One of them."""


@define(eq=False)
class MatchReporter:
    """Reports the matches to the gateway on one channel: only what changed since the last report.

    After `report`, the gateway knows the current state of every match, and which of its commands
    that state includes.
    """

    matches: Matches
    channel: MessageSender
    done: int = 0  # number of the last command that was executed
    _reported: dict[str, Report] = field(factory=dict)
    _done_reported: int = -1

    def report(self) -> None:
        """Send what has changed."""
        now = {report.status.match_id: report for report in self._current()}
        changed = [report.row() for key, report in now.items() if self._reported.get(key) != report]
        gone = [match_id for match_id in self._reported if match_id not in now]
        self._reported = now
        for start in range(0, len(changed), ROWS_MAX):
            self.channel.send("report", changed[start : start + ROWS_MAX], [])
        if gone:
            self.channel.send("report", [], gone)
        if self.done != self._done_reported:
            self._done_reported = self.done
            self.channel.send("heard", self.done)

    def forget(self, match_id: str) -> None:
        """Drop a match without a report: the gateway was already told that it moves away."""
        self._reported.pop(match_id, None)

    def _current(self) -> Iterator[Report]:
        for status in self.matches.statuses():
            match = self.matches.find(status.match_id)
            if match is None or match.ended_reason:
                continue
            seating = match.seating
            seated = frozenset(member.player_id for member in seating.players.values())
            yield Report(status, seated, frozenset(seating.reserved) - seated)


@define(eq=False)
class Worker:
    """See the module."""

    place: int
    registry: MatchRegistry
    front: Front
    outbox: ResultOutbox
    gateway_path: str
    supervisor: Channel
    is_retiring: bool = False
    is_closed: bool = False
    is_serving: bool = False
    is_leaving: bool = False  # the end is intended: finished journals may be archived
    _channel: Channel | None = None
    _reporter: MatchReporter | None = None
    _nursery: trio.Nursery | None = None

    async def run(self) -> None:
        """Adopt what the place's last worker left, and serve until cancelled."""
        try:
            async with trio.open_nursery() as nursery:
                self._nursery = nursery
                await nursery.start(self.registry.run)
                await nursery.start(self.front.serve, [])
                await self.adopt()
                nursery.start_soon(self._connect_or_crash)
        finally:
            if self.is_leaving and self.registry.journals is not None:
                self.registry.journals.archiver.archive_rest()

    async def adopt(self) -> None:
        """Resume every match in the place's folder that does not run yet."""
        began_s = trio.current_time()
        adoption = await self.registry.adopt()
        took_s = trio.current_time() - began_s
        rows = [[match_id, reason[:200]] for match_id, reason in adoption.set_aside]
        self.is_serving = True
        self.supervisor.send("serving", adoption.restored, rows, float(took_s))
        if self._reporter is not None:
            self._reporter.report()

    # Requests of the supervisor.

    async def handle(self, name: str, fields: list[Any]) -> None:
        """Handle a message from the supervisor."""
        match name, *fields:
            case ("retire",):
                self.retire()
            case "hand_over", match_id, folder:
                await self.hand_over(match_id, folder)
            case ("adopt",):
                await self.adopt()

    @property
    def busy(self) -> int:
        """How many matches still run here, plus results that are not acknowledged."""
        return len(self.registry.statuses()) + self.outbox.pending_count

    def retire(self) -> None:
        """Take no new matches; the running ones move to a successor, one by one."""
        self.is_retiring = True
        if self._channel is not None:
            self._channel.send("retiring")
        self.supervisor.send("retiring", [it.match_id for it in self.registry.statuses()])

    async def hand_over(self, match_id: str, folder: str) -> None:
        """Hand a match over to the worker whose journals are in `folder`."""
        if self._channel is not None:
            self._channel.send("moving", match_id)  # players reconnect before the match has arrived
        if self._reporter is not None:
            self._reporter.forget(match_id)
        is_moved = self.registry.hand_over(match_id) and await self._wait_gone(match_id)
        if is_moved and self.registry.journals is not None:
            try:
                move_match(self.registry.journals.folder, match_id, Path(folder))
            except OSError:
                log.exception("match_not_moved", match=match_id)
                is_moved = False
                await self.registry.adopt()  # it resumes here
        self.supervisor.send("handed_over", match_id, is_moved)
        if self._reporter is not None:
            self._reporter.report()

    async def close(self, grace_s: float) -> None:
        """Let rounds end within `grace_s`; say `closed` once all results are stored."""
        await self.registry.close_all(grace_s)
        with trio.move_on_after(ACKNOWLEDGE_S):
            while self.outbox.pending_count:  # noqa: ASYNC110  # in the last second only
                await trio.sleep(RECONNECT_S)
        self.is_closed = True
        if self._channel is not None and self._reporter is not None:
            self._reporter.report()
            self._channel.send("closed")

    # The channel to the gateway.

    async def _connect_or_crash(self) -> None:
        """Keep the channel; on a bug, kill the process at once.

        A clean exit would end its matches one by one and tell every player. Killed, they resume in
        the next process.
        """
        try:
            await self._stay_connected()
        except Exception:
            log.exception("worker_fault", place=self.place)
            await trio.sleep(LOG_FLUSH_S)  # a thread writes the log
            os.kill(os.getpid(), signal.SIGKILL)

    async def _stay_connected(self) -> None:
        while True:
            try:
                channel = Channel(connect(self.gateway_path), TO_GATEWAY, TO_WORKER)
            except OSError:
                await trio.sleep(RECONNECT_S)
                continue
            await self._serve_gateway(channel)
            if self.is_closed:
                return
            log.warning("gateway_lost", place=self.place, matches=len(self.registry.statuses()))
            await trio.sleep(RECONNECT_S)

    async def _serve_gateway(self, channel: Channel) -> None:
        reporter = MatchReporter(self.registry, channel)
        self._channel, self._reporter = channel, reporter
        channel.send("hello", PROTOCOL, self.place, self.is_retiring)
        self.outbox.send = channel.send
        reporter.report()
        self.outbox.resend()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(channel.run)
            nursery.start_soon(self._report_regularly, channel, reporter)
            try:
                while True:
                    message = await channel.receive()
                    self._handle_request(reporter, message)
            except ChannelEndedError:
                pass
            finally:
                channel.close()
                self._channel = self._reporter = self.outbox.send = None
            nursery.cancel_scope.cancel()

    async def _report_regularly(self, channel: Channel, reporter: MatchReporter) -> None:
        counters = self.registry.counters
        turn = 0
        while True:
            await trio.sleep(REPORT_S)
            turn += 1
            if not channel.is_idle:
                continue  # the gateway is slow: it gets the state that is current by then
            reporter.report()
            if turn % COUNTS_EVERY == 0:
                age_s = trio.current_time() - counters.last_tick_s
                load = float(self.registry.metronome.load)
                channel.send("counts", count_rows(counters), float(age_s), load)
            if turn % RESEND_EVERY == 0:
                self.outbox.resend()

    def _handle_request(self, reporter: MatchReporter, message: ReceivedMessage) -> None:
        match message.name, *message.fields:
            case "open", number, *spec:
                reporter.done = number
                self._open(spec)
                reporter.report()
            case "reserve", number, match_id, player_id, seconds:
                reporter.done = number
                if seconds:
                    self.registry.reserve(match_id, player_id, seconds)
                else:
                    self.registry.release(match_id, player_id)
                reporter.report()
            case "abandon", number, match_id:
                reporter.done = number
                self.registry.abandon(match_id)
                reporter.report()
            case "visit", address, received:
                transport = socket_transport(socket.socket(fileno=message.descriptors[0]))
                self.front.take_over(transport, address, received)
            case "kept", match_id, number:
                self.outbox.acknowledge(match_id, number)
            case "close", grace_s:
                assert self._nursery is not None, "run is running"
                self._nursery.start_soon(self.close, grace_s)

    def _open(self, fields: list[Any]) -> None:
        spec = spec_of(fields)
        if self.registry.find(spec.match_id) is not None:
            return  # it was in the journals
        try:
            self.registry.open(spec)
        except (RegistryFullError, KeyError) as error:
            log.exception("match_not_opened", match=spec.match_id, reason=str(error))

    async def _wait_gone(self, match_id: str) -> bool:
        with trio.move_on_after(HAND_OVER_S):
            while self.registry.find(match_id) is not None:  # noqa: ASYNC110  # a tick or two
                await trio.sleep(0.001)
        return self.registry.find(match_id) is None

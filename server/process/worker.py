"""A worker: matches with their players' sockets and journals, and a link to the gateway.

Owns: a place, and the handling of requests from the gateway and the supervisor. Must not know: the
lobby, HTTP, how a match runs. Invariants: no tick waits for the gateway, and a gateway that dies
ends no match; results that it had not acknowledged are sent to its successor.

    worker nursery           opened by `run`
      ├─ registry.run        the matches
      ├─ front.serve         a task for each connection that the gateway passes on
      └─ _keep_link          one link after another
           ├─ channel.run    sends what the kernel did not take at once
           └─ _tell_news     four times a second
"""

import os
import signal
import socket
from pathlib import Path
from typing import Any

import structlog
import trio
from attrs import define

from server.match.registry import MatchRegistry
from server.match.status import RegistryFullError
from server.net.front import Front
from server.net.transport import socket_transport
from server.process.channel import Channel, ChannelEndedError, call
from server.process.folders import move_match
from server.process.messages import PROTOCOL, TO_GATEWAY, TO_WORKER
from server.process.post import ResultPost
from server.process.reporter import Reporter
from server.process.rows import count_rows, spec_of

NEWS_S = 0.25
COUNTS_EVERY = 4  # rounds of NEWS_S
TELL_AGAIN_EVERY = 20  # rounds of NEWS_S, after which unacknowledged results are sent again
CALL_AGAIN_S = 0.02
PARTING_S = 5.0  # for acknowledgements of results, once all matches have ended
LAST_WORDS_S = 0.1
HANDING_OVER_S = 5.0

log = structlog.get_logger("process")


@define(eq=False)
class Worker:
    """See the module."""

    place: int
    registry: MatchRegistry
    front: Front
    post: ResultPost
    hub: str
    supervisor: Channel
    is_retiring: bool = False
    is_closed: bool = False
    is_serving: bool = False
    is_leaving: bool = False  # the end is intended: finished journals may be filed
    _link: Channel | None = None
    _reporter: Reporter | None = None
    _nursery: trio.Nursery | None = None

    async def run(self) -> None:
        """Adopt what the place's last worker left, and serve until cancelled."""
        try:
            async with trio.open_nursery() as nursery:
                self._nursery = nursery
                await nursery.start(self.registry.run)
                await nursery.start(self.front.serve, [])
                await self.adopt()
                nursery.start_soon(self._live_or_die)
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
        self.supervisor.say("serving", adoption.restored, rows, float(took_s))
        if self._reporter is not None:
            self._reporter.tell()

    # Requests of the supervisor.

    async def obey(self, name: str, fields: list[Any]) -> None:
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
        return len(self.registry.statuses()) + self.post.pending_count

    def retire(self) -> None:
        """Take no new matches; the running ones move to a successor, one by one."""
        self.is_retiring = True
        if self._link is not None:
            self._link.say("retiring")
        self.supervisor.say("retiring", [it.match_id for it in self.registry.statuses()])

    async def hand_over(self, match_id: str, folder: str) -> None:
        """Hand a match over to the worker whose journals are in `folder`."""
        if self._link is not None:
            self._link.say("moving", match_id)  # players reconnect before the match has arrived
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
        self.supervisor.say("handed_over", match_id, is_moved)
        if self._reporter is not None:
            self._reporter.tell()

    async def close(self, grace_s: float) -> None:
        """Let rounds end within `grace_s`; say `closed` once all results are stored."""
        await self.registry.close_all(grace_s)
        with trio.move_on_after(PARTING_S):
            while self.post.pending_count:  # noqa: ASYNC110  # in the last second only
                await trio.sleep(CALL_AGAIN_S)
        self.is_closed = True
        if self._link is not None and self._reporter is not None:
            self._reporter.tell()
            self._link.say("closed")

    # The link to the gateway.

    async def _live_or_die(self) -> None:
        """Keep the link; on a bug, kill the process at once.

        A clean exit would end its matches one by one and tell every player. Killed, they resume in
        the next process.
        """
        try:
            await self._keep_link()
        except Exception:
            log.exception("worker_fault", place=self.place)
            await trio.sleep(LAST_WORDS_S)  # a thread writes the log
            os.kill(os.getpid(), signal.SIGKILL)

    async def _keep_link(self) -> None:
        while True:
            try:
                channel = Channel(call(self.hub), TO_GATEWAY, TO_WORKER)
            except OSError:
                await trio.sleep(CALL_AGAIN_S)
                continue
            await self._serve_gateway(channel)
            if self.is_closed:
                return
            log.warning("gateway_lost", place=self.place, matches=len(self.registry.statuses()))
            await trio.sleep(CALL_AGAIN_S)

    async def _serve_gateway(self, channel: Channel) -> None:
        reporter = Reporter(self.registry, channel)
        self._link, self._reporter = channel, reporter
        channel.say("hello", PROTOCOL, self.place, self.is_retiring)
        self.post.say = channel.say
        reporter.tell()
        self.post.tell_again()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(channel.run)
            nursery.start_soon(self._tell_news, channel, reporter)
            try:
                while True:
                    heard = await channel.receive()
                    self._obey(reporter, heard.name, heard.fields, heard.descriptors)
            except ChannelEndedError:
                pass
            finally:
                channel.close()
                self._link = self._reporter = self.post.say = None
            nursery.cancel_scope.cancel()

    async def _tell_news(self, channel: Channel, reporter: Reporter) -> None:
        counters = self.registry.counters
        turn = 0
        while True:
            await trio.sleep(NEWS_S)
            turn += 1
            if not channel.is_idle:
                continue  # the gateway is slow: it gets the news that is current by then
            reporter.tell()
            if turn % COUNTS_EVERY == 0:
                age_s = trio.current_time() - counters.last_tick_s
                load = float(self.registry.metronome.load)
                channel.say("counts", count_rows(counters), float(age_s), load)
            if turn % TELL_AGAIN_EVERY == 0:
                self.post.tell_again()

    def _obey(
        self, reporter: Reporter, name: str, fields: tuple[Any, ...], descriptors: list[int]
    ) -> None:
        match name, *fields:
            case "open", number, *spec:
                reporter.heard = number
                self._open(spec)
                reporter.tell()
            case "reserve", number, match_id, player_id, seconds:
                reporter.heard = number
                if seconds:
                    self.registry.reserve(match_id, player_id, seconds)
                else:
                    self.registry.release(match_id, player_id)
                reporter.tell()
            case "abandon", number, match_id:
                reporter.heard = number
                self.registry.abandon(match_id)
                reporter.tell()
            case "visit", address, said:
                transport = socket_transport(socket.socket(fileno=descriptors[0]))
                self.front.take_over(transport, address, said)
            case "kept", match_id, number:
                self.post.kept(match_id, number)
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
        with trio.move_on_after(HANDING_OVER_S):
            while self.registry.find(match_id) is not None:  # noqa: ASYNC110  # a tick or two
                await trio.sleep(0.001)
        return self.registry.find(match_id) is None

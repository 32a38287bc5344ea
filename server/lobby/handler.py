"""The lobby's shell: sockets in, sockets out, and the clock.

Owns: one reader and one writer per connection, their budgets and bounds. Must not know: what a
message means. Invariant: a client that floods, stops reading, or sends what is not in the table
loses its own connection, with a code and a reason, and costs the others nothing.

    lobby_session            one per connection, called by the front
      ├─ reader              this task: budget → decode → core
      └─ writer              outbox → socket; ends the session when it fails
    run                      child of the app: advances the core's clock, runs the matchmaker
"""

import itertools
from collections import Counter

import structlog
import trio
from attrs import define, evolve, field, frozen

from game.wire.codec import DecodeError, decode, encode
from game.wire.messages import CloseCode
from game.wire.schema import FromLobby, ToLobby
from server.budget.bucket import Bucket
from server.config.settings import LobbySettings
from server.lobby.effects import Close
from server.lobby.lobby import Lobby
from server.lobby.outbox import Outbox
from server.match.settings import MatchSettings
from server.net.websocket import Connection, ConnectionEnded

IDLE_UPDATE_S = 1.0  # the pause between two updates when nothing happens
QUEUE_UPDATE_S = 0.25  # the same while somebody waits, whose terms widen with time
UPDATE_RESTS = 10  # the least pause between two updates, in multiples of what the last one took
FAREWELL_S = 2.0  # for flushing the outbox of a connection that is being closed
ERROR_PARDON_S = 10.0  # one refused message is forgiven after this
REASON_BYTES_MAX = 120  # RFC 6455 section 5.5 leaves 123 for the reason of a close

log = structlog.get_logger("lobby")


@frozen
class HandlerStatistics:
    """The shell's counters since its start."""

    connections: int  # open now
    refused: dict[str, int]  # messages, by reason
    closed: dict[str, int]  # connections closed by the server, by code


@define(eq=False)
class _LobbyLink:
    """A numbered connection. `ending` is set once: the first reason to close wins."""

    connection: Connection
    outbox: Outbox
    bell: trio.Event = field(factory=trio.Event)  # a message waits, or the link should end
    scope: trio.CancelScope = field(factory=trio.CancelScope)
    ending: tuple[CloseCode, str] | None = None

    def end(self, code: CloseCode, reason: str) -> None:
        """Close once the outbox is sent, or without that after `FAREWELL_S`."""
        if self.ending is None:
            self.ending = (code, reason)
            self.scope.deadline = min(self.scope.deadline, trio.current_time() + FAREWELL_S)
            self.bell.set()

    def say(self, message: FromLobby) -> None:
        """Queue a message for the writer. Policy of too many answers: `close`."""
        if not self.outbox.put(message):
            self.end(CloseCode.SLOW, "this connection reads too slowly")
        self.bell.set()


@define(eq=False)
class LobbyService:
    """Serves `/lobby`. See the module."""

    lobby: Lobby
    settings: LobbySettings
    _links: dict[int, _LobbyLink] = field(factory=dict)
    _numbers: "itertools.count[int]" = field(factory=lambda: itertools.count(1))
    _changed: trio.Event = field(factory=trio.Event)
    _encoded: tuple[FromLobby | None, bytes] = (None, b"")  # the last message and its bytes
    _refused: Counter[str] = field(factory=Counter)
    _closed: Counter[str] = field(factory=Counter)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Advance the core's time: soon after a change, else at a steady pace. However many changes
        there are, this takes a small part of the processor.
        """
        task_status.started()
        while True:
            self._changed = trio.Event()
            began_s = trio.current_time()
            self.lobby.pass_time(began_s)
            self._deliver()
            took_s = trio.current_time() - began_s
            await trio.sleep(UPDATE_RESTS * took_s)
            pace_s = QUEUE_UPDATE_S if self.lobby.queue.waiting else IDLE_UPDATE_S
            with trio.move_on_after(pace_s):
                await self._changed.wait()

    async def session(self, connection: Connection) -> None:
        """Serve one connection to its end."""
        number = next(self._numbers)
        link = _LobbyLink(connection, Outbox(self.settings.outbox_max))
        self._links[number] = link
        account = connection.account
        self.lobby.connect(number, connection.peer, account.source if account else None)
        try:
            async with trio.open_nursery() as nursery:
                link.scope = nursery.cancel_scope
                nursery.start_soon(self._write, link)
                await self._read(number, link)
                nursery.cancel_scope.cancel()
        finally:
            del self._links[number]
            self.lobby.drop(number, trio.current_time())
            self._changed.set()
        if link.ending is not None:
            await self._close(link, *link.ending)

    def reload(self, settings: LobbySettings, match: MatchSettings) -> None:
        """Put new settings in force; open connections keep the message budget they began with."""
        self.settings = settings
        seats = evolve(
            self.lobby.seats,
            ticket_s=settings.ticket_s,
            watch_delay_s=match.watch_delay_s,
            private_share=match.private_share,
        )
        self.lobby.reload(settings, seats, match.bot_level)

    def announce_shutdown(self, grace_s: float) -> None:
        """Announce the shutdown to all, and begin nothing new."""
        self.lobby.announce_shutdown(int(grace_s))
        self._deliver()

    def close_all(self) -> None:
        """Ask every connection to end."""
        self.lobby.close_all()
        self._deliver()

    def forget_all(self) -> None:
        """Forget all disconnected sessions, whatever was promised to them."""
        self.lobby.forget_all()

    def statistics(self) -> HandlerStatistics:
        """Return the current counts."""
        return HandlerStatistics(len(self._links), dict(self._refused), dict(self._closed))

    async def _read(self, number: int, link: _LobbyLink) -> None:
        """Receive messages until the connection ends or has to be ended."""
        settings, now_s = self.settings, trio.current_time()
        budget = Bucket(settings.messages_per_s, settings.messages_burst, now_s)
        errors = Bucket(1 / ERROR_PARDON_S, settings.errors_max, now_s)
        patience = trio.CancelScope(deadline=now_s + settings.hello_s)
        with patience:
            while True:
                try:
                    payload = await link.connection.receive()
                except ConnectionEnded:
                    return
                if link.ending is not None:
                    continue  # drain and ignore, so that the close frame gets through
                self._receive(number, link, payload, (budget, errors))
                if self.lobby.has_said_hello(number):
                    patience.deadline = float("inf")
        if patience.cancelled_caught:
            link.end(CloseCode.IDLE, "no hello came in time")
            await trio.sleep_forever()  # until the writer has sent what waits

    def _receive(
        self, number: int, link: _LobbyLink, payload: bytes, budgets: tuple[Bucket, Bucket]
    ) -> None:
        now_s = trio.current_time()
        budget, errors = budgets
        if not budget.take(now_s):
            self._refused["flood"] += 1
            if not errors.take(now_s):
                link.end(CloseCode.FLOOD, "more messages than the server accepts")
            return
        try:
            message = decode(ToLobby, payload)
        except DecodeError as error:
            self._refused["malformed"] += 1
            if not errors.take(now_s):
                link.end(CloseCode.MALFORMED, str(error))
            return
        self.lobby.receive(number, message, now_s)
        self._deliver()
        self._changed.set()

    def _deliver(self) -> None:
        """Carry out the core's effects."""
        for effect in self.lobby.take_effects():
            link = self._links.get(effect.link)
            if link is None or link.ending is not None:
                continue
            if isinstance(effect, Close):
                link.end(effect.code, effect.reason)
            else:
                link.say(effect.message)

    async def _write(self, link: _LobbyLink) -> None:
        try:
            while link.ending is None or link.outbox:
                if (message := link.outbox.take()) is not None:
                    await link.connection.send(self._encode(message))  # has its own deadline
                else:
                    link.bell = trio.Event()
                    await link.bell.wait()
        except ConnectionEnded:
            pass
        link.scope.cancel()

    def _encode(self, message: FromLobby) -> bytes:
        """Encode a message; one that goes to many in a row is encoded once."""
        last, payload = self._encoded
        if message is not last:
            payload = encode(message)
            self._encoded = message, payload
        return payload

    async def _close(self, link: _LobbyLink, code: CloseCode, reason: str) -> None:
        self._closed[code.name.lower()] += 1
        log.info("lobby_closed", peer=link.connection.peer, code=int(code), reason=reason)
        short = reason.encode()[:REASON_BYTES_MAX].decode(errors="ignore")
        await link.connection.close(code, short)

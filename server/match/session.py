"""One connection to a match: the ticket is checked, then the tick owns the socket until the
connection ends.

Owns: the order of joining and leaving. Must not know: what a match does with a message. Invariant:
whatever ends the connection, the match has dropped it before the WebSocket is closed.
"""

import secrets
from itertools import chain, repeat
from typing import TYPE_CHECKING

import structlog
import trio
from attrs import define, field

from game.wire.codec import DecodeError, decode, encode
from game.wire.fingerprint import fingerprint
from game.wire.match_messages import Join, Refused
from game.wire.messages import CloseCode, Refusal
from game.wire.schema import ToMatch
from server.budget.costs import WATCHERS
from server.budget.leases import holder_of
from server.match.match import Match
from server.match.members import Member
from server.match.round_trip import RoundTrip
from server.match.seating import AdmissionError, Entrant
from server.net.tick_core import NonblockingStream
from server.net.websocket import Connection, ConnectionEnded
from server.security.tickets import Ticket, TicketError

if TYPE_CHECKING:
    from server.match.registry import MatchRegistry

NONCE_BYTES = 8
PATH = "/match/"
FIRST_MEASURES_S = (0.5, 0.5, 1.0, 1.0, 2.0)
MEASURE_EVERY_S = 16.0  # round trips change slowly, and a ping with its pong wakes five tasks

log = structlog.get_logger("match")


@define(eq=False)
class TickHandle:
    """A connection as the tick holds it: its stream, and a close request that never waits."""

    stream: NonblockingStream  # the socket that the tick reads and writes
    code: CloseCode | None = None
    reason: str = ""
    lost: ConnectionEnded | None = None  # how the client ended the connection, if it did so first
    _ended: trio.Event = field(factory=trio.Event)

    def end(self, code: CloseCode, reason: str) -> None:
        """Ask for a close; the first code and reason stand."""
        if self.code is None:
            self.code, self.reason = code, reason
            self._ended.set()

    def lose(self, ended: ConnectionEnded) -> None:
        """Note that the client is gone: no close handshake follows."""
        self.lost = ended
        self._ended.set()

    def close_reason(self) -> tuple[int, str]:
        """Code and reason for the log, whichever side ended the connection."""
        if self.code is not None:
            return int(self.code), self.reason
        if self.lost is None:
            return 0, "the server is stopping"
        return self.lost.code, self.lost.reason or "the other side ended it"

    async def wait_ended(self) -> None:
        """Wait for `end` or `lose`."""
        await self._ended.wait()


async def serve_member(connection: Connection, registry: "MatchRegistry") -> None:
    """Check the ticket, seat the person, and keep the connection until either side ends it."""
    try:
        match, entrant = await _check_ticket(connection, registry)
        handle = TickHandle(connection.stream.core)
        member = match.admit(entrant, handle)
        if entrant.is_watching:
            _count_watcher(connection, match, member, handle)
    except AdmissionError as error:
        log.info(
            "admission_refused",
            peer=connection.peer,
            path=connection.path,
            code=int(error.code),
            reason=error.text,
        )
        await _refuse(connection, error)
        return
    except ConnectionEnded as ended:
        log.info("left_before_join", peer=connection.peer, path=connection.path, code=ended.code)
        return
    bound = log.bind(
        match=match.spec.match_id, peer=connection.peer, slot=member.slot, player=member.player_id
    )
    bound.info("member_joined", kind=entrant.kind)
    trip = RoundTrip()
    member.inbox.lag_max = trip.lag_max(connection.stream.rtt_ms())
    connection.stream.begin_ticks()
    try:
        async with trio.open_nursery() as nursery:
            if member.slot >= 0:
                nursery.start_soon(_measure, connection, member, handle, trip)
            nursery.start_soon(_forward_messages, connection, match, member, handle)
            await handle.wait_ended()
            nursery.cancel_scope.cancel()
    finally:
        match.drop(member, handle)
        code, reason = handle.close_reason()
        bound.info("member_left", code=code, reason=reason)
    if handle.code is not None:
        await connection.close(handle.code, handle.reason)


def _count_watcher(
    connection: Connection, match: Match, watcher: Member, handle: TickHandle
) -> None:
    """Count the watcher against their address's limit, and no longer their previous connection.
    Raises `AdmissionError`.
    """
    account = connection.account
    watcher.at_end.close()
    if account is None:
        return
    if not account.hold(WATCHERS):
        match.drop(watcher, handle)
        text = "enough matches are watched from your address: close one of them first"
        raise AdmissionError(CloseCode.FULL, Refusal.FULL, text)
    watcher.at_end.callback(account.release, WATCHERS)


async def _check_ticket(connection: Connection, registry: "MatchRegistry") -> tuple[Match, Entrant]:
    """Wait for the join message and open its ticket. Raises `AdmissionError`, `ConnectionEnded`."""
    with trio.move_on_after(registry.settings.join_s) as scope:
        payload = await connection.receive()
    if scope.cancelled_caught:
        raise AdmissionError(CloseCode.IDLE, Refusal.STATE, "no join message came in time")
    try:
        message = decode(ToMatch, payload)
    except DecodeError as error:
        raise AdmissionError(CloseCode.MALFORMED, Refusal.STATE, str(error)[:100]) from error
    if not isinstance(message, Join):
        raise AdmissionError(CloseCode.MALFORMED, Refusal.STATE, "the first message must be a join")
    if message.fingerprint != fingerprint():
        raise AdmissionError(
            CloseCode.OUTDATED, Refusal.OUTDATED, "this server runs another version: reload"
        )
    ticket = _open(registry, message.ticket)
    if connection.path != PATH + ticket.match_id:
        raise AdmissionError(CloseCode.TICKET, Refusal.TICKET, "this ticket is for another match")
    match = registry.find(ticket.match_id)
    if match is None and registry.was_handed_over(ticket.match_id):
        raise AdmissionError(CloseCode.MOVED, Refusal.STATE, "the match goes on elsewhere")
    if match is None:
        raise AdmissionError(CloseCode.MATCH_OVER, Refusal.MATCH, "that match is over")
    match.check_open()
    kind = _spend(registry, ticket)
    fresh = secrets.token_bytes(NONCE_BYTES)
    who, holder = (ticket.player_id, ticket.name), holder_of(connection.account)
    return match, Entrant(*who, kind, ticket.slot, ticket.nonce, fresh, holder)


def _open(registry: "MatchRegistry", token: bytes) -> Ticket:
    """Open a ticket. Raises `AdmissionError`."""
    try:
        return registry.tickets.open(token, registry.uptime_s())
    except TicketError as error:
        raise AdmissionError(CloseCode.TICKET, Refusal.TICKET, str(error)) from error


def _spend(registry: "MatchRegistry", ticket: Ticket) -> str:
    """Spend a ticket, and return the entrant's kind: a play or watch ticket is new only once, and
    "again" or "watch_again" after that. Raises `AdmissionError`.
    """
    if ticket.kind == "resume":
        return ticket.kind
    try:
        is_new = registry.tickets.spend(ticket, registry.uptime_s())
    except TicketError as error:
        raise AdmissionError(CloseCode.TICKET, Refusal.TICKET, str(error)) from error
    if is_new:
        return ticket.kind
    return "again" if ticket.kind == "play" else "watch_again"


async def _forward_messages(
    connection: Connection, match: Match, member: Member, handle: TickHandle
) -> None:
    """Pass on the messages that the library assembled, until the connection ends."""
    try:
        while True:
            match.receive(member, handle, await connection.receive())
    except ConnectionEnded as ended:
        handle.lose(ended)


async def _measure(
    connection: Connection, member: Member, handle: TickHandle, trip: RoundTrip
) -> None:
    """Measure the round trip to a player until the connection ends. A client that never answers
    gets no second ping.
    """
    for pause_s in chain(FIRST_MEASURES_S, repeat(MEASURE_EVERY_S)):
        try:
            trip.note(await connection.round_trip_s() * 1_000)
        except ConnectionEnded:
            return  # `_forward_messages` reports it
        if member.handle is not handle:
            return  # another connection has replaced this one
        member.inbox.lag_max = trip.lag_max(connection.stream.rtt_ms())
        await trio.sleep(pause_s)


async def _refuse(connection: Connection, error: AdmissionError) -> None:
    if error.code is not CloseCode.MOVED:  # not a refusal: the client should reconnect
        try:
            await connection.send(encode(Refused(error.refusal, error.text)))
        except ConnectionEnded:
            return
    await connection.close(error.code, error.text)

"""The lobby's core: what each message does, and what happens as time passes.

Owns: the way from hello to a seat and back. Must not know: Trio, sockets, the clock (the time is
passed in). Invariants: a session waits, or is in a room, or neither, never both; everything that
the outside should do is in `take_effects`, in order.
"""

import math
import random

from attrs import define, field, frozen

from game.wire.lobby_messages import (
    Cancel,
    CreateRoom,
    Hello,
    Idle,
    JoinMatch,
    JoinRoom,
    LeaveRoom,
    ListMatches,
    Matches,
    MatchRow,
    Notice,
    Ping,
    Play,
    Pong,
    Refused,
    Rename,
    StartRoom,
    WatchMatch,
    Welcome,
)
from game.wire.messages import CloseCode, Refusal
from game.wire.schema import ToLobby
from server.budget.costs import LOBBY_LIST, LOBBY_MESSAGE, LOBBY_ROOM, SEAT
from server.budget.ledger import Ledger, Source
from server.config.settings import LobbySettings
from server.lobby import codes
from server.lobby.catalog import Catalog
from server.lobby.context import COUNT_MAX, LobbyContext
from server.lobby.effects import Effect, Send
from server.lobby.people import People, Session
from server.lobby.queue import Queue
from server.lobby.quotas import Quotas
from server.lobby.room_service import RoomService
from server.lobby.rooms import Rooms
from server.lobby.seats import Seats
from server.match.status import MatchStatus
from server.ops.histogram import Histogram

MATCH_ROWS_MAX = 50  # the wire's `Matches`
ROWS_KEPT_S = 0.25
COSTS = {
    ListMatches: LOBBY_LIST,
    Rename: LOBBY_ROOM,
    CreateRoom: LOBBY_ROOM,
    JoinRoom: LOBBY_ROOM,
    StartRoom: LOBBY_ROOM,  # and the match itself
    LeaveRoom: LOBBY_ROOM,
    Play: SEAT,
    JoinMatch: SEAT,
    WatchMatch: SEAT,
}  # the others: LOBBY_MESSAGE


@frozen
class Caller:
    """The address behind a link, and the source that pays for it."""

    address: str
    source: Source | None


@frozen
class LobbyStatistics:
    """The lobby's numbers right now, and how long its people waited."""

    links: int
    sessions: int
    queued: int
    rooms: int
    refused: dict[str, int]  # by reason
    waits_s: Histogram


@define(eq=False)
class Lobby:
    """See the module. Times are seconds of one clock that never goes back."""

    settings: LobbySettings
    catalog: Catalog
    seats: Seats
    fingerprint: bytes
    bot_level: int
    rng: random.Random = field(factory=random.SystemRandom)  # the source of tokens and codes
    ledger: Ledger | None = None  # None: nothing but messages is limited
    context: LobbyContext = field(init=False)
    queue: Queue = field(init=False)
    room_service: RoomService = field(init=False)
    _callers: dict[int, Caller] = field(factory=dict)  # by link
    _matches: tuple[Matches, float] = (Matches(()), -math.inf)  # and when they were listed

    def __attrs_post_init__(self) -> None:
        """Begin empty."""
        settings = self.settings
        people = People(settings.sessions_max, settings.resume_s, self.rng)
        quotas = Quotas(self.seats.registry, self.ledger)
        self.context = LobbyContext(
            settings, self.catalog, self.seats, people, self.bot_level, self.rng, quotas
        )
        self.queue = Queue(self.context)
        guesses = codes.GuessGuard(settings.wrong_codes_max)
        self.room_service = RoomService(self.context, Rooms(settings.rooms_max, self.rng), guesses)

    def reload(self, settings: LobbySettings, seats: Seats, bot_level: int) -> None:
        """Put new settings in force; nobody is disconnected."""
        self.settings = self.context.settings = settings
        self.seats = self.context.seats = seats
        self.bot_level = self.context.bot_level = bot_level
        people = self.context.people
        people.sessions_max, people.resume_s = settings.sessions_max, settings.resume_s
        self.room_service.guesses.wrong_max = settings.wrong_codes_max
        self.room_service.rooms.rooms_max = settings.rooms_max

    def connect(self, link: int, address: str, source: Source | None = None) -> None:
        """Register an open connection, which has no session until it says hello. `source` pays for
        its requests; None: an address without limits.
        """
        self._callers[link] = Caller(address, source)

    def drop(self, link: int, now_s: float) -> None:
        """Forget a closed connection; its session may return for a while."""
        del self._callers[link]
        session = self.context.people.drop(link, now_s)
        if session is not None:
            self.queue.lose(session)

    def has_said_hello(self, link: int) -> bool:
        """Whether this link has a session."""
        return self.context.people.on(link) is not None

    def receive(self, link: int, message: ToLobby, now_s: float) -> None:
        """Act on one message."""
        session = self.context.people.on(link)
        if session is not None and not session.pays(COSTS.get(type(message), LOBBY_MESSAGE)):
            text = "too many requests: wait a moment"
            self.context.refuse(session, type(message), Refusal.RATE, text)
        elif session is not None:
            self._act(session, message, now_s)
        elif isinstance(message, Hello):
            self._hello(link, message)
        else:
            self.context.close(link, CloseCode.MALFORMED, "the first message has to be hello")

    def pass_time(self, now_s: float) -> None:
        """Forget sessions whose time to return expired, and run the matchmaker."""
        for session in self.context.people.overdue(now_s):
            self.queue.leave(session)
            self.room_service.leave(session)
            if self.context.seat_names.has_seat(session.player_id):
                # They are playing, and keep their name.
                self.context.people.remember(session, now_s)
            else:
                self._forget(session)
        self.context.quotas.refresh()
        self.room_service.retry_seats()
        self.queue.run_matchmaker(now_s)

    def forget_all(self) -> None:
        """Forget all disconnected sessions, whatever was promised to them."""
        for session in self.context.people.overdue(math.inf):
            self.queue.leave(session)
            self.room_service.leave(session)
            self._forget(session)
        self.pass_time(math.inf)

    def announce_shutdown(self, grace_s: int) -> None:
        """Begin nothing new, and notify all people."""
        self.context.is_closing = True
        for session in self.context.people.connected():
            self.queue.leave(session)
            self.context.send(session, Notice("The server is about to restart", grace_s))

    def close_all(self) -> None:
        """Close all connections, including those that never said hello."""
        self.context.is_closing = True
        for link in self._callers:
            self.context.close(link, CloseCode.SHUTDOWN, "the server is restarting")

    def take_effects(self) -> list[Effect]:
        """Return the pending effects in order, and clear them."""
        effects, self.context.effects = self.context.effects, []
        return effects

    def statistics(self) -> LobbyStatistics:
        """Return the current numbers."""
        return LobbyStatistics(
            links=len(self._callers),
            sessions=len(self.context.people),
            queued=len(self.queue.present()),
            rooms=len(self.room_service.rooms.by_code),
            refused=dict(self.context.refused),
            waits_s=self.queue.waits_s,
        )

    def _forget(self, session: Session) -> None:
        self.context.people.forget(session)
        self.context.quotas.forget(session.home)

    def _act(self, session: Session, message: ToLobby, now_s: float) -> None:
        match message:
            case Play(mode):
                self.queue.join(session, mode, now_s)
            case Cancel():
                self.queue.leave(session)
                self._show_activity(session)
            case CreateRoom(mode, map_name):
                self.queue.leave(session)
                self.room_service.open(session, mode, map_name)
            case JoinRoom(code):
                self.queue.leave(session)
                self.room_service.join(session, code, now_s)
            case StartRoom(bots, level):
                self.room_service.start(session, bots, level)
            case LeaveRoom():
                self.room_service.leave(session, is_wish=True)
                self._show_activity(session)
            case ListMatches():
                self.context.send(session, self._list_matches(now_s))
            case JoinMatch(match_id):
                self._join_match(session, match_id)
            case WatchMatch(match_id):
                self._watch_match(session, match_id)
            case Ping(nonce):
                self.context.send(session, Pong(nonce, self._online()))
            case Rename(text):
                self._rename(session, text)
            case _:
                text = "hello was already sent"
                self.context.refuse(session, type(message), Refusal.STATE, text)

    def _hello(self, link: int, hello: Hello) -> None:
        if hello.fingerprint != self.fingerprint:
            text = "this server runs another version: reload the page"
            refused = Refused(Hello.spec.number, Refusal.OUTDATED, text)
            self.context.effects.append(Send(link, refused))
            self.context.close(link, CloseCode.OUTDATED, text)
            return
        people, caller = self.context.people, self._callers[link]
        address = caller.address
        session = people.returning(hello.session)
        if session is not None:
            replaced = people.attach(session, link, address)
            if hello.name not in ("", session.asked):  # typed while the connection was away
                fault = people.rename(session, hello.name)
                if fault:
                    session.name_note = f"You are still {session.name}: {fault}"
            if replaced is not None:
                self.context.close(replaced, CloseCode.REPLACED, "you connected again elsewhere")
        elif people.is_full():
            self.context.close(link, CloseCode.FULL, "the server is full")
            return
        elif not self.context.quotas.arrive(caller.source):
            self.context.close(
                link, CloseCode.FULL, "too many people are connected from your address"
            )
            return
        else:
            session = people.arrive(link, address, hello.name)
            session.home = caller.source
        if session.account is not None:
            session.account.source = caller.source
        elif self.ledger is not None:
            session.account = self.ledger.open_session(caller.source)
        self._welcome(session)
        if not self._seat_again(session):
            self._show_activity(session)

    def _seat_again(self, session: Session) -> bool:
        """Send a new ticket to a person whose last connection was lost before they took their
        seat; return whether there was such a seat.
        """
        match_id = session.seat_match_id
        waits = self.seats.registry.is_reserved(match_id, session.player_id)
        if not waits or self.context.seat(session, match_id):
            return False
        self.queue.leave(session)
        if session.room is not None:
            self.room_service.send_room_to(session)
        return True

    def _welcome(self, session: Session) -> None:
        catalog = self.context.catalog
        note, session.name_note = session.name_note, ""
        welcome = Welcome(
            self.fingerprint,
            session.name,
            session.token,
            online=self._online(),
            modes=catalog.mode_rows(),
            maps=catalog.map_rows(),
            name_note=note,
        )
        self.context.send(session, welcome)

    def _show_activity(self, session: Session) -> None:
        """Send a session's state: in a room, queued (sent when the matchmaker runs), or idle."""
        if session.room is not None:
            self.room_service.send_room_to(session)
            self.room_service.follow(session)
        elif session.waiting is not None:
            session.queue_shown = (-1, -1)
        else:
            self.context.send(session, Idle())

    def _rename(self, session: Session, text: str) -> None:
        fault = self.context.people.rename(session, text)
        if fault:
            self.context.refuse(session, Rename, Refusal.NAME, fault)
            return
        self._welcome(session)
        self._show_activity(session)
        if session.room is not None:
            self.room_service.send_room(session.room)

    def _join_match(self, session: Session, match_id: str) -> None:
        if self._public(session, JoinMatch, match_id) is None:
            return
        if why_not := self.context.seat(session, match_id):
            self.context.refuse(session, JoinMatch, Refusal.FULL, why_not)
            return
        self.queue.leave(session)

    def _watch_match(self, session: Session, match_id: str) -> None:
        status = self._public(session, WatchMatch, match_id)
        if status is None:
            return
        seat = self.seats.watch(status, session.player_id, session.name)
        if seat is None:
            text = "this match cannot be watched"
            self.context.refuse(session, WatchMatch, Refusal.MATCH, text)
            return
        self.queue.leave(session)
        self.context.send(session, seat)

    def _public(self, session: Session, about: type[ToLobby], match_id: str) -> MatchStatus | None:
        """Return a match that is public, or of this session's room; otherwise refuse."""
        status = self.seats.running(match_id)
        own = session.room is not None and session.room.match_id == match_id
        if status is not None and (own or not status.private):
            return status
        self.context.refuse(session, about, Refusal.MATCH, "that match is over")
        return None

    def _list_matches(self, now_s: float) -> Matches:
        """Return the list, made at most every `ROWS_KEPT_S`, because many ask at once."""
        matches, made_s = self._matches
        if now_s >= made_s + ROWS_KEPT_S:
            public = [status for status in self.seats.registry.statuses() if not status.private]
            public.sort(key=lambda status: -status.people)
            matches = Matches(tuple([_row(status) for status in public[:MATCH_ROWS_MAX]]))
            self._matches = matches, now_s
        return matches

    def _online(self) -> int:
        return min(self.context.people.online_count(), COUNT_MAX)


def _row(status: MatchStatus) -> MatchRow:
    return MatchRow(
        status.match_id,
        status.mode,
        status.map_name,
        people=status.people,
        bots=status.bots,
        players_max=status.players_max,
        watchers=status.watchers,
        phase=status.phase,
        seconds_left=min(status.seconds_left, COUNT_MAX),
    )

"""The context that all parts of the lobby share: people, catalog, seats, and outgoing effects.

Owns: sending and refusing, and handing out seats. Must not know: queues, rooms' rules, sockets.
Invariant: everything for the outside goes into one list, in order.
"""

import random
from collections import Counter
from collections.abc import Iterable

from attrs import define, field

from game.wire.lobby_messages import Refused
from game.wire.messages import CloseCode, Refusal
from game.wire.schema import FromLobby, ToLobby
from server.config.settings import LobbySettings
from server.lobby.catalog import Catalog
from server.lobby.effects import Close, Effect, Send
from server.lobby.people import People, Session
from server.lobby.quotas import Quotas
from server.lobby.seat_names import SeatNames
from server.lobby.seats import Seats
from server.match.status import BotPolicy

COUNT_MAX = 65_535  # the wire's COUNT


@define(eq=False)
class LobbyContext:
    """See the module. `about` is always the class of the client's message that is answered."""

    settings: LobbySettings
    catalog: Catalog
    seats: Seats
    people: People
    bot_level: int
    rng: random.Random
    quotas: Quotas
    seat_names: SeatNames = field(init=False)
    is_closing: bool = False
    refused: Counter[str] = field(factory=Counter)  # by reason, for the metrics
    effects: list[Effect] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        """Make names in use in matches count as taken in the lobby, too."""
        self.seat_names = SeatNames(self.seats.registry.holds_seat)
        self.people.is_in_use = self.seat_names.is_in_use

    def send(self, session: Session, message: FromLobby) -> None:
        """Send a message if the session is connected; others learn the state when they return."""
        if session.link is not None:
            self.effects.append(Send(session.link, message))

    def refuse(self, session: Session, about: type[ToLobby], code: Refusal, text: str) -> None:
        """Send a refusal with its reason, and count it."""
        self.refused[code.name.lower()] += 1
        self.send(session, Refused(about.spec.number, code, text))

    def close(self, link: int, code: CloseCode, reason: str) -> None:
        """Close a connection once all earlier messages are sent."""
        self.effects.append(Close(link, code, reason))

    def send_all(self, sessions: Iterable[Session], message: FromLobby) -> None:
        """Send the same message to all of them; it is encoded once."""
        for session in sessions:
            if session.link is not None:
                self.effects.append(Send(session.link, message))

    def seat(self, session: Session, match_id: str) -> str:
        """Give a session a ticket for a seat of a match; return why not, or ""."""
        if why_not := self.quotas.reserve(session, match_id):
            return why_not
        self.seat_names.note(session.player_id, match_id, session.name)
        seat = self.seats.play(match_id, session.player_id, session.name)
        if seat is None:
            return "no seat is free in that match"
        session.seat_match_id = match_id
        self.send(session, seat)
        return ""

    def begin(
        self, session: Session, mode: str, map_name: str, *, private: bool, bots: BotPolicy
    ) -> tuple[str, str]:
        """Begin a match on a session's behalf; return its id, or "" and why not."""
        asked_bots = bots.count if private else 0
        if why_not := self.quotas.begin(session, asked_bots):
            return "", why_not
        match_id = self.seats.create(mode, map_name, private=private, bots=bots)
        self.quotas.note_begun(session, match_id, asked_bots)
        return match_id, "" if match_id else "all matches are full, try again"

    def may_begin(self, session: Session, about: type[ToLobby]) -> bool:
        """Whether new matches may begin; sends a refusal if not."""
        if self.is_closing:
            self.refuse(session, about, Refusal.BUSY, "the server is about to restart")
        return not self.is_closing

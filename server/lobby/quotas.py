"""Per-address quotas: reserved seats that nobody has taken yet, matches started, rooms, sessions.

Owns: the quotas of `server.budget` for these. Must not know: messages, sockets. Invariant: seats
and matches count only while the registry still has them. `refresh` asks it, so a seat that is
taken or a match that ends needs no report here.
"""

from attrs import define, field, frozen

from server.budget.costs import BOTS, MATCHES, RESERVATIONS, ROOMS, SESSIONS
from server.budget.ledger import Ledger, Source
from server.lobby.people import Session
from server.lobby.seats import MatchRegistry


@frozen
class _Reservation:
    source: Source | None
    match_id: str


@frozen
class _Begun:
    source: Source
    match_id: str
    bots: int


@define(eq=False)
class Quotas:
    """See the module. Sessions without a source (an address without limits) are not counted."""

    registry: MatchRegistry
    ledger: Ledger | None = None  # None: nothing is limited
    _reservations: dict[str, _Reservation] = field(factory=dict)  # by player id
    _begun: list[_Begun] = field(factory=list)
    _rooms: dict[str, Source] = field(factory=dict)  # by code

    def reserve(self, session: Session, match_id: str) -> str:
        """Count a seat reserved for this address; return why not, or "". A person has one
        reservation: an earlier one is given up. If the registry has no seat after all, `refresh`
        corrects the count.
        """
        before = self._reservations.pop(session.player_id, None)
        if before is not None:
            self._release(before)
            if before.match_id != match_id:
                self.registry.release(before.match_id, session.player_id)
        source = session.source
        if self.ledger is not None and source is not None:
            is_counted = self.ledger.hold(source, RESERVATIONS)
            if not is_counted:
                self.refresh()
                is_counted = self.ledger.hold(source, RESERVATIONS)
            if not is_counted:
                return "too many seats are reserved from your address: try again in a moment"
        self._reservations[session.player_id] = _Reservation(source, match_id)
        return ""

    def arrive(self, source: Source | None) -> bool:
        """Count a new session for this address; False when it has too many."""
        return self.ledger is None or source is None or self.ledger.hold(source, SESSIONS)

    def forget(self, source: Source | None) -> None:
        """Stop counting a session that was forgotten."""
        if self.ledger is not None and source is not None:
            self.ledger.release(source, SESSIONS)

    def open_room(self, session: Session) -> str:
        """Count a room; return why not, or "". Call `note_room` afterwards."""
        source = session.source
        if self.ledger is None or source is None or self.ledger.hold(source, ROOMS):
            return ""
        return "too many rooms were opened from your address"

    def note_room(self, session: Session, code: str) -> None:
        """Record the code of the new room; an empty code means that it was not opened."""
        if self.ledger is None or session.source is None:
            return
        if code:
            self._rooms[code] = session.source
        else:
            self.ledger.release(session.source, ROOMS)

    def close_room(self, code: str) -> None:
        """Stop counting a room that was closed."""
        source = self._rooms.pop(code, None)
        if self.ledger is not None and source is not None:
            self.ledger.release(source, ROOMS)

    def begin(self, session: Session, bots: int) -> str:
        """Count one more match started from this address, with its requested bots; return why not,
        or "". Call `note_begun` afterwards.
        """
        if self.ledger is None or session.source is None:
            return ""
        self.refresh()
        if not self.ledger.hold(session.source, MATCHES):
            return "too many running matches were started from your address"
        if not self.ledger.hold(session.source, BOTS, bots):
            self.ledger.release(session.source, MATCHES)
            return "too many bots are playing in matches from your address"
        return ""

    def note_begun(self, session: Session, match_id: str, bots: int) -> None:
        """Record the id of the new match; an empty id means that it did not begin."""
        if self.ledger is None or session.source is None:
            return
        if match_id:
            self._begun.append(_Begun(session.source, match_id, bots))
        else:
            self._give_back(_Begun(session.source, match_id, bots))

    def refresh(self) -> None:
        """Stop counting reservations that were taken or lapsed, and matches that are over."""
        for player_id, it in list(self._reservations.items()):
            if not self.registry.is_reserved(it.match_id, player_id):
                self._release(self._reservations.pop(player_id))
        if not self._begun:
            return
        running = {status.match_id for status in self.registry.statuses() if not status.is_over}
        for begun in self._begun:
            if begun.match_id not in running:
                self._give_back(begun)
        self._begun = [it for it in self._begun if it.match_id in running]

    def _give_back(self, begun: _Begun) -> None:
        if self.ledger is not None:
            self.ledger.release(begun.source, MATCHES)
            self.ledger.release(begun.source, BOTS, begun.bots)

    def _release(self, reservation: _Reservation) -> None:
        if self.ledger is not None and reservation.source is not None:
            self.ledger.release(reservation.source, RESERVATIONS)

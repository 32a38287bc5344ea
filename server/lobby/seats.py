"""Seats in matches as the lobby sees them: requested, promised, and handed out as tickets.

Owns: turning a free seat into a ticket. Must not know: how a match runs, sockets. Invariant: a play
ticket is only issued for a seat that the match has promised to keep.
"""

import math
import random
from collections.abc import Callable
from typing import Protocol

from attrs import field, frozen

from game.wire.lobby_messages import Seat
from server.match.status import BotPolicy, MatchStatus, RegistryFullError
from server.security.tickets import LATE_S, NONCE_BYTES, Ticket, TicketBox

RETURN_S = 5  # for a page that reloads, and for clients that leave the lobby before they join
NO_TICKET = b"\0"  # as short as the wire allows


class MatchRegistry(Protocol):
    """The matches of this process; see docs/ARCHITECTURE.md."""

    def create(
        self, mode: str, map_name: str, *, private: bool = False, bots: BotPolicy | None = None
    ) -> str:
        """Begin a match and return its id. Raises `RegistryFullError`."""

    def reserve(self, match_id: str, player_id: str, seconds: int) -> bool:
        """Keep a seat for a ticket; False when there is none."""

    def is_reserved(self, match_id: str, player_id: str) -> bool:
        """Whether a seat is kept for a ticket that was issued and has not been used yet."""

    def holds_seat(self, match_id: str, player_id: str) -> bool:
        """Whether this player has a seat: connected, dropped for a while, or promised to a
        ticket.
        """

    def release(self, match_id: str, player_id: str) -> None:
        """Stop keeping that seat."""

    def abandon(self, match_id: str) -> None:
        """End a match that no player would join, unless a member is connected or has a seat to
        come back to.
        """

    @property
    def capacity(self) -> int:
        """How many matches can run at once."""

    def statuses(self) -> list[MatchStatus]:
        """Return every running match."""

    def status(self, match_id: str) -> MatchStatus | None:
        """Return one match, or None when it has ended."""


@frozen
class Seats:
    """`uptime_s` is the clock that tickets expire by; a seat is kept `ticket_s` for its ticket."""

    registry: MatchRegistry
    tickets: TicketBox
    ticket_s: int
    uptime_s: Callable[[], float]
    watch_delay_s: int = 0
    can_show_later: bool = True  # there are journals, and they may be watched
    private_share: float = 1.0  # of all matches that may be private
    rng: random.Random = field(factory=random.SystemRandom)

    def create(self, mode: str, map_name: str, *, private: bool, bots: BotPolicy) -> str:
        """Begin a match and return its id, or "" when the server takes no more. Private matches
        leave some capacity for quick play.
        """
        if private and not self._has_room_for_private():
            return ""
        try:
            return self.registry.create(mode, map_name, private=private, bots=bots)
        except RegistryFullError:
            return ""

    def _has_room_for_private(self) -> bool:
        count = sum(status.private for status in self.registry.statuses())
        return count < math.ceil(self.registry.capacity * self.private_share)

    def running(self, match_id: str) -> MatchStatus | None:
        """Return the match, or None when it is over."""
        status = self.registry.status(match_id) if match_id else None
        return status if status is not None and not status.is_over else None

    def play(self, match_id: str, player_id: str, name: str) -> Seat | None:
        """Return a seat for a player, or None when none is free."""
        if not self.registry.reserve(match_id, player_id, self.ticket_s):
            return None
        return self._seat("play", match_id, player_id, name)

    def expect_soon(self, match_id: str, player_id: str) -> bool:
        """Keep a seat for at most `RETURN_S` for a player whose lobby connection is gone.

        Return whether a seat was reserved for them.
        """
        if not self.registry.is_reserved(match_id, player_id):
            return False
        return self.registry.reserve(match_id, player_id, min(RETURN_S, self.ticket_s))

    def watch(self, status: MatchStatus, player_id: str, name: str) -> Seat | None:
        """Return a spectator's place, or None when that match may not be watched.

        With a delay, spectators watch the match's journal and get no ticket to the match itself.
        Private matches cannot be watched this way, because anybody may ask for a journal.
        """
        match_id = status.match_id
        if self.watch_delay_s:
            if status.private or not self.can_show_later:
                return None
            return Seat(match_id, f"/replay/live/{match_id}", NO_TICKET, watch=1)
        return self._seat("watch", match_id, player_id, name)

    def _seat(self, kind: str, match_id: str, player_id: str, name: str) -> Seat:
        expires_s = int(self.uptime_s()) + self.ticket_s + LATE_S
        ticket = Ticket(
            kind="watch" if kind == "watch" else "play",
            match_id=match_id,
            player_id=player_id,
            name=name,
            slot=-1,
            expires_s=expires_s,
            nonce=self.rng.randbytes(NONCE_BYTES),
        )
        token = self.tickets.issue(ticket)
        return Seat(match_id, f"/match/{match_id}", token, watch=int(kind == "watch"))

"""Seats in matches, as the lobby sees them: asked for, promised, and handed out as tickets.

Owns: turning a free seat into a ticket. Must not know: how a match runs, sockets. Invariant: a play
ticket is only issued for a seat that the match has promised to keep.
"""

import math
import random
from collections.abc import Callable
from typing import Protocol

from attrs import field, frozen

from server.match.status import BotPolicy, DirectoryFullError, MatchStatus
from server.tickets import LATE_S, NONCE_BYTES, Ticket, TicketBox

RETURN_S = 5  # for a page that reloads, and for clients that leave the lobby before they join
NO_TICKET = b"\0"  # as short as the wire allows


class Directory(Protocol):
    """The matches of this process; see docs/ARCHITECTURE.md."""

    def create(
        self, mode: str, map_name: str, *, private: bool = False, bots: BotPolicy | None = None
    ) -> str:
        """Begin a match and return its id. Raises `DirectoryFullError`."""

    def reserve(self, match_id: str, player_id: str, seconds: int) -> bool:
        """Keep a seat for a ticket; False when there is none."""

    def is_reserved(self, match_id: str, player_id: str) -> bool:
        """Whether a seat waits for a ticket that was given out and has not been shown yet."""

    def holds_seat(self, match_id: str, player_id: str) -> bool:
        """Whether a seat is theirs: connected, dropped for a while, or promised to a ticket."""

    def release(self, match_id: str, player_id: str) -> None:
        """Keep that seat no longer."""

    def abandon(self, match_id: str) -> None:
        """Nobody is left who would come: end the match, unless somebody is connected."""

    @property
    def capacity(self) -> int:
        """How many matches can run at once."""

    def statuses(self) -> list[MatchStatus]:
        """Return every match that runs."""

    def status(self, match_id: str) -> MatchStatus | None:
        """Return one match, or None when it has ended."""


@frozen
class Seats:
    """`uptime_s` tells the time tickets expire by; for `ticket_s` a seat is kept for one."""

    directory: Directory
    tickets: TicketBox
    ticket_s: int
    uptime_s: Callable[[], float]
    watch_delay_s: int = 0
    can_show_later: bool = True  # there are journals, and they are shown
    private_share: float = 1.0  # part of all matches that may be private
    rng: random.Random = field(factory=random.SystemRandom)

    def create(self, mode: str, map_name: str, *, private: bool, bots: BotPolicy) -> str:
        """Begin a match and return its id, or "" when the server takes no more. Private rooms leave
        some room for quick play.
        """
        if private and not self._has_room_for_private():
            return ""
        try:
            return self.directory.create(mode, map_name, private=private, bots=bots)
        except DirectoryFullError:
            return ""

    def _has_room_for_private(self) -> bool:
        count = sum(status.private for status in self.directory.statuses())
        return count < math.ceil(self.directory.capacity * self.private_share)

    def running(self, match_id: str) -> MatchStatus | None:
        """Return the match if one can still come in."""
        status = self.directory.status(match_id) if match_id else None
        return status if status is not None and not status.is_over else None

    def play(self, match_id: str, player_id: str, name: str) -> tuple[str, str, bytes, int] | None:
        """Return the fields of a `seat` message for a player, or None when no seat is free."""
        if not self.directory.reserve(match_id, player_id, self.ticket_s):
            return None
        return self._seat("play", match_id, player_id, name)

    def expect_soon(self, match_id: str, player_id: str) -> bool:
        """Keep a seat no longer than `RETURN_S` for somebody whose lobby connection is gone.

        Return whether a seat was waiting for them.
        """
        if not self.directory.is_reserved(match_id, player_id):
            return False
        return self.directory.reserve(match_id, player_id, min(RETURN_S, self.ticket_s))

    def watch(
        self, status: MatchStatus, player_id: str, name: str
    ) -> tuple[str, str, bytes, int] | None:
        """Return the fields of a `seat` message for somebody who looks on, or None when that match
        is not shown.

        With a delay they are shown the match's journal, and get no ticket that would open the
        match. Private ones are not shown in this way, for anybody may ask for it.
        """
        match_id = status.match_id
        if self.watch_delay_s:
            if status.private or not self.can_show_later:
                return None
            return match_id, f"/replay/live/{match_id}", NO_TICKET, 1
        return self._seat("watch", match_id, player_id, name)

    def _seat(
        self, kind: str, match_id: str, player_id: str, name: str
    ) -> tuple[str, str, bytes, int]:
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
        return match_id, f"/match/{match_id}", self.tickets.issue(ticket), int(kind == "watch")

"""The queue for quick play: the waiting players, their updates, and how they leave.

Owns: carrying out what the matchmaker decides. Must not know: rooms, sockets. Invariants:
everybody in the queue is assigned, cancels, or expires; nobody is taken out of the queue before
they have a ticket or have been told why not; disconnected people keep their place, and are neither
matched, counted, nor company for others.
"""

import math
from collections import Counter
from collections.abc import Iterable

from attrs import define, field

from game.wire.lobby_messages import Idle, Play, Queued
from game.wire.messages import Refusal
from server.lobby.context import COUNT_MAX, LobbyContext
from server.lobby.matchmaker import Assignment, OpenMatch, Waiting, assign
from server.lobby.people import Session
from server.match.status import BotPolicy
from server.ops.histogram import Histogram

TELL_EVERY_S = 0.25  # at most this often: others come and go all the time
WAIT_BOUNDS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


@define(eq=False)
class Queue:
    """See the module. Sessions are kept by player id, in order of arrival."""

    context: LobbyContext
    waiting: dict[str, Session] = field(factory=dict)
    absent: dict[str, Session] = field(factory=dict)  # left the lobby without taking their seat
    _told_s: float = -math.inf
    waits_s: Histogram = field(factory=lambda: Histogram(WAIT_BOUNDS_S))

    def join(self, session: Session, mode: str, now_s: float) -> None:
        """Queue a session for a mode; asking again for the same mode keeps the place."""
        context = self.context
        if mode not in context.catalog.modes:
            context.refuse(session, Play, Refusal.MODE, "this server does not offer that mode")
            return
        if session.room is not None:
            context.refuse(session, Play, Refusal.STATE, "leave your room first")
            return
        if not context.may_begin(session, Play):
            return
        if session.waiting is None or session.waiting.mode != mode:
            session.waiting = Waiting(session.player_id, mode, now_s)
            self.waiting[session.player_id] = session
        session.queue_shown = (-1, -1)
        self._tell([session], now_s)

    def leave(self, session: Session) -> None:
        """Take a session out of the queue."""
        session.waiting = None
        self.waiting.pop(session.player_id, None)

    def lose(self, session: Session) -> None:
        """Note a lost connection; the session may have a ticket and not yet have taken its seat."""
        if self.context.seats.expect_soon(session.seat_match_id, session.player_id):
            self.absent[session.player_id] = session

    def present(self) -> list[Waiting]:
        """Return the queue without the disconnected, in order of arrival."""
        return [it.waiting for it in self.waiting.values() if it.link is not None and it.waiting]

    def run_matchmaker(self, now_s: float) -> None:
        """Run the matchmaker, seat the players it names, and update the others."""
        if not self.waiting or self.context.is_closing:
            return
        found = assign(
            self.present(),
            self._open_matches(),
            self.context.catalog.sizes,
            self.context.settings.bot_fill_after_s,
            now_s,
        )
        for assignment in found:
            self._carry_out(assignment, now_s)
        if now_s >= self._told_s + TELL_EVERY_S or found:
            self._told_s = now_s
            self._tell(self.waiting.values(), now_s)

    def _open_matches(self) -> list[OpenMatch]:
        """Return the matches to send people to, without those where only absent people are
        expected.
        """
        absent = self._absent_by_match()
        return [
            OpenMatch(status.match_id, status.mode, people, status.open_seats)
            for status in self.context.seats.registry.statuses()
            if not status.private and not status.is_over
            for people in [status.people + status.reserved - absent[status.match_id]]
            if people > 0 or not absent[status.match_id]
        ]

    def _absent_by_match(self) -> Counter[str]:
        is_reserved = self.context.seats.registry.is_reserved
        self.absent = {
            player_id: session
            for player_id, session in self.absent.items()
            if session.link is None and is_reserved(session.seat_match_id, player_id)
        }
        return Counter(session.seat_match_id for session in self.absent.values())

    def _carry_out(self, assignment: Assignment, now_s: float) -> None:
        sessions = [self.waiting[player_id] for player_id in assignment.player_ids]
        match_id = assignment.match_id
        while not match_id and sessions:
            # A new match counts against the address of one of them. If that address may begin no
            # more, that session is refused and the next one is tried: nobody is refused because of
            # the others in the group.
            match_id, why_not = self._begin(assignment, sessions[0])
            if not match_id:
                refused = sessions.pop(0)
                self.leave(refused)
                self.context.refuse(refused, Play, Refusal.BUSY, why_not)
                self.context.send(refused, Idle())
        for session in sessions:
            if not self.context.seat(session, match_id):
                assert session.waiting is not None
                self.waits_s.observe(now_s - session.waiting.joined_s)
                self.leave(session)
            # Otherwise no seat could be had: the session keeps its place in the queue, and the
            # next run tries again.

    def _begin(self, assignment: Assignment, asking: Session) -> tuple[str, str]:
        context = self.context
        population = self._population(assignment.mode)
        players = max(population, len(assignment.player_ids))
        map_name = context.catalog.pick_map(assignment.mode, players, context.rng)
        bots = BotPolicy(population=population, level=context.bot_level)
        return context.begin(asking, assignment.mode, map_name, private=False, bots=bots)

    def _population(self, mode_name: str) -> int:
        """Up to how many players bots fill a new match: what the operator wants and the mode
        needs.
        """
        wanted, mode = self.context.settings.bots, self.context.catalog.modes[mode_name]
        return min(max(wanted, mode.population), mode.players_max) if wanted else 0

    def _tell(self, sessions: Iterable[Session], now_s: float) -> None:
        """Send `queued` to the sessions for which something changed."""
        counts = Counter(waiting.mode for waiting in self.present())
        fill_after_s = self.context.settings.bot_fill_after_s
        for session in sessions:
            assert session.waiting is not None
            waiting = session.waiting
            bots_in_s = max(0, math.ceil(waiting.joined_s + fill_after_s - now_s))
            shown = (counts[waiting.mode], bots_in_s)
            if shown != session.queue_shown:
                session.queue_shown = shown
                message = Queued(waiting.mode, min(shown[0], COUNT_MAX), bots_in_s)
                self.context.send(session, message)

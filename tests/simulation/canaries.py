"""Deliberate bugs that prove that a simulation finds such bugs: each breaks one promise.

Owns: how each is planted. Must not know: how it is found. Invariant: outside its context nothing is
broken. Compiled modules call each other directly, so the bugs of IN_SOURCES can be planted only
where the sources run (SKIRMISH_COMPILED=0).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from attrs import evolve

from server.lobby.queue import Queue
from server.match import session
from server.match.archiver import JournalArchiver
from server.match.journal_files import JournalFolder
from server.match.match import Match
from server.match.seating import Seating
from server.match.session import TickHandle
from server.net.frames import Messages
from server.net.limits import Limits
from server.net.tick_core import NonblockingStream, TickCore
from server.store.base import MatchResult
from tests.simulation.ledger import Ledger

Canary = Callable[[], AbstractContextManager[Any]]


def journal_after_frame() -> AbstractContextManager[Any]:
    """A tick's inputs are journaled only after the frame that shows them was sent."""
    send = Match._send

    def sends_first(match: Match) -> None:
        with mock.patch.object(Match, "_commit"):
            send(match)
        match._commit()

    return mock.patch.object(Match, "_send", sends_first)


def seat_dropped_on_recovery() -> AbstractContextManager[Any]:
    """The player in the last seat is forgotten when a match is resumed."""
    restore = Seating.restore

    def forgets_one(seating: Seating, people: Any, present: Any) -> None:
        people = list(people)
        persons = [person for person in people if person.player_id]
        restore(seating, [it for it in people if it not in persons[-1:]], present)

    return mock.patch.object(Seating, "restore", forgets_one)


def result_counted_twice() -> AbstractContextManager[Any]:
    """The database counts a result again when it is stored a second time."""
    commit = Ledger.commit

    def counts_again(ledger: Ledger, result: MatchResult) -> bool:
        is_new = commit(ledger, result)
        if not is_new:
            ledger.counted[result.match_id, result.round_number] += 1
        return True

    return mock.patch.object(Ledger, "commit", counts_again)


def result_forgotten_by_recovery() -> AbstractContextManager[Any]:
    """A result that was not stored before a crash is not stored after it either."""
    restore = Match._restore

    def forgets(match: Match, recovered: Any) -> None:
        recovered.results.clear()
        restore(match, recovered)

    return mock.patch.object(Match, "_restore", forgets)


def token_good_only_once() -> AbstractContextManager[Any]:
    """A player cut off before they get the next token may not use the current one again."""
    admit = Seating.admit

    def forgets_old_token(seating: Seating, *arguments: Any) -> Any:
        member = admit(seating, *arguments)
        member.spare_nonce = None
        return member

    return mock.patch.object(Seating, "admit", forgets_old_token)


def seat_given_away_early() -> AbstractContextManager[Any]:
    """The window to come back is a third as long as promised."""
    expire = Seating.expire

    def expires_early(seating: Seating, age: int) -> None:
        settings, seating.settings = (
            seating.settings,
            evolve(seating.settings, resume_s=seating.settings.resume_s // 3),
        )
        expire(seating, age)
        seating.settings = settings

    return mock.patch.object(Seating, "expire", expires_early)


def frames_cut_short() -> AbstractContextManager[Any]:
    """When the socket takes only part of a frame, the rest is never sent."""

    class ForgetsRest(NonblockingStream):
        def __init__(self, core: TickCore) -> None:
            self.core = core

        def drain_nowait(self, messages: Messages) -> None:
            self.core.drain_nowait(messages)

        def idle_ms(self) -> int:
            return self.core.idle_ms()

        def fileno(self) -> int:
            return self.core.fileno()

        @property
        def has_backlog(self) -> bool:
            return self.core.has_backlog

        def send_nowait(self, payload: bytes) -> bool:
            is_taken = self.core.send_nowait(payload)
            self.core.remainder = b""
            return is_taken

    return mock.patch.object(session, "TickHandle", lambda core: TickHandle(ForgetsRest(core)))


def queue_forgets_somebody() -> AbstractContextManager[Any]:
    """Players assigned to a match that already runs leave the queue without a seat."""
    carry_out = Queue._carry_out

    def forgets(queue: Queue, assignment: Any, now_s: float) -> None:
        if assignment.match_id:
            for player_id in assignment.player_ids:
                queue.leave(queue.waiting[player_id])
        else:
            carry_out(queue, assignment, now_s)

    return mock.patch.object(Queue, "_carry_out", forgets)


def connections_never_released() -> AbstractContextManager[Any]:
    """A connection that has ended still counts against the limits."""
    return mock.patch.object(Limits, "release")


def planned_end_forgets_matches() -> AbstractContextManager[Any]:
    """A process that is asked to end marks matches as over that the next one should resume."""
    return mock.patch.object(
        JournalArchiver, "match_ended", _forgets_moves(JournalArchiver.match_ended)
    )


def _forgets_moves(match_ended: Any) -> Any:
    def forgets(archiver: JournalArchiver, match: Match) -> None:
        match.is_moving = match.is_moving and "restarts" not in match.ended_reason
        match_ended(archiver, match)

    return forgets


def match_never_forgiven() -> AbstractContextManager[Any]:
    """A match is blamed for two unrelated deaths of a process."""
    return mock.patch.object(JournalFolder, "has_crashes", return_value=False)


CANARIES: dict[str, Canary] = {
    canary.__name__: canary
    for canary in (
        journal_after_frame,
        seat_dropped_on_recovery,
        result_counted_twice,
        result_forgotten_by_recovery,
        token_good_only_once,
        seat_given_away_early,
        frames_cut_short,
        queue_forgets_somebody,
        connections_never_released,
        match_never_forgiven,
        planned_end_forgets_matches,
    )
}
IN_SOURCES = frozenset(
    {"journal_after_frame", "seat_dropped_on_recovery", "result_forgotten_by_recovery"}
    | {"token_good_only_once", "seat_given_away_early"}
)

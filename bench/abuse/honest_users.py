"""Honest users during an attack: do they get what they want?

Owns: what they try, and the counts. Must not know: what the attackers do. Each connects from their
own address. They run in the measuring process, one step after the other.
"""

import time
from collections import Counter
from contextlib import suppress

from attrs import define, field

from bench.abuse.attacks import replays
from bench.abuse.outcome import Target
from bench.abuse.wire import BlockingConnection, Ended, greet, join, map_with_seats
from game.wire import lobby_messages, match_messages
from game.wire.fingerprint import fingerprint
from game.wire.lobby_messages import (
    CreateRoom,
    JoinMatch,
    JoinRoom,
    ListMatches,
    Matches,
    Play,
    Queued,
    Room,
    Seat,
    WatchMatch,
)
from game.wire.match_messages import FullSnapshot, Join, Leave, OpenReplay

HELLO_PACE_S = 0.25
SEEK_PACE_S = 0.5
SEAT_S = 10.0
ROOM_MODE = "last-standing"
ROOM_SEATS = 128
INNOCENTS = 6
GLANCE_S = 0.01
AGAIN_S = 2.0


@define
class HonestUsers:
    """Newcomers to the lobby, one after the other; further kinds are below."""

    target: Target
    wish: str = "newcomers"
    hint: str = ""
    got: int = 0
    failed: Counter[str] = field(factory=Counter)
    slowest_s: float = 0.0
    _number: int = 0

    def begin(self) -> None:
        """Prepare before the attack."""

    def look(self) -> float:
        """Take one step; return the seconds to wait until the next."""
        began_s = time.monotonic()
        try:
            self._try(self.address())
        except Ended as ended:
            self.failed[ended.word] += 1
        else:
            self.got += 1
            self.slowest_s = max(self.slowest_s, time.monotonic() - began_s)
        return HELLO_PACE_S

    def end(self) -> None:
        """Clean up after the attack."""

    @property
    def held(self) -> bool:
        """Whether all users got what they wanted."""
        return not self.failed and self.got > 0

    def words(self) -> str:
        """The result in words, for the table."""
        told = f"{self.got} of {self.got + self.failed.total()} {self.wish}"
        if self.slowest_s:
            told += f", slowest {self.slowest_s * 1_000:.0f} ms"
        failed = ", ".join(f"{word} ×{count}" for word, count in self.failed.most_common(3))
        return f"{told} ({failed})" if failed else told

    def address(self) -> str:
        """The address of a new user."""
        self._number += 1
        return self.target.newcomer(self._number)

    def _try(self, source: str) -> None:
        """Make one attempt. Raises `Ended`."""
        greet(self.target.port, "Newcomer", source)[0].close()


@define
class SeatSeekers(HonestUsers):
    """People who join a public match that shows an open seat, take it, and leave."""

    wish: str = "who join a public match"

    def look(self) -> float:
        """Take one step, less often than the others: each holds a seat for a moment."""
        super().look()
        return SEEK_PACE_S

    def _try(self, source: str) -> None:
        lobby, _ = greet(self.target.port, "Seeker", source)
        try:
            lobby.say(ListMatches())
            rows = lobby.hear(Matches).matches
            for match in [row.match for row in rows]:
                lobby.say(JoinMatch(match))
                with suppress(Ended):
                    self._sit(lobby.hear(Seat), source)
                    return
            raise Ended("no seat is free")
        finally:
            lobby.close()

    def _sit(self, seat: Seat, source: str) -> None:
        match, _ = join(self.target.port, seat.path, seat.ticket, source)
        match.say(Leave())
        match.close()


@define
class DuelSeekers(SeatSeekers):
    """People who press Play for a duel."""

    wish: str = "who press Play"

    def _try(self, source: str) -> None:
        lobby, _ = greet(self.target.port, "Duellist", source)
        try:
            lobby.say(Play("duel"))
            self._sit(lobby.hear(Seat, patience_s=SEAT_S), source)
        finally:
            lobby.close()


@define
class Viewers(HonestUsers):
    """People who open a replay."""

    wish: str = "who open a replay"

    def _try(self, source: str) -> None:
        viewer = BlockingConnection(self.target.port, f"/replay/{replays.NAME}", source)
        try:
            viewer.say(OpenReplay(fingerprint()))
            viewer.hear(FullSnapshot)
        finally:
            viewer.close()


@define
class Watchers(HonestUsers):
    """People who want to watch the bystander's match."""

    wish: str = "who watch the match"

    def _try(self, source: str) -> None:
        lobby, _ = greet(self.target.port, "Fan", source)
        try:
            lobby.say(WatchMatch(self.target.match_id))
            seat = lobby.hear(Seat)
        finally:
            lobby.close()
        watcher = BlockingConnection(self.target.port, seat.path, source)
        try:
            is_delayed = seat.path.startswith("/replay/")
            join_message = Join(fingerprint(), seat.ticket)
            watcher.say(OpenReplay(fingerprint()) if is_delayed else join_message)
            watcher.hear(match_messages.Welcome)
        finally:
            watcher.close()


@define
class Waiting(HonestUsers):
    """People who wait in the queue, read everything they are sent, and queue again."""

    wish: str = "in the queue stayed"
    _connections: list[BlockingConnection] = field(factory=list)
    _again_s: float = 0.0

    def begin(self) -> None:
        """Connect all users before the attackers arrive."""
        for number in range(INNOCENTS):
            connection, welcome = greet(self.target.port, f"Patient {number}", self.address())
            self._connections.append(connection)
            self._arrive(connection, welcome, number)
        self.got = INNOCENTS

    def look(self) -> float:
        """Read what arrived; ask again every `AGAIN_S`."""
        is_time = time.monotonic() >= self._again_s
        self._again_s = time.monotonic() + AGAIN_S if is_time else self._again_s
        for connection in list(self._connections):
            try:
                if is_time:
                    self._ask_again(connection)
                connection.listen(time.monotonic() + GLANCE_S)
                connection.rest()
            except Ended as ended:
                if ended.word != "silence":
                    self._connections.remove(connection)
                    connection.close()
                    self.failed[ended.word] += 1
                    self.got -= 1
        return 0.0

    def end(self) -> None:
        """Disconnect all users."""
        for connection in self._connections:
            connection.close()

    def _ask_again(self, connection: BlockingConnection) -> None:
        connection.say(Play(ROOM_MODE))

    def _arrive(
        self, connection: BlockingConnection, _welcome: lobby_messages.Welcome, _number: int
    ) -> None:
        connection.say(Play(ROOM_MODE))
        connection.hear(Queued, Seat)


@define
class RoomMates(Waiting):
    """People in a room whose code the attackers know."""

    wish: str = "in the room stayed"

    def _ask_again(self, connection: BlockingConnection) -> None:
        connection.say(lobby_messages.Ping(1))

    def _arrive(
        self, connection: BlockingConnection, welcome: lobby_messages.Welcome, number: int
    ) -> None:
        if number:
            connection.say(JoinRoom(self.hint))
            connection.hear(Room)
            return
        connection.say(CreateRoom(ROOM_MODE, map_with_seats(welcome, ROOM_MODE, ROOM_SEATS)))
        self.hint = connection.hear(Room).code

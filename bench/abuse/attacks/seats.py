"""Matches without players; seats reserved and not taken, or taken and left; watching."""

import time

from bench.abuse.attacks.entry_points import AttackerConnections, SeatedAttacker, seat_in
from bench.abuse.attacks.frames import AT_ONCE
from bench.abuse.flood import Flood, SendPlan, flood
from bench.abuse.outcome import Outcome, Target
from bench.abuse.wire import (
    BlockingConnection,
    Ended,
    dial,
    frame,
    greet,
    join,
    map_with_seats,
    refusal_word,
)
from bench.raw_websocket import BINARY_FINAL, BINARY_START, MIDDLE, request
from game.wire.codec import encode
from game.wire.fingerprint import fingerprint
from game.wire.lobby_messages import (
    CreateRoom,
    JoinMatch,
    LeaveRoom,
    ListMatches,
    Matches,
    Play,
    Room,
    Seat,
    StartRoom,
    WatchMatch,
)
from game.wire.match_messages import Join, Leave, OpenReplay, Ping, Refused, Welcome
from game.wire.messages import SUBPROTOCOL
from game.wire.schema import ToLobby

BOTS = 127
BIG_MODE = "last-standing"
PACE_S = 0.62  # three messages each time; the lobby takes five a second
RESERVERS = 16
UPGRADES = 3_000
TOKENS = 32


def private_matches(target: Target, until_s: float) -> Outcome:
    """One lobby connection begins private matches of 127 bots, and leaves each room at once."""
    return _begin(target, until_s, BIG_MODE, BOTS)


def empty_private_matches(target: Target, until_s: float) -> Outcome:
    """The same without bots."""
    return _begin(target, until_s, "duel", 0)


def empty_duels(target: Target, until_s: float) -> Outcome:
    """Three connections press Play for a duel, and again as soon as they have a seat."""
    outcome, links = Outcome(), [_SeatRequester(target, number) for number in range(3)]
    while time.monotonic() < until_s:
        for link in links:
            link.wish(Play("duel"), outcome)
        time.sleep(0.25)
        for link in links:
            link.look(outcome)
    return outcome


def reservations(target: Target, until_s: float) -> Outcome:
    """16 connections ask for every seat of every public match, and never come."""
    outcome, links = Outcome(), [_SeatRequester(target, number) for number in range(RESERVERS)]
    while time.monotonic() < until_s:
        for link in links:
            matches = link.matches(outcome)
            for match in matches:
                link.wish(JoinMatch(match), outcome)
                link.look(outcome, 0.05)
            if time.monotonic() > until_s:
                break
    return outcome


def in_and_out(target: Target, until_s: float) -> Outcome:
    """A player takes a seat, leaves, and takes it again."""
    outcome = Outcome()
    while time.monotonic() < until_s:
        try:
            match, _ = join(target.port, *seat_in(target, target.source(), "Door"), target.source())
            match.say(Leave())
            match.close()
            outcome.done["seats"] += 1
        except Ended as ended:
            outcome.ended[ended.word] += 1
    return outcome


def resumes(target: Target, until_s: float) -> Outcome:
    """A player resumes their own seat again and again, replacing themselves."""
    outcome, intruder, held = Outcome(), SeatedAttacker(target), []
    while time.monotonic() < until_s:
        try:
            held.append(intruder.enter())
            held[-1].say(Ping(1, 1))  # the old token is valid until its holder says something
            outcome.done["seats"] += 1
        except Ended as ended:
            outcome.ended[ended.word] += 1
        for connection in held[:-2]:
            connection.close()
        held = held[-2:]
    return outcome


def only_pings(target: Target, until_s: float) -> Outcome:
    """Four people who hold a seat and do nothing but ping."""
    ping = encode(Ping(1, 1))
    diet = SendPlan(frame(BINARY_FINAL, ping), pace_s=0.5, unit_bytes=14, unit="pings")
    return flood(AttackerConnections(target, "match", are_many=True), 4, diet, until_s)


def forged_tickets(target: Target, until_s: float) -> Outcome:
    """Forged tickets."""
    outcome = Outcome()
    while time.monotonic() < until_s:
        try:
            match = BlockingConnection(target.port, target.path, target.source())
            match.say(Join(fingerprint(), bytes(range(200))))
            match.hear(Welcome)
        except Ended as ended:
            outcome.ended[ended.word] += 1
    return outcome


def one_watch_ticket(target: Target, until_s: float) -> Outcome:
    """One ticket to watch, shown by as many as it lets in."""
    return _watch(target, until_s, keeps=True)


def watchers_in_and_out(target: Target, until_s: float) -> Outcome:
    """A spectator who leaves and returns."""
    return _watch(target, until_s, keeps=False)


def floods_then_upgrades(target: Target, until_s: float) -> Outcome:
    """Floods of fragments keep a worker busy; 3,000 sockets are passed to it meanwhile."""
    outcome, held, number = Outcome(), [], 0
    entrances = AttackerConnections(target, "match", are_many=True)
    diet = SendPlan(
        frame(MIDDLE) * AT_ONCE, first=frame(BINARY_START), unit_bytes=6, unit="fragments"
    )
    head = request(target.port, target.path, SUBPROTOCOL)
    try:
        while time.monotonic() < until_s:
            Flood(entrances, diet, outcome).run(4, min(until_s, time.monotonic() + 0.3))
            for _ in range(300):
                if number < UPGRADES and time.monotonic() < until_s:
                    number += 1
                    _knock(target, target.newcomer(10_000 + number // 150), head, outcome, held)
    finally:
        for link in held:
            link.close()
    return outcome


def _knock(target: Target, source: str, head: bytes, outcome: Outcome, held: list) -> None:
    try:
        link = dial(target.port, source)
        held.append(link)
        link.sendall(head)
        outcome.done["upgrades"] += 1
    except Ended as ended:
        outcome.ended[ended.word] += 1
    except OSError as error:
        outcome.ended[type(error).__name__] += 1


def _begin(target: Target, until_s: float, mode: str, bots: int) -> Outcome:
    outcome = Outcome()
    lobby, welcome = greet(target.port, "Greedy", target.source())
    largest = map_with_seats(welcome, mode, 128)
    while time.monotonic() < until_s:
        try:
            lobby.say(CreateRoom(mode, largest))
            lobby.hear(Room)
            lobby.say(StartRoom(bots, 5))
            answer = lobby.hear(Seat, Refused)
            if isinstance(answer, Seat):
                outcome.done["matches"] += 1
            else:
                outcome.answers[refusal_word(answer)] += 1
            lobby.say(LeaveRoom())
        except Ended as ended:
            if ended.word.startswith("refused"):
                outcome.answers[ended.word] += 1
            else:
                outcome.ended[ended.word] += 1
                lobby.close()
                lobby = _again(target, lobby)
        time.sleep(PACE_S)
    lobby.close()
    return outcome


def _again(target: Target, lobby: BlockingConnection) -> BlockingConnection:
    try:
        return greet(target.port, "Greedy", target.source())[0]
    except Ended:
        return lobby


class _SeatRequester:
    """A lobby client that asks for seats, and reconnects when thrown out."""

    def __init__(self, target: Target, number: int) -> None:
        self._target, self._number = target, number
        self._lobby: BlockingConnection | None = None

    def wish(self, message: ToLobby, outcome: Outcome) -> None:
        """Send one request."""
        try:
            self._lobby = self._lobby or self._greet()
            self._lobby.say(message)
        except Ended as ended:
            self._lose(ended, outcome)

    def look(self, outcome: Outcome, patience_s: float = 0.01) -> None:
        """Count a promised seat, or a refusal."""
        if self._lobby is None:
            return
        try:
            answer = self._lobby.hear(Seat, Refused, patience_s=patience_s)
        except Ended as ended:
            if ended.word != "silence":
                self._lose(ended, outcome)
            return
        if isinstance(answer, Seat):
            outcome.done["seats"] += 1
        else:
            outcome.answers[refusal_word(answer)] += 1

    def matches(self, outcome: Outcome) -> list[str]:
        """The public matches."""
        try:
            self._lobby = self._lobby or self._greet()
            self._lobby.say(ListMatches())
            return [row.match for row in self._lobby.hear(Matches, patience_s=1.0).matches]
        except Ended as ended:
            if ended.word != "silence":
                self._lose(ended, outcome)
            return []

    def _greet(self) -> BlockingConnection:
        name = f"Wish {self._number}"
        return greet(self._target.port, name, self._target.source())[0]

    def _lose(self, ended: Ended, outcome: Outcome) -> None:
        outcome.ended[ended.word] += 1
        if self._lobby is not None:
            self._lobby.close()
        self._lobby = None


def _watch(target: Target, until_s: float, *, keeps: bool) -> Outcome:
    outcome, held = Outcome(), []
    path, ticket = "", b""
    while time.monotonic() < until_s:
        try:
            if not ticket or not keeps:
                lobby, _ = greet(target.port, "Watcher", target.source())
                lobby.say(WatchMatch(target.match_id))
                seat = lobby.hear(Seat)
                path, ticket = seat.path, seat.ticket
                lobby.close()
            held.append(_look_on(target, path, ticket))
            outcome.done["watchers"] += 1
        except Ended as ended:
            outcome.ended[ended.word] += 1
            time.sleep(0.05)
        while held and (not keeps or len(held) > TOKENS):
            held.pop().close()
    for connection in held:
        connection.close()
    return outcome


def _look_on(target: Target, path: str, ticket: bytes) -> BlockingConnection:
    """Watch with a ticket, or through the replay path of a delayed match."""
    if not path.startswith("/replay/"):
        return join(target.port, path, ticket, target.source())[0]
    viewer = BlockingConnection(target.port, path, target.source())
    try:
        viewer.say(OpenReplay(fingerprint()))
        viewer.hear(Welcome)
    except Ended:
        viewer.close()
        raise
    return viewer

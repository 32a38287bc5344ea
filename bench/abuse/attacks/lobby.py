"""The lobby: requests of many at once, messages at the allowed rate, endless strangers."""

import selectors
import time
from collections.abc import Callable, Sequence

from bench.abuse.attacks.entry_points import lobby_links
from bench.abuse.outcome import Outcome, Target
from bench.abuse.wire import BlockingConnection, Ended, close_word, greet
from bench.raw_websocket import (
    CLOSE_FINAL,
    PING_FINAL,
    PONG_FINAL,
    READ_BYTES,
    FrameReader,
    masked,
)
from game.wire.codec import encode
from game.wire.fingerprint import fingerprint
from game.wire.lobby_messages import (
    Cancel,
    CreateRoom,
    Hello,
    JoinRoom,
    LeaveRoom,
    ListMatches,
    Ping,
    Play,
    Rename,
    WatchMatch,
    Welcome,
)
from game.wire.schema import ToLobby

LINKS = 250
ROOM = 100
ALLOWED_PACE_S = 0.2  # lobby.messages_per_s is five
PRESS_PACE_S = 1.2  # six messages each time
QUEUE_MODE = "last-standing"

Says = Callable[[int, int], Sequence[ToLobby]]  # link and turn → messages


def one_name(target: Target, until_s: float) -> Outcome:
    """250 people who all want the same name, again and again."""
    return _chorus(
        _many(target, until_s),
        lambda _, turn: [Rename(f"Same {turn % 2}")],
        until_s,
    )


def lists(target: Target, until_s: float) -> Outcome:
    """250 people who ask for the list of matches."""
    return _chorus(_many(target, until_s), lambda *_: [ListMatches()], until_s)


def renames_in_a_room(target: Target, until_s: float) -> Outcome:
    """As many as a room takes, who all rename at the allowed rate."""
    links = _roomful(target, until_s)
    _enter(links, target.hint)
    return _chorus(links, lambda link, turn: [Rename(f"R{link} {turn % 2}")], until_s)


def renames_at_once(target: Target, until_s: float) -> Outcome:
    """The same in bursts."""
    links = _roomful(target, until_s)
    _enter(links, target.hint)

    def says(link: int, turn: int) -> list[ToLobby]:
        return [Rename(f"R{link} {turn} {n}") for n in range(6)]

    return _chorus(links, says, until_s, PRESS_PACE_S)


def play_and_cancel(target: Target, until_s: float) -> Outcome:
    """100 people who press Play and Cancel, all at the same moment."""
    wish: list[ToLobby] = [Play(QUEUE_MODE), Cancel()] * 3
    return _chorus(_roomful(target, until_s), lambda *_: wish, until_s, PRESS_PACE_S)


def rooms_in_and_out(target: Target, until_s: float) -> Outcome:
    """250 people who open a room and leave it."""

    def says(_: int, turn: int) -> list[ToLobby]:
        return [LeaveRoom() if turn % 2 else CreateRoom(QUEUE_MODE, "")]

    return _chorus(_many(target, until_s), says, until_s)


def wrong_codes(target: Target, until_s: float) -> Outcome:
    """250 people who guess the codes of rooms."""

    def says(link: int, turn: int) -> list[ToLobby]:
        return [JoinRoom(f"{link * 7_919 + turn * 104_729:05}"[-5:])]

    return _chorus(_many(target, until_s), says, until_s)


def pings(target: Target, until_s: float) -> Outcome:
    """250 people who ping."""
    return _chorus(_many(target, until_s), lambda _, turn: [Ping(turn)], until_s)


def unheard_of(target: Target, until_s: float) -> Outcome:
    """Matches that are not there, asked for by 250 people."""
    return _chorus(_many(target, until_s), lambda *_: [WatchMatch("nowhere")], until_s)


def strangers(target: Target, until_s: float) -> Outcome:
    """People who say hello and are gone, each from one of 250 addresses."""
    outcome, number = Outcome(), 0
    while time.monotonic() < until_s:
        number += 1
        try:
            greet(target.port, f"Stranger {number}", target.source(number))[0].close()
        except Ended as ended:
            outcome.ended[ended.word] += 1
        else:
            outcome.done["people"] += 1
    return outcome


def comers_back(target: Target, until_s: float) -> Outcome:
    """One session that connects again and again, and so replaces itself."""
    outcome, session = Outcome(), b""
    while time.monotonic() < until_s:
        try:
            lobby = BlockingConnection(target.port, "/lobby", target.source())
            lobby.say(Hello(fingerprint(), "Again", session))
            session = lobby.hear(Welcome).session
        except Ended as ended:
            outcome.ended[ended.word] += 1
        else:
            outcome.done["people"] += 1
    return outcome


def _many(target: Target, until_s: float) -> list[BlockingConnection]:
    return lobby_links(target, target.crowd(LINKS), until_s)


def _roomful(target: Target, until_s: float) -> list[BlockingConnection]:
    return lobby_links(target, target.crowd(ROOM), until_s)


def _enter(links: list[BlockingConnection], code: str) -> None:
    for link in links:
        try:
            link.say(JoinRoom(code))
        except Ended:
            continue


def _chorus(
    links: list[BlockingConnection], says: Says, until_s: float, pace_s: float = ALLOWED_PACE_S
) -> Outcome:
    """Send on all links at the same moments, and read whatever arrives."""
    outcome = Outcome()
    outcome.done["links"] = len(links)
    selector, readers = selectors.DefaultSelector(), {}
    for link in links:
        link.link.setblocking(False)
        selector.register(link.link, selectors.EVENT_READ, link)
        readers[link] = FrameReader()
    turn, due_s = 0, time.monotonic()
    while (now_s := time.monotonic()) < until_s and selector.get_map():
        if now_s >= due_s:
            due_s += pace_s
            turn += 1
            for number, link in enumerate(links):
                if link.link.fileno() >= 0:
                    _say(link, says(number, turn), outcome)
        for key, _ in selector.select(max(0.0, min(due_s, until_s) - time.monotonic())):
            word = _hear(key.data, readers[key.data])
            if word:
                outcome.ended[word] += 1
                selector.unregister(key.data.link)
                key.data.close()
    for link in links:
        link.close()
    selector.close()
    return outcome


def _say(link: BlockingConnection, messages: Sequence[ToLobby], outcome: Outcome) -> None:
    try:
        for message in messages:
            link.link.send(masked(encode(message)))
            outcome.done["messages"] += 1
    except OSError:
        pass  # a full socket, or one whose end is about to be read


def _hear(link: BlockingConnection, reader: FrameReader) -> str:
    """Read what arrived; return how the connection ended, or an empty string."""
    try:
        chunk = link.link.recv(READ_BYTES)
    except BlockingIOError:
        return ""
    except OSError:
        return "reset"
    if not chunk:
        return "end"
    for first, payload in reader.frames(chunk):
        if first == CLOSE_FINAL:
            return close_word(payload)
        if first == PING_FINAL:
            link.link.send(masked(payload, PONG_FINAL))
    return ""

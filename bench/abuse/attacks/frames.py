"""Floods of frames on an open WebSocket: in a match, in the lobby, or to an echo."""

import socket
import time

from bench.abuse.attacks.entry_points import AttackerConnections
from bench.abuse.flood import SendPlan, flood
from bench.abuse.outcome import Outcome, Target
from bench.abuse.wire import Ended, close_word, frame, word_of
from bench.raw_websocket import (
    BINARY_FINAL,
    BINARY_START,
    CLOSE_FINAL,
    MIDDLE,
    PING_FINAL,
    PONG_FINAL,
    READ_BYTES,
    RESERVED_BIT,
    TEXT_FINAL,
    FrameReader,
)
from game.wire import lobby_messages, match_messages
from game.wire.codec import encode
from game.wire.match_messages import Vote
from game.wire.messages import MESSAGE_BYTES_MAX

AT_ONCE = 4_000  # frames in one `food`
ECHO_BYTES = 120_000
DRIBBLERS = 50
ANSWER_S = 1.0


def endless_message(where: str, target: Target, until_s: float) -> Outcome:
    """A message that never ends, of parts that hold nothing."""
    return _flood(where, target, frame(MIDDLE), until_s, first=frame(BINARY_START))


def endless_message_with_pings(where: str, target: Target, until_s: float) -> Outcome:
    """The same, with control frames between the parts, as RFC 6455 section 5.4 allows."""
    parts = frame(MIDDLE) + frame(PING_FINAL)
    return _flood(where, target, parts, until_s, first=frame(BINARY_START))


def pings(where: str, target: Target, until_s: float) -> Outcome:
    """Pings without end; each asks for a pong."""
    return _flood(where, target, frame(PING_FINAL), until_s)


def long_pings(where: str, target: Target, until_s: float) -> Outcome:
    """Pings as long as they may be: each asks for as much again."""
    return _flood(where, target, frame(PING_FINAL, bytes(125)), until_s)


def pongs(where: str, target: Target, until_s: float) -> Outcome:
    """Unsolicited pongs."""
    return _flood(where, target, frame(PONG_FINAL), until_s)


def empty_messages(where: str, target: Target, until_s: float) -> Outcome:
    """Whole messages that hold nothing."""
    return _flood(where, target, frame(BINARY_FINAL), until_s)


def empty_texts(where: str, target: Target, until_s: float) -> Outcome:
    """The same as text, which no part of the game speaks."""
    return _flood(where, target, frame(TEXT_FINAL), until_s)


def largest_messages(where: str, target: Target, until_s: float) -> Outcome:
    """Messages of the largest size there is."""
    return _flood(where, target, frame(BINARY_FINAL, bytes(MESSAGE_BYTES_MAX)), until_s)


def dear_messages(where: str, target: Target, until_s: float) -> Outcome:
    """Messages that the table allows and that ask for an answer each."""
    ping = lobby_messages.Ping(7) if where == "lobby" else match_messages.Ping(7, 7)
    return _flood(where, target, frame(BINARY_FINAL, encode(ping)), until_s)


def votes(target: Target, until_s: float) -> Outcome:
    """A vote, and another, and another."""
    message = encode(Vote(1))
    return _flood("match", target, frame(BINARY_FINAL, message), until_s)


def large_echoes(target: Target, until_s: float) -> Outcome:
    """Messages as long as the echo takes them, on ten connections."""
    diet = SendPlan(frame(BINARY_FINAL, bytes(ECHO_BYTES)), unit_bytes=ECHO_BYTES, unit="messages")
    return flood(AttackerConnections(target, "/echo"), 10, diet, until_s)


def dribbled_frames(where: str, target: Target, until_s: float) -> Outcome:
    """Pings in pieces of a byte, each in a packet of its own."""
    diet = SendPlan(b"\0", first=frame(PING_FINAL, bytes(125))[:8], unit="bytes", pace_s=0.02)
    return flood(AttackerConnections(where=where, target=target), DRIBBLERS, diet, until_s)


def reserved_bits(where: str, target: Target, until_s: float) -> Outcome:
    """Compressed frames that were never agreed on, again with each connection."""
    return _churn(where, target, frame(RESERVED_BIT, b"\xca\xfe"), until_s)


def closes(where: str, target: Target, until_s: float) -> Outcome:
    """Connections that are opened only to be closed politely."""
    return _churn(where, target, frame(CLOSE_FINAL, b"\x03\xe8"), until_s)


def silence(path: str, count: int, target: Target, until_s: float) -> Outcome:
    """Connections on which nothing is ever said."""
    diet = SendPlan(b"", pace_s=1e9)
    return flood(AttackerConnections(target, path), target.crowd(count), diet, until_s)


def _flood(where: str, target: Target, unit: bytes, until_s: float, first: bytes = b"") -> Outcome:
    """Flood one connection, which is reopened when it is closed."""
    diet = SendPlan(unit * AT_ONCE, first=first, unit_bytes=len(unit), unit="frames")
    return flood(AttackerConnections(target, where), 1, diet, until_s)


def _churn(where: str, target: Target, last: bytes, until_s: float) -> Outcome:
    outcome, entrances = Outcome(), AttackerConnections(target, where)
    while time.monotonic() < until_s:
        try:
            link = entrances(0)
        except Ended as ended:
            outcome.ended[ended.word] += 1
            continue
        with link:
            outcome.ended[_last_word(link, last)] += 1
        outcome.done["connections"] += 1
    return outcome


def _last_word(link: socket.socket, last: bytes) -> str:
    """Send `last`; return how the connection ended."""
    reader = FrameReader()
    link.settimeout(ANSWER_S)
    try:
        link.sendall(last)
        while chunk := link.recv(READ_BYTES):
            for first, payload in reader.frames(chunk):
                if first == CLOSE_FINAL:
                    return close_word(payload)
    except OSError as error:
        return word_of(error)
    return "end"

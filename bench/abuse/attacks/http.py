"""Requests: many, large, slow, unfinished, pipelined, and never read."""

import re
import socket
import ssl
import time
from contextlib import suppress

from attrs import evolve

from bench.abuse.flood import Connect, SendPlan, flood
from bench.abuse.outcome import Outcome, Target
from bench.abuse.wire import Ended, dial, fetch, word_of
from bench.raw_websocket import request

HEADERS = 3_900
SLOW_RECEIVE_BYTES = 4_096
HELLO_BYTES = 517
CHUNKS = 20_000
HALF_OPEN = 2_000  # a server has at most 1,024 unfinished heads


def fat_heads(target: Target, until_s: float) -> Outcome:
    """Heads of 3,900 headers, on 20 connections that stay open."""
    head = b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a:\r\n" * HEADERS + b"\r\n"
    return _requests(head, 20, target, until_s)


def ordinary(path: str, target: Target, until_s: float) -> Outcome:
    """A browser's usual requests, on 100 connections that stay open, eight at a time."""
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    return _requests(head * 8, 100, target, until_s, len(head))


def pipelined(target: Target, until_s: float) -> Outcome:
    """Thousands of requests in one go, on ten connections."""
    head = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    return _requests(head * 5_000, 10, target, until_s, len(head))


def missing(target: Target, until_s: float) -> Outcome:
    """Long paths of which there is nothing, on 50 connections."""
    head = f"GET /{'a/' * 900} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    return _requests(head, 50, target, until_s)


def bundle(target: Target, until_s: float) -> Outcome:
    """The page's program again and again, on 50 connections that read it."""
    head = f"GET {_bundle(target)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    return _requests(head, 50, target, until_s)


def tiny_chunks(target: Target, until_s: float) -> Outcome:
    """Bodies in chunks of a byte."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"1\r\na\r\n" * CHUNKS + b"0\r\n\r\n"
    return _requests(head + body, 20, target, until_s)


def refused_upgrades(target: Target, until_s: float) -> Outcome:
    """WebSockets where none is spoken."""
    return _requests(request(target.port, "/nowhere"), 50, target, until_s)


def slow_heads(target: Target, until_s: float) -> Outcome:
    """200 heads, a byte at a time."""
    diet = SendPlan(b"a", first=b"GET / HTTP/1.1\r\n", is_http=True, pace_s=0.2)
    return flood(lambda _: dial(target.port, target.source()), target.crowd(200), diet, until_s)


def half_heads(target: Target, until_s: float) -> Outcome:
    """Heads without an end, as many as ten addresses may have, and again."""
    diet = SendPlan(b"", first=b"GET / HTTP/1.1\r\n", is_http=True, pace_s=1e9)
    return flood(_from_ten(target), target.crowd(HALF_OPEN), diet, until_s)


def nothing_said(target: Target, until_s: float) -> Outcome:
    """Connections that say nothing at all, as many as ten addresses may have."""
    diet = SendPlan(b"", is_http=True, pace_s=1e9)
    return flood(_from_ten(target), target.crowd(HALF_OPEN), diet, until_s)


def never_read(target: Target, until_s: float) -> Outcome:
    """250 who ask for the page's program, eight times each, and read nothing."""
    head = f"GET {_bundle(target)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    def connect(_: int) -> socket.socket:
        return dial(target.port, target.source(), receive_bytes=SLOW_RECEIVE_BYTES)

    diet = SendPlan(b"", first=head * 8, is_http=True, pace_s=1e9, unit_bytes=len(head))
    return flood(connect, target.crowd(250), evolve(diet, unit="requests", listens=False), until_s)


def hellos_of_tls(target: Target, until_s: float) -> Outcome:
    """TLS, spoken to the plain port."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    secured = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with suppress(ssl.SSLWantReadError):
        secured.do_handshake()
    return _churn(target, outgoing.read(), until_s)


def connections(target: Target, until_s: float) -> Outcome:
    """Connections that are opened and reset."""
    return _churn(target, b"", until_s)


def half_handshakes(target: Target, until_s: float) -> Outcome:
    """WebSocket requests whose connection is closed before the answer."""
    return _churn(target, request(target.port, "/lobby", "skirmish.1"), until_s)


def _from_ten(target: Target) -> Connect:
    """Connections of ten addresses in turn."""
    return lambda number: dial(target.port, target.source(number % 10))


def _requests(
    batch: bytes, count: int, target: Target, until_s: float, unit_bytes: int = 0
) -> Outcome:
    diet = SendPlan(batch, unit_bytes=unit_bytes or len(batch), unit="requests", is_http=True)
    return flood(lambda _: dial(target.port, target.source()), count, diet, until_s)


def _churn(target: Target, first: bytes, until_s: float) -> Outcome:
    outcome = Outcome()
    while time.monotonic() < until_s:
        try:
            with dial(target.port, target.source()) as link:
                link.sendall(first)
            outcome.done["connections"] += 1
        except Ended as ended:
            outcome.ended[ended.word] += 1
        except OSError as error:
            outcome.ended[word_of(error)] += 1
    return outcome


def _bundle(target: Target) -> str:
    """The path of the page's program."""
    try:
        _, page = fetch(target.port, "/", target.source())
    except Ended:
        return "/"
    found = re.search(rb'assets/[^"]+\.js', page)
    return f"/{found[0].decode()}" if found else "/"

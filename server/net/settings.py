"""Every limit and deadline of the network, with its unit and the range an operator may choose.

Owns values only; it must not read files or the environment (`server/config/sources.py` does, and
checks the ranges).
"""

from collections.abc import Callable
from typing import Any

from attrs import evolve, field, frozen

from game.wire.messages import MESSAGE_BYTES_MAX
from server.net.base_path import base_path
from server.net.hosts import allowed_host, allowed_origin, network


def _number(default: Any, low: float, high: float, help: str) -> Any:
    return field(default=default, metadata={"help": help, "low": low, "high": high})


def _path(help: str) -> Any:
    return field(default="", metadata={"help": help, "low": 0, "high": 4_096})


def _list(default: tuple[str, ...], help: str, form: Callable[[str], str]) -> Any:
    return field(default=default, metadata={"help": help, "form": form})


@frozen
class NetSettings:
    """The settings of the network. The defaults suit some thousand people."""

    connections_max: int = _number(12_000, 1, 1_000_000, "open connections in all")
    connections_per_address_max: int = _number(
        512, 1, 100_000, "open connections of one address; a LAN party behind one router fits"
    )
    connections_per_address_burst: int = _number(
        400, 1, 100_000, "new connections one address may open at once"
    )
    connections_per_address_per_s: float = _number(
        20.0, 0.1, 100_000, "new connections one address may open per second in the long run"
    )
    addresses_max: int = _number(65_536, 16, 10_000_000, "addresses remembered for rate limits")
    handshakes_max: int = _number(
        1_024,
        1,
        100_000,
        "connections that have not sent a whole request head yet; over it, the oldest is closed",
    )
    refusals_lingering_max: int = _number(
        64, 0, 10_000, "refused connections that are given time to read why"
    )
    retry_after_s: int = _number(5, 1, 3_600, "Retry-After told to refused clients")

    head_bytes_max: int = _number(16_384, 1_024, 262_144, "request line and headers")
    head_headers_max: int = _number(100, 16, 1_000, "headers of one request")
    target_bytes_max: int = _number(2_048, 64, 65_536, "the target of a request")
    base_path: str = field(
        default="",
        metadata={
            "help": "path (/game) under which a proxy forwards requests, if it does not strip it",
            "form": base_path,
        },
    )
    body_bytes_max: int = _number(
        65_536, 0, 16_777_216, "body of a request; nothing here needs one"
    )
    head_timeout_s: float = _number(10.0, 0.05, 120, "from accept to a whole request head")
    body_timeout_s: float = _number(10.0, 0.05, 120, "from the head to the end of the body")
    keep_alive_s: float = _number(15.0, 0.05, 600, "wait for the next request on a connection")
    answer_timeout_s: float = _number(5.0, 0.05, 120, "time a route may take for its answer")
    response_timeout_s: float = _number(60.0, 0.05, 600, "time a client may take to read an answer")
    linger_s: float = _number(1.0, 0.0, 30, "wait for a peer's end after ours")

    handshake_timeout_s: float = _number(5.0, 0.05, 120, "the WebSocket handshake after its head")
    send_timeout_s: float = _number(10.0, 0.05, 120, "one message outside a match")
    close_timeout_s: float = _number(2.0, 0.05, 60, "wait for the peer's close frame")
    heartbeat_s: float = _number(15.0, 0.05, 3_600, "ping a WebSocket that was silent this long")
    heartbeat_timeout_s: float = _number(10.0, 0.05, 3_600, "wait for its pong")
    message_queue_count: int = _number(16, 1, 1_024, "messages trio-websocket holds unread")
    message_bytes_max: int = _number(
        MESSAGE_BYTES_MAX, 125, MESSAGE_BYTES_MAX, "one message of a client; more closes with 1009"
    )

    message_frames_max: int = _number(
        64, 1, 65_536, "frames that one message may come in; in a match it is one"
    )
    drain_bytes_max: int = _number(16_384, 4_096, 1_048_576, "read from one seat in one tick")
    drain_messages_max: int = _number(64, 1, 4_096, "messages taken from one seat in one tick")
    passed_bytes_max: int = _number(
        65_536, 4_096, 1_048_576, "bytes trio-websocket may owe reading before a seat is not read"
    )
    send_buffer_bytes: int = _number(
        65_536, 4_096, 4_194_304, "SO_SNDBUF outside of matches: how much a slow reader can tie up"
    )
    answer_bytes_per_s_min: int = _number(
        4_096, 1, 1_000_000, "a client that reads an answer more slowly is disconnected"
    )
    metrics_host: str = field(
        default="127.0.0.1",
        metadata={"help": "address where machines read /metrics; the public port has none"},
    )
    metrics_port: int = _number(
        9_464, -1, 65_535, "TCP port of /metrics; 0 takes any free one, -1 turns it off"
    )
    echo_s: float = _number(60.0, 0.1, 3_600, "how long one /echo connection may stay")
    echo_tick: bool = field(
        default=False,
        metadata={"help": "/echo/tick, which holds the tick's side of a stream to RFC 6455"},
    )
    tick_send_buffer_bytes: int = _number(
        32_768, 4_096, 4_194_304, "SO_SNDBUF in a match: what a slow client can hide"
    )
    tick_unsent_bytes_max: int = _number(
        4_096, 512, 1_048_576, "TCP_NOTSENT_LOWAT in a match: so much unsent, and a seat is busy"
    )

    tls_certificate: str = _path("PEM file of the certificate and its chain; with it, TLS is on")
    tls_key: str = _path("PEM file of its private key; both files are read again when they change")
    tls_self_signed: bool = field(
        default=False,
        metadata={"help": "TLS with a certificate that browsers warn of, for trying out"},
    )
    hsts_s: int = _number(
        0,
        0,
        63_072_000,
        "how long browsers shall refuse plain HTTP to this host (Strict-Transport-Security)",
    )
    redirect_port: int = _number(
        -1, -1, 65_535, "TCP port of plain HTTP that leads to TLS; 0 takes any free one, -1 none"
    )
    allowed_hosts: tuple[str, ...] = _list(
        (), "hosts to answer for (play.example); empty: any Host", allowed_host
    )
    allowed_origins: tuple[str, ...] = _list(
        (),
        "origins that may open WebSockets (https://play.example); none: the same host; *: all",
        allowed_origin,
    )
    trusted_proxies: tuple[str, ...] = _list(
        (), "addresses or networks whose `net.forwarded_header` is believed", network
    )
    forwarded_header: str = field(
        default="x-forwarded-for",
        metadata={
            "help": "the header in which trusted proxies name clients; the other one is ignored",
            "choices": ("x-forwarded-for", "forwarded"),
        },
    )
    proxy_protocol: bool = field(
        default=False,
        metadata={"help": "connections of trusted proxies begin with a PROXY header (version 2)"},
    )
    unlimited_addresses: tuple[str, ...] = _list(
        (),
        "addresses or networks without limits per address; for load tests, not for proxies",
        network,
    )

    @property
    def uses_tls(self) -> bool:
        """Whether the public port speaks TLS."""
        return bool(self.tls_certificate or self.tls_key or self.tls_self_signed)

    @property
    def scheme(self) -> str:
        """The scheme of the public port's addresses."""
        return "https" if self.uses_tls else "http"

    def without_tls(self) -> "NetSettings":
        """The same for another port, which speaks plain HTTP."""
        return evolve(self, tls_certificate="", tls_key="", tls_self_signed=False)

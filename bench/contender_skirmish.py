"""Skirmish as a contender: through its lobby into private rooms of 16, then into matches.

Speaks the real protocol by the project's own table. It reads only the tick of a snapshot, which its
inputs follow.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from bench.contender import Contender, free_port, wait_until_it_listens
from bench.inputs import LEAD_TICKS, InputSender
from bench.load import Player, Walk
from bench.raw_websocket import (
    BINARY_FINAL,
    PING_FINAL,
    PONG_FINAL,
    READ_BYTES,
    Closed,
    FrameReader,
    ask,
    hear_answer,
    masked,
)
from build_compiled import build
from game.wire import lobby_messages, match_messages
from game.wire.codec import decode, encode
from game.wire.fingerprint import fingerprint
from game.wire.lobby_messages import CreateRoom, Hello, JoinRoom, Room, Seat, StartRoom
from game.wire.match_messages import DeltaSnapshot, FullSnapshot, Join
from game.wire.messages import SUBPROTOCOL
from game.wire.schema import FromLobby, FromMatch, Message

TICKS_PER_INPUT = 2
LEAD_SLACK_TICKS = 3  # a lead that drifted further than this is reset
M = TypeVar("M", bound=Message)
FULL, DELTA = FullSnapshot.spec.number, DeltaSnapshot.spec.number
# The whole load comes from this machine, and would count as one address.
TUNNEL = "haproxy"
TUNNEL_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
TUNNEL_CONFIG = """
global
    maxconn 4000
defaults
    mode tcp
    timeout connect 10s
    timeout client 10m
    timeout server 10m
listen tunnel
    bind 127.0.0.1:{front}
    server skirmish 127.0.0.1:{port} ssl verify none
"""
UNLIMITED = {"SKIRMISH_NET__UNLIMITED_ADDRESSES": "127.0.0.0/8"}


class SkirmishPlayer(Player):
    """A seat in a match."""

    def __init__(self, link: socket.socket, rest: bytes, walk: Walk, tick: int) -> None:
        super().__init__(link, rest, walk)
        self.start_tick = self._tick = tick
        self._first_tick = tick + LEAD_TICKS
        self._sender = InputSender()

    def input(self) -> bytes:
        """Two ticks of the walk, labelled with the tick they are meant for."""
        buttons, aim = self.walk.next()
        self._first_tick += TICKS_PER_INPUT
        wanted = self._tick + LEAD_TICKS
        if abs(self._first_tick - wanted) > LEAD_SLACK_TICKS:
            self._first_tick = wanted
        return self._sender.message(self._first_tick, (buttons, aim) * TICKS_PER_INPUT)

    def take(self, payload: bytes) -> bool:
        """Follow the server's tick: `[66, ticks, …]` or `[65, tick, …]`."""
        if payload[1] != 0x18 or payload[2] not in {FULL, DELTA}:
            return False
        if payload[2] == DELTA:
            self._tick += payload[3] if payload[3] < 24 else payload[4]
        else:
            message = decode(FromMatch, payload)
            assert isinstance(message, FullSnapshot), "by its number"
            self._tick = message.tick
        return True


class SetupConnection:
    """A lobby or match connection before the load begins. Asking and waiting for the answer are
    separate, so many can ask before the first waits.
    """

    def __init__(self, port: int, path: str, side: type[FromLobby | FromMatch]) -> None:
        self.link, self._rest = ask(port, path, SUBPROTOCOL), b""
        self._path, self._side = path, side
        self._reader = FrameReader()
        self._waiting: list[bytes] = []

    def begin(self) -> None:
        """Wait for the handshake; call it first."""
        self._rest = hear_answer(self.link, self._path)

    def say(self, message: Message) -> None:
        """Send one message."""
        self.link.sendall(masked(encode(message)))

    def hear(self, kind: type[M]) -> M:
        """Wait for a message of this kind. Skips others; a refusal is an error."""
        name = kind.spec.name
        while True:
            while self._waiting:
                heard = decode(self._side, self._waiting.pop(0))
                if isinstance(heard, kind):
                    return heard
                if isinstance(heard, lobby_messages.Refused | match_messages.Refused):
                    raise Closed(f"Skirmish refused before {name}: {heard.text}")
            chunk, self._rest = self._rest or self.link.recv(READ_BYTES), b""
            if not chunk:
                raise Closed(f"Skirmish closed the connection before {name}")
            for first, payload in self._reader.frames(chunk):
                if first == BINARY_FINAL:
                    self._waiting.append(payload)
                elif first == PING_FINAL:
                    self.link.sendall(masked(payload, PONG_FINAL))
                else:
                    raise Closed(f"Skirmish sent frame {first:#x} before {name}: {payload!r}")

    def unread(self) -> bytes:
        """The bytes after the last answer, as frames again."""
        frames = [bytes([BINARY_FINAL, 126]) + len(p).to_bytes(2, "big") + p for p in self._waiting]
        return b"".join(frames) + self._reader.take_held() + self._rest


def _setup_connections(
    port: int, paths: list[str], side: type[FromLobby | FromMatch]
) -> list[SetupConnection]:
    connections = [SetupConnection(port, path, side) for path in paths]
    for connection in connections:
        connection.begin()
    return connections


def metrics_port(port: int) -> int:
    """The metrics port of the server on this port."""
    return port + 1


class Skirmish(Contender):
    """This project's server with the whole game. Its players only move, as the peers' do."""

    name = "Skirmish"
    protocol = "skirmish"
    mode = "deathmatch"
    _folder = ""

    def prepare(self) -> None:
        """Compile what runs compiled by default."""
        build()

    def environment(self) -> dict[str, str]:
        """The default environment, where there is a compiler."""
        return {**UNLIMITED, "SKIRMISH_COMPILED": "1"}

    def command(self, port: int) -> list[str]:
        """As an operator would run it."""
        metrics = ["--net.metrics_port", str(metrics_port(port))]
        state = ["--store.data_dir", self._folder]
        serve = [sys.executable, "-m", "server.cli", "serve", "--port", str(port)]
        return [*serve, *metrics, *state]

    @contextmanager
    def running(self, core: int | None = None) -> Iterator[tuple[int, int]]:
        """Run it in a new folder. In an old one it would resume the matches of the last run, which
        cost as much as the load.
        """
        with TemporaryDirectory() as self._folder, super().running(core) as found:
            yield found

    def group(self, port: int, first: int, count: int) -> list[Player]:
        """Fill a private room, without bots. All players ask before any waits: at its limit a
        server answers once a beat, so one player at a time would take seven beats each.
        """
        lobbies = _setup_connections(port, ["/lobby"] * count, FromLobby)
        for number, lobby in enumerate(lobbies, first):
            lobby.say(Hello(fingerprint(), f"Load{number}", b""))
        welcomes = [lobby.hear(lobby_messages.Welcome) for lobby in lobbies]
        owner, *members = lobbies
        owner.say(CreateRoom(self.mode, self._map_for(welcomes[0])))
        code = owner.hear(Room).code
        for member in members:
            member.say(JoinRoom(code))
        for member in members:
            member.hear(Room)
        owner.say(StartRoom(0, 1))
        seats = [lobby.hear(Seat) for lobby in lobbies]
        matches = _setup_connections(port, [seat.path for seat in seats], FromMatch)
        for match, seat in zip(matches, seats, strict=True):
            match.say(Join(fingerprint(), seat.ticket))
        players = [
            self._player(match, Walk(seed, self.fights), match.hear(match_messages.Welcome))
            for seed, match in enumerate(matches, first)
        ]
        for lobby in lobbies:
            lobby.link.close()
        return players

    def _map_for(self, welcome: lobby_messages.Welcome) -> str:
        """The first map that is large enough."""
        bit = 1 << [row.name for row in welcome.modes].index(self.mode)
        return next(
            row.name
            for row in welcome.maps
            if row.players_max >= self.players_per_match and row.modes & bit
        )

    def _player(
        self, match: SetupConnection, walk: Walk, welcome: match_messages.Welcome
    ) -> Player:
        return SkirmishPlayer(match.link, match.unread(), walk, welcome.tick)


class FightingSkirmish(Skirmish):
    """The same with players who shoot, at the cost of a real match."""

    name = "Skirmish, fighting"
    fights = True


class OpenSkirmish(Skirmish):
    """Skirmish without fog: every client is sent every player, as in the peers' rooms."""

    name = "Skirmish, no fog"

    def environment(self) -> dict[str, str]:
        """The setting that an operator would change."""
        return {**super().environment(), "SKIRMISH_MATCH__FOG": "false"}


class TlsSkirmish(Skirmish):
    """Skirmish with TLS of its own. The load speaks plain HTTP to a tunnel, which encrypts."""

    name = "Skirmish, TLS"

    def prepare(self) -> None:
        """Find the tunnel's program as well."""
        super().prepare()
        if not shutil.which(TUNNEL, path=TUNNEL_PATH):
            raise RuntimeError(f"needs {TUNNEL}: sudo apt install {TUNNEL}")

    def command(self, port: int) -> list[str]:
        """With a certificate that nobody has to trust."""
        return [*super().command(port), "--tls-self-signed"]

    @contextmanager
    def running(self, core: int | None = None) -> Iterator[tuple[int, int]]:
        """Run the server and a tunnel to it; yields the server's pid and the tunnel's port."""
        with super().running(core) as (pid, port), TemporaryDirectory() as folder:
            front = free_port()
            config = Path(folder) / "tunnel.cfg"
            config.write_text(TUNNEL_CONFIG.format(front=front, port=port))
            tunnel = subprocess.Popen([str(shutil.which(TUNNEL, path=TUNNEL_PATH)), "-f", config])
            try:
                if not wait_until_it_listens(tunnel, front):
                    raise RuntimeError(f"{TUNNEL} does not start")
                yield pid, front
            finally:
                tunnel.kill()
                tunnel.wait()


class InterpretedSkirmish(Skirmish):
    """Skirmish where there is no compiler."""

    name = "Skirmish, interpreted"

    def environment(self) -> dict[str, str]:
        """Ignore an existing build."""
        return {**UNLIMITED, "SKIRMISH_COMPILED": "0"}


class BigSkirmish(FightingSkirmish):
    """Last standing, with as many players as a match takes."""

    name = "Skirmish, 128 in a match"
    mode = "last-standing"
    players_per_match = 128


class InterpretedBigSkirmish(InterpretedSkirmish, BigSkirmish):
    """The same where there is no compiler."""

    name = "Skirmish, interpreted, 128 in a match"

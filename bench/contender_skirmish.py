"""Skirmish as a contender: through its lobby into private rooms of 16, then into matches.

Speaks the real protocol by the project's own table. Of a snapshot it reads only the tick, which its
inputs follow.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from bench.contender import Contender
from bench.inputs import LEAD_TICKS, InputSender
from bench.load import Player, Walk
from bench.raw_websocket import (
    BINARY_FINAL,
    PING_FINAL,
    PONG_FINAL,
    READ_BYTES,
    Closed,
    FrameReader,
    connect,
    masked,
)
from build_compiled import build
from game.wire.codec import Channel, Sender, decode_from_server, encode
from game.wire.fingerprint import fingerprint
from game.wire.messages import SUBPROTOCOL

TICKS_PER_INPUT = 2
LEAD_SLACK_TICKS = 3  # a lead that drifted further than this is set anew
FULL, SNAPSHOT = 65, 66
# The whole load comes from this machine: it would be one address's.
UNLIMITED = {"SKIRMISH_NET__UNLIMITED_ADDRESSES": "127.0.0.0/8"}


class SkirmishPlayer(Player):
    """A seat in a match."""

    def __init__(self, link: socket.socket, rest: bytes, walk: Walk, tick: int) -> None:
        super().__init__(link, rest, walk)
        self.start_tick = self._tick = tick
        self._first_tick = tick + LEAD_TICKS
        self._sender = InputSender()

    def input(self) -> bytes:
        """Two ticks' worth of the walk, labelled with the tick it is meant for."""
        buttons, aim = self.walk.next()
        self._first_tick += TICKS_PER_INPUT
        wanted = self._tick + LEAD_TICKS
        if abs(self._first_tick - wanted) > LEAD_SLACK_TICKS:
            self._first_tick = wanted
        return self._sender.message(self._first_tick, (buttons, aim) * TICKS_PER_INPUT)

    def take(self, payload: bytes) -> bool:
        """Follow the server's tick: `[66, ticks, …]` or `[65, tick, …]`."""
        if payload[1] != 0x18 or payload[2] not in {FULL, SNAPSHOT}:
            return False
        if payload[2] == SNAPSHOT:
            self._tick += payload[3] if payload[3] < 24 else payload[4]
        else:
            self._tick = decode_from_server(Channel.MATCH, payload).fields[0]
        return True


class Conversation:
    """A lobby or match connection before the load begins: ask, wait for the answer."""

    def __init__(self, port: int, path: str, channel: Channel) -> None:
        self.link, self._rest = connect(port, path, SUBPROTOCOL)
        self._channel = channel
        self._reader = FrameReader()
        self._waiting: list[bytes] = []

    def say(self, name: str, *fields: object) -> None:
        """Send one message."""
        self.link.sendall(masked(encode(self._channel, Sender.CLIENT, name, *fields)))

    def hear(self, name: str) -> tuple[Any, ...]:
        """Wait for this message; its fields. Others are passed over, a refusal is an error."""
        while True:
            while self._waiting:
                heard = decode_from_server(self._channel, self._waiting.pop(0))
                if heard.name == name:
                    return heard.fields
                if heard.name == "refused":
                    raise Closed(f"Skirmish refused before {name}: {heard.fields}")
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
        """What came after the last answer, as frames again."""
        frames = [bytes([BINARY_FINAL, 126]) + len(p).to_bytes(2, "big") + p for p in self._waiting]
        return b"".join(frames)


def metrics_port(port: int) -> int:
    """Where the server on this port shows its metrics."""
    return port + 1 if port < 65_535 else port - 1


class Skirmish(Contender):
    """This project's server, with the whole game. Its players move, as the peers' do."""

    name = "Skirmish"
    protocol = "skirmish"
    mode = "deathmatch"
    _map_name = ""
    _folder = ""

    def prepare(self) -> None:
        """Compile what runs compiled by default."""
        build()

    def environment(self) -> dict[str, str]:
        """As it comes out of the box, where there is a compiler."""
        return {**UNLIMITED, "SKIRMISH_COMPILED": "1"}

    def command(self, port: int) -> list[str]:
        """As an operator would run it."""
        metrics = ["--net.metrics_port", str(metrics_port(port))]
        state = ["--store.data_dir", self._folder]
        serve = [sys.executable, "-m", "server.cli", "serve", "--port", str(port)]
        return [*serve, *metrics, *state]

    @contextmanager
    def running(self, core: int | None = None) -> Iterator[tuple[int, int]]:
        """With a folder of its own: in another's it would go on with the matches of the last run,
        and those cost as much as the load.
        """
        with TemporaryDirectory() as self._folder, super().running(core) as found:
            yield found

    def group(self, port: int, first: int, count: int) -> list[Player]:
        """Fill a private room, without bots."""
        lobbies = [self._lobby(port, f"Load{first + n}") for n in range(count)]
        owner = lobbies[0]
        owner.say("create_room", self.mode, self._map_name)
        code = owner.hear("room")[0]
        for member in lobbies[1:]:
            member.say("join_room", code)
            member.hear("room")
        owner.say("start_room", 0, 1)
        players = []
        for seed, lobby in enumerate(lobbies, first):
            _, path, ticket, _ = lobby.hear("seat")
            players.append(self._seat(port, path, ticket, seed))
            lobby.link.close()
        return players

    def _lobby(self, port: int, name: str) -> Conversation:
        lobby = Conversation(port, "/lobby", Channel.LOBBY)
        lobby.say("hello", fingerprint(), name, b"")
        welcome = lobby.hear("welcome")
        modes, maps = welcome[4], welcome[5]
        bit = 1 << [row[0] for row in modes].index(self.mode)
        self._map_name = next(
            name
            for name, _, _, players_max, mode_bits in maps
            if players_max >= self.players_per_match and mode_bits & bit
        )
        return lobby

    def _seat(self, port: int, path: str, ticket: bytes, seed: int) -> Player:
        match = Conversation(port, path, Channel.MATCH)
        match.say("join", fingerprint(), ticket)
        welcome = match.hear("welcome")
        return self._player(match, Walk(seed, self.fights), welcome)

    def _player(self, match: Conversation, walk: Walk, welcome: tuple[Any, ...]) -> Player:
        return SkirmishPlayer(match.link, match.unread(), walk, welcome[1])


class FightingSkirmish(Skirmish):
    """The same with players who shoot: what a real match costs."""

    name = "Skirmish, fighting"
    fights = True


class OpenSkirmish(Skirmish):
    """Without fog: everybody is sent everybody, as in the peers' rooms."""

    name = "Skirmish, no fog"

    def environment(self) -> dict[str, str]:
        """The setting that an operator would change."""
        return {**super().environment(), "SKIRMISH_MATCH__FOG": "false"}


class InterpretedSkirmish(Skirmish):
    """Where there is no compiler."""

    name = "Skirmish, interpreted"

    def environment(self) -> dict[str, str]:
        """The build that is there is left alone."""
        return {**UNLIMITED, "SKIRMISH_COMPILED": "0"}


class BigSkirmish(FightingSkirmish):
    """Last standing, with as many as one match takes."""

    name = "Skirmish, 128 in a match"
    mode = "last-standing"
    players_per_match = 128


class InterpretedBigSkirmish(InterpretedSkirmish, BigSkirmish):
    """The same where there is no compiler."""

    name = "Skirmish, interpreted, 128 in a match"

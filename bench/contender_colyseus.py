"""Colyseus 0.18 as a contender, on Node and on Bun: matchmaking over HTTP, then a room over a
WebSocket.
"""

import http.client
import json
import struct
from http import HTTPStatus
from pathlib import Path

from bench.contender import PLAYERS_PER_MATCH, ROOT, Contender
from bench.load import Player, Walk
from bench.raw_websocket import Closed, connect, masked
from hatch_build import BuildError, install_packages, node_and_npm

FOLDER = ROOT / "bench" / "colyseus"
BUN_FOLDER = ROOT / "bench" / "bun"
# Colyseus 0.18, shared-types/src/Protocol.ts: the first byte of a frame in a room.
JOIN_ROOM, ROOM_STATE_PATCH, ROOM_DATA_BYTES = 10, 15, 17
INPUT_HEAD = bytes([ROOM_DATA_BYTES, 0xA5]) + b"input"  # the message's type as a MessagePack string


class ColyseusPlayer(Player):
    """A session in a room."""

    _number = 0

    def input(self) -> bytes:
        """A sequence number, buttons and aim, as server.mjs reads them."""
        buttons, aim = self.walk.next()
        self._number = (self._number + 1) % 65_536
        return INPUT_HEAD + struct.pack("<HHH", self._number, buttons, aim)

    def take(self, payload: bytes) -> bool:
        """Whether the message is a patch."""
        return payload[0] == ROOM_STATE_PATCH


class Colyseus(Contender):
    """The peer: the best-known open-source room server, on Node."""

    name = "Colyseus 0.18"
    protocol = "colyseus"

    def prepare(self) -> None:
        """Install what package-lock.json names."""
        install_packages(FOLDER)

    def command(self, port: int) -> list[str]:
        """Node, from the same wheel that builds the browser client."""
        node, _ = node_and_npm()
        return [str(node), *self.server_words(port)]

    def server_words(self, port: int) -> list[str]:
        """The server and its arguments."""
        return [str(FOLDER / "server.mjs"), str(port), str(PLAYERS_PER_MATCH)]

    def environment(self) -> dict[str, str]:
        """The environment an operator would use."""
        return {"NODE_ENV": "production"}

    def group(self, port: int, first: int, count: int) -> list[Player]:
        """Ask for seats, take them, and confirm."""
        return [self._join(port, seed) for seed in range(first, first + count)]

    def _join(self, port: int, seed: int) -> Player:
        seat = _ask_for_seat(port)
        room = seat.get("room", seat)
        path = f"/{room['processId']}/{room['roomId']}?sessionId={seat['sessionId']}"
        link, rest = connect(port, path)
        link.sendall(masked(bytes([JOIN_ROOM])))
        return ColyseusPlayer(link, rest, Walk(seed, fights=False))


class BunColyseus(Colyseus):
    """The same server on Bun, which is faster than Node."""

    name = "Colyseus 0.18 on Bun"

    def prepare(self) -> None:
        """Install both. Raises `BuildError` where Bun has no program for this machine."""
        super().prepare()
        install_packages(BUN_FOLDER)
        _bun()

    def command(self, port: int) -> list[str]:
        """Bun, as npm installed it."""
        return [str(_bun()), *self.server_words(port)]


def _bun() -> Path:
    """The program for this machine; packages for other machines are not installed. npm's `bun`
    replaces itself with it in an install script, but no package's scripts are run here.
    """
    found = sorted(BUN_FOLDER.glob("node_modules/@oven/bun-*/bin/bun"))
    if not found:
        raise BuildError("npm has no Bun for this machine")
    return found[0]


def _ask_for_seat(port: int) -> dict:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        headers = {"Content-Type": "application/json"}
        asking.request("POST", "/matchmake/joinOrCreate/arena", b"{}", headers)
        answer = asking.getresponse()
        told = answer.read()
        if answer.status != HTTPStatus.OK:
            raise Closed(f"Colyseus refused a seat: {told[:300]!r}")
        return json.loads(told)
    finally:
        asking.close()

"""Colyseus 0.18 as a contender: matchmaking over HTTP, then a room over a WebSocket."""

import http.client
import json
import struct
from collections.abc import Iterator

from bench.contender import PLAYERS_PER_MATCH, ROOT, Contender
from bench.load import Player, Walk
from bench.raw_websocket import connect, masked
from hatch_build import install_packages, node_and_npm

FOLDER = ROOT / "bench" / "colyseus"
# Colyseus 0.18, shared-types/src/Protocol.ts: the first byte of a frame in a room.
JOIN_ROOM, ROOM_STATE_PATCH, ROOM_DATA_BYTES = 10, 15, 17
INPUT_HEAD = bytes([ROOM_DATA_BYTES, 0xA5]) + b"input"  # the message's type as a MessagePack string


class ColyseusPlayer(Player):
    """A session in a room."""

    _number = 0

    def input(self) -> bytes:
        """A number, buttons and aim, as server.mjs reads them."""
        buttons, aim = self.walk.next()
        self._number = (self._number + 1) % 65_536
        return INPUT_HEAD + struct.pack("<HHH", self._number, buttons, aim)

    def take(self, payload: bytes) -> bool:
        """Tell patches from all else."""
        return payload[0] == ROOM_STATE_PATCH


class Colyseus(Contender):
    """The peer: the best-known open-source room server."""

    name = "Colyseus 0.18"

    def prepare(self) -> None:
        """Install what package-lock.json names."""
        install_packages(FOLDER)

    def command(self, port: int) -> list[str]:
        """Node, from the same wheel that builds the browser client."""
        node, _ = node_and_npm()
        return [str(node), str(FOLDER / "server.mjs"), str(port), str(PLAYERS_PER_MATCH)]

    def environment(self) -> dict[str, str]:
        """As an operator would run it."""
        return {"NODE_ENV": "production"}

    def arrivals(self, port: int, count: int) -> Iterator[list[Player]]:
        """Ask for a seat, take it, and say so."""
        for first in range(0, count, PLAYERS_PER_MATCH):
            seeds = range(first, min(first + PLAYERS_PER_MATCH, count))
            yield [self._join(port, seed) for seed in seeds]

    def _join(self, port: int, seed: int) -> Player:
        seat = _ask_for_seat(port)
        room = seat.get("room", seat)
        path = f"/{room['processId']}/{room['roomId']}?sessionId={seat['sessionId']}"
        link, rest = connect(port, path)
        link.sendall(masked(bytes([JOIN_ROOM])))
        return ColyseusPlayer(link, rest, Walk(seed, fights=False))


def _ask_for_seat(port: int) -> dict:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        headers = {"Content-Type": "application/json"}
        asking.request("POST", "/matchmake/joinOrCreate/arena", b"{}", headers)
        return json.loads(asking.getresponse().read())
    finally:
        asking.close()

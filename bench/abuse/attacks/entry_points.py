"""The entry points of attacks: a seat in a match, a place in the lobby, an echo.

Owns: connecting as any client does, and reconnecting. Must not know: what an attack does there.
"""

import socket
import time

from attrs import define, field

from bench.abuse.outcome import Target
from bench.abuse.wire import BlockingConnection, Ended, greet, join, upgrade
from game.wire.lobby_messages import JoinMatch, Seat

LINKS_PER_ADDRESS = 50


@define
class SeatedAttacker:
    """An attacker with a seat in the bystander's match, who returns to it when thrown out."""

    target: Target
    number: int = 0
    _resume: bytes = b""

    @property
    def source(self) -> str:
        """The address they connect from."""
        return self.target.source(self.number)

    def enter(self) -> BlockingConnection:
        """Take the seat. Raises `Ended`."""
        if self._resume:
            try:
                return self._join(self.target.path, self._resume)
            except Ended as ended:
                if ended.word not in {"close 4002", "close 4008"}:
                    raise
                self._resume = b""
        path, ticket = seat_in(self.target, self.source, f"Mallory {self.number}")
        return self._join(path, ticket)

    def _join(self, path: str, ticket: bytes) -> BlockingConnection:
        match, welcome = join(self.target.port, path, ticket, self.source)
        self._resume = welcome.resume
        return match


@define
class AttackerConnections:
    """Connections to one place, each from an address of its own or all from the first."""

    target: Target
    where: str  # "match", "lobby", or the path of a WebSocket
    are_many: bool = False  # whether each has its own address
    _intruders: dict[int, SeatedAttacker] = field(factory=dict)

    def __call__(self, number: int) -> socket.socket:
        """Open one. Raises `Ended`."""
        source = self.target.source(number if self.are_many else 0)
        if self.where == "match":
            intruder = self._intruders.setdefault(number, SeatedAttacker(self.target, number))
            return intruder.enter().link
        if self.where == "lobby":
            return greet(self.target.port, f"Mallory {number}", source)[0].link
        return upgrade(self.target.port, self.where, source)[0]


def seat_in(target: Target, source: str, name: str) -> tuple[str, bytes]:
    """Path and ticket of a seat in the bystander's match. Raises `Ended`."""
    lobby, _ = greet(target.port, name, source)
    try:
        lobby.say(JoinMatch(target.match_id))
        seat = lobby.hear(Seat)
    finally:
        lobby.close()
    return seat.path, seat.ticket


def lobby_links(target: Target, count: int, until_s: float) -> list[BlockingConnection]:
    """Connect `count` people to the lobby, fifty from each address, or as many as are let in
    during the first half of an attack.
    """
    links: list[BlockingConnection] = []
    now_s = time.monotonic()
    end_s = now_s + (until_s - now_s) / 2
    for number in range(count):
        if time.monotonic() > end_s:
            break
        source = target.source(number // LINKS_PER_ADDRESS)
        try:
            links.append(greet(target.port, f"Mallory {number}", source)[0])
        except Ended:
            continue
    return links

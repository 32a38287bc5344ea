"""A client in a seat that reads only when it may, and notes how old each snapshot is.

Owns: one connection. Must not know: how the server reacts. Invariant: the client keeps sending
while it does not read, so the server does not take it for silent.
"""

import random
from typing import Final

import trio
from attrs import define, field, frozen

from clients.net.errors import ConnectionEndedError
from clients.net.replica import Replica
from game.events import EventKind
from game.wire.codec import decode, encode, fingerprint
from game.wire.match_messages import FullSnapshot, Join, Ping
from game.wire.schema import FromMatch
from tests.probes.range import MATCH_ID, Range
from tests.simulation.wire import Wire, open_wire

SPEAKS_EVERY_S: Final = 0.5


@frozen
class News:
    """A snapshot, and when it was read."""

    at_s: float
    tick: int
    age_ticks: int
    is_full: bool  # it needs no earlier snapshot
    rails: int  # how many rails it reports


@define(eq=False)
class Reader:
    """See the module."""

    range: Range
    address: str
    dice: random.Random
    news: list[News] = field(factory=list)
    end: ConnectionEndedError | None = None
    ended: trio.Event = field(factory=trio.Event)
    wire: Wire | None = None
    _replica: Replica = field(factory=Replica)
    _may_read: trio.Event = field(factory=trio.Event)

    def __attrs_post_init__(self) -> None:
        """Begin reading, like any client."""
        self.go_on()

    async def live(self) -> None:
        """Join, and read until the connection ends."""
        wire = await open_wire(self.range.lines, f"/match/{MATCH_ID}", self.address, self.dice)
        self.wire = wire
        await wire.send(encode(Join(fingerprint(), self.range.ticket("reader"))))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._speak, wire)
            try:
                await self._read(wire)
            except ConnectionEndedError as end:
                self.end = end
                self.ended.set()
            nursery.cancel_scope.cancel()

    def stop(self) -> None:
        """Stop reading."""
        self._may_read = trio.Event()

    def go_on(self) -> None:
        """Resume reading."""
        self._may_read.set()

    def between(self, from_s: float, to_s: float) -> list[News]:
        """The snapshots that were read in `[from_s, to_s)`."""
        return [news for news in self.news if from_s <= news.at_s < to_s]

    async def _read(self, wire: Wire) -> None:
        while True:
            await self._may_read.wait()
            message = decode(FromMatch, await wire.receive())
            if self._replica.receive(message) and (view := self._replica.view) is not None:
                rails = sum(event[0] == EventKind.RAIL for event in view.events)
                age = self.range.tick - view.tick
                is_full = isinstance(message, FullSnapshot)
                self.news.append(News(trio.current_time(), view.tick, age, is_full, rails))

    async def _speak(self, wire: Wire) -> None:
        for nonce in range(1_000):
            await wire.send(encode(Ping(nonce, 0)))
            await trio.sleep(SPEAKS_EVERY_S)

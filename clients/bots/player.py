"""One bot's life: queue, play, and again, through whatever the network does.

Owns: when it thinks, and what it does after a failure. Must not know: how many others there are.
Invariant: a failure is counted and waited out, never fatal.
"""

import random

import trio
from attrs import define, field, frozen

from clients.bots.tally import Tally
from clients.link import LinkError, MatchLink, play
from clients.link.backoff import delay_s
from clients.link.maps import ArenaShelf
from game.brain.brain import Brain

THINK_EVERY_SNAPSHOTS = 2  # 15 times a second: 200 bots share one core with their sockets


@frozen
class Temper:
    """How all bots of a crowd play."""

    url: str
    mode: str
    level: int
    seed: int


@define
class BotPlayer:
    """Bot number `number` of a crowd."""

    number: int
    temper: Temper
    shelf: ArenaShelf
    tally: Tally = field(factory=Tally)

    async def live(self) -> None:
        """Play match after match until cancelled."""
        dice = random.Random(f"{self.temper.seed} {self.number}")
        attempt = 0
        while True:
            matches = self.tally.matches
            try:
                await self._queue_and_play()
            except LinkError as error:
                self.tally.failures[str(error)[:80]] += 1
            attempt = 0 if self.tally.matches > matches else attempt + 1
            await trio.sleep(delay_s(attempt, dice))

    async def _queue_and_play(self) -> None:
        asked_s = trio.current_time()
        name = f"Bot {self.number}"
        async with play(self.temper.url, name=name, mode=self.temper.mode) as match:
            self.tally.connects += 1
            began_s = trio.current_time()
            try:
                await self._play(match, asked_s)
            finally:
                trips, played_s = match.round_trips.samples_s, trio.current_time() - began_s
                self.tally.add(match.counts, list(trips), played_s)

    async def _play(self, match: MatchLink, asked_s: float) -> None:
        brain: Brain | None = None
        round_number = -1
        match.sight_every = THINK_EVERY_SNAPSHOTS
        async for sight in match:
            welcome = match.replica.welcome
            assert welcome is not None
            if brain is None or welcome.round != round_number:
                if brain is None:
                    self.tally.matches += 1
                    self.tally.seating_s.append(trio.current_time() - asked_s)
                round_number = welcome.round
                arena = await self.shelf.arena(welcome.map, welcome.map_digest)
                brain = Brain(arena, self.temper.level, self.temper.seed, sight.slot)
            match.send(brain.think(sight))

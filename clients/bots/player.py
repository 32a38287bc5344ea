"""One bot's life: it queues and plays, over and over, whatever the network does.

Owns: when it thinks, and what it does after a failure. Must not know: how many others there are.
Invariant: a failure is counted and waited out, never fatal.
"""

import random
from collections.abc import Callable

import trio
from attrs import define, field, frozen

from clients.bots.tally import Tally
from clients.net import ClientError, MatchClient, play
from clients.net.backoff import delay_s
from clients.net.maps import ArenaCache
from game.brain.brain import Brain

THINK_EVERY_SNAPSHOTS = 2  # 15 times a second: 200 bots share one core with their sockets


STEADY_S = 10.0  # a bot that played for this long was really seated


def _say_nothing(_reason: str) -> None:
    """For callers that read the tally instead."""


@frozen
class BotOptions:
    """How all bots of a crowd play."""

    url: str
    mode: str
    level: int
    seed: int


@define
class BotPlayer:
    """Bot number `number` of a crowd."""

    number: int
    temper: BotOptions
    arenas: ArenaCache
    tell: Callable[[str], None] = _say_nothing  # called at the first failure
    tally: Tally = field(factory=Tally)

    async def live(self) -> None:
        """Play match after match until cancelled."""
        dice = random.Random(f"{self.temper.seed} {self.number}")
        attempt = 0
        while True:
            began_s = trio.current_time()
            try:
                await self._queue_and_play()
                attempt = 0
            except ClientError as error:
                self._count_failure(str(error))
                # A seat that is lost at once does not count: the next try waits longer.
                lasted = trio.current_time() - began_s >= STEADY_S
                attempt = 0 if lasted else attempt + 1
            await trio.sleep(delay_s(attempt, dice))

    def _count_failure(self, reason: str) -> None:
        if not any(self.tally.failures.values()):
            self.tell(reason)
        self.tally.failures[reason] += 1

    async def _queue_and_play(self) -> None:
        asked_s = trio.current_time()
        name = f"Drone {self.number}"
        async with play(self.temper.url, name=name, mode=self.temper.mode) as match:
            self.tally.connects += 1
            began_s = trio.current_time()
            try:
                await self._play(match, asked_s)
            finally:
                trips, played_s = match.round_trips.samples_s, trio.current_time() - began_s
                self.tally.add(match.counts, list(trips), played_s)

    async def _play(self, match: MatchClient, asked_s: float) -> None:
        brain: Brain | None = None
        round_number = -1
        match.perception_every = THINK_EVERY_SNAPSHOTS
        async for perception in match:
            welcome = match.replica.welcome
            assert welcome is not None
            if brain is None or welcome.round != round_number:
                if brain is None:
                    self.tally.seating_s.append(trio.current_time() - asked_s)
                round_number = welcome.round
                arena = await self.arenas.arena(welcome.map, welcome.map_digest)
                self.tally.matches += brain is None
                brain = Brain(arena, self.temper.level, self.temper.seed, perception.slot)
            match.send(brain.think(perception))

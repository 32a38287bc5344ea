"""A bot plays what it is shown, and a failure is an experience, not an end."""

from dataclasses import replace

import pytest
import trio
from attrs import evolve

from clients.bots import player as player_module
from clients.bots.player import BotOptions, BotPlayer
from clients.net import maps as maps_module
from clients.net.address import Address
from clients.net.errors import ClientError
from clients.net.maps import ArenaCache
from game.arena import Arena
from game.wire.match_messages import Inputs, Leave
from game.wire.messages import CloseCode
from game.wire.probe import probe_arena
from tests.clients.net.fake_server import Peer, serving

DIGEST = "0" * 16


def bot_for(address: Address, arena: Arena | None) -> BotPlayer:
    arenas = ArenaCache(address)
    if arena is not None:
        arenas._arenas[DIGEST] = replace(arena, digest=DIGEST)
    temper = BotOptions(f"http://{address.authority}", "deathmatch", level=3, seed=1)
    return BotPlayer(0, temper, arenas)


async def test_a_bot_queues_sees_and_answers() -> None:
    answered = trio.Event()

    async def match_script(peer: Peer) -> None:
        writer = await peer.admit(b"first ticket")
        await peer.show(writer, 10, None)
        for base in (10, 12, 14):
            await peer.show(writer, base + 2, base)
        await peer.hear(Inputs)
        answered.set()
        await peer.hear(Leave)
        await peer.connection.aclose(CloseCode.LEFT, "you left")

    async with serving(lobby=[Peer.seat], match=[match_script]) as address:
        bot = bot_for(address, probe_arena())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(bot.live)
            await answered.wait()
            nursery.cancel_scope.cancel()
    tally = bot.tally
    assert (tally.connects, tally.matches, tally.snapshots) == (1, 1, 4)
    assert not tally.failures
    assert not tally.ends
    assert len(tally.seating_s) == 1


async def test_a_bot_that_fails_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts: list[int] = []
    enough = trio.Event()

    def no_delay(attempt: int, dice: object) -> float:
        attempts.append(attempt)
        if len(attempts) == 3:
            enough.set()
        return 0.0

    monkeypatch.setattr(player_module, "delay_s", no_delay)
    bot = bot_for(Address("127.0.0.1", 1), None)
    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(bot.live)
            await enough.wait()
            nursery.cancel_scope.cancel()
    assert attempts[:3] == [1, 2, 3]
    assert sum(bot.tally.failures.values()) >= 3


async def test_a_seat_that_is_lost_at_once_does_not_hurry_the_next_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The map cannot be had: welcomed and shown something, each time, and never able to play."""
    attempts: list[int] = []
    enough = trio.Event()

    def no_delay(attempt: int, dice: object) -> float:
        attempts.append(attempt)
        if len(attempts) == 3:
            enough.set()
        return 0.0

    async def match_script(peer: Peer) -> None:
        writer = await peer.admit(b"first ticket")
        await peer.show(writer, 10, None)
        await peer.show(writer, 12, 10)
        await peer.hear(Leave)
        await peer.connection.aclose(CloseCode.LEFT, "you left")

    async def fetch(address: Address, name: str, digest: str) -> Arena:
        await trio.lowlevel.checkpoint()
        raise ClientError("the map cannot be had")

    told: list[str] = []
    monkeypatch.setattr(player_module, "delay_s", no_delay)
    monkeypatch.setattr(maps_module, "fetch_map", fetch)
    async with serving(lobby=[Peer.seat] * 4, match=[match_script] * 4) as address:
        bot = evolve(bot_for(address, None), tell=told.append)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(bot.live)
            await enough.wait()
            nursery.cancel_scope.cancel()
    assert attempts == [1, 2, 3]
    assert bot.tally.matches == 0
    assert bot.tally.failures == {"the map cannot be had": 3}
    assert told == ["the map cannot be had"]


async def test_a_map_is_fetched_once_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = []

    async def fetch(address: Address, name: str, digest: str) -> Arena:
        fetched.append(name)
        await trio.lowlevel.checkpoint()
        return probe_arena()

    monkeypatch.setattr(maps_module, "fetch_map", fetch)
    arenas = ArenaCache(Address("127.0.0.1", 1))
    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(arenas.arena, "yard", DIGEST)
    assert fetched == ["yard"]


async def test_a_map_that_cannot_be_fetched_is_an_error_in_words() -> None:
    arenas = ArenaCache(Address("127.0.0.1", 1))
    with pytest.raises(ClientError, match="nothing listens"):
        await arenas.arena("yard", DIGEST)

"""Each budget and quota is what stops its attack: without it, the same attack succeeds.

So no abuse test passes because something else happened to stop the attack.
"""

from collections.abc import Awaitable, Callable

import pytest
import trio
import trio.testing
from attrs import evolve

from game.wire.lobby_messages import CreateRoom, JoinMatch, StartRoom
from server.budget.settings import BudgetSettings
from server.budget.share import Share
from server.net.frames import BINARY, CONTINUATION, PING
from tests.server.lobby.test_quotas import BUDGET, Town
from tests.server.net.frame_strategies import frame
from tests.server.net.server import QUICK, Running, running

Attack = Callable[[Running], Awaitable[bool]]

OUT = 100_000
IN = BudgetSettings(
    connection_ms_per_s=1.0,
    connection_burst_ms=60.0,
    address_ms_per_s=1.0,
    address_burst_ms=80.0,
    echoes_per_address=2,
    unfinished_heads_per_address=2,
)
WITHOUT_WORK = evolve(IN, **dict.fromkeys(("connection_burst_ms", "address_burst_ms"), 60000.0))
HEAD = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"
EMPTY = frame(CONTINUATION, b"", is_final=False)


async def pings(server: Running) -> bool:
    """Whether two thousand pings are all answered."""
    client = await server.upgraded("/echo")
    await client.send(frame(PING) * 2_000 + frame(BINARY, b"!"))
    return b"\x82\x01!" in await client.exactly(2_000 * 2 + 3)


async def requests(server: Running) -> bool:
    """Whether three hundred requests on one connection are all answered."""
    client = await server.dial()
    for _ in range(300):
        await client.send(HEAD)
        if b" 200 " not in await client.head():
            return False
        await client.exactly(len(b'{"status": "ok"}'))
    return True


async def connections(server: Running) -> bool:
    """Whether a hundred connections of one address may each make a few requests."""
    for _ in range(100):
        client = await server.dial()
        await client.send(HEAD)
        if b" 200 " not in await client.head():
            return False
        await client.stream.aclose()
    return True


async def gets_through(
    attack: Callable[[Running], Awaitable[bool]], budget: BudgetSettings
) -> bool:
    async with running(QUICK, budget=budget) as server:
        try:
            return await attack(server)
        except (AssertionError, trio.BrokenResourceError):
            return False  # it was cut off


@pytest.mark.parametrize("attack", [pings, requests, connections])
async def test_work_goes_through_only_without_its_budget(attack: Attack) -> None:
    assert not await gets_through(attack, IN)
    assert await gets_through(attack, WITHOUT_WORK)


@pytest.mark.parametrize(("frames_max", "is_cut_off"), [(64, True), (65_536, False)])
async def test_fragments_go_through_only_without_their_limit(
    frames_max: int, is_cut_off: bool
) -> None:
    settings = evolve(QUICK, message_frames_max=frames_max)
    async with running(settings, budget=WITHOUT_WORK) as server:
        client = await server.upgraded("/echo")
        end = frame(CONTINUATION, b"!")
        await client.send(frame(BINARY, b"", is_final=False) + EMPTY * 200 + end)
        assert (await client.exactly(3) != b"\x82\x01!") == is_cut_off


@pytest.mark.parametrize(("quota", "stays"), [(2, False), (OUT, True)])
async def test_the_oldest_unfinished_head_goes_only_because_of_the_quota(
    quota: int, stays: bool
) -> None:
    budget = evolve(WITHOUT_WORK, unfinished_heads_per_address=quota)
    async with running(evolve(QUICK, head_timeout_s=5.0), budget=budget) as server:
        oldest = await server.dial()
        await oldest.send(HEAD[:20])
        for _ in range(3):
            await (await server.dial()).send(HEAD[:20])
        await trio.testing.wait_all_tasks_blocked(0.05)
        await oldest.send(HEAD[20:])
        assert (b" 200 " in await oldest.head()) == stays


def reserved(budget: BudgetSettings) -> int:
    town = Town(budget)
    match_id = town.scene.registry.create("deathmatch", "middle")
    heard = [town.scene.says(town.comes(), JoinMatch(match_id)) for _ in range(4)]
    return sum(answers[-1].spec.name == "seat" for answers in heard)


def begun(budget: BudgetSettings, bots: int) -> int:
    town = Town(budget)
    for _ in range(4):
        link = town.comes()
        town.scene.says(link, CreateRoom("deathmatch", "middle"))
        town.scene.says(link, StartRoom(bots, 3))
    return len(town.scene.registry.by_id)


def test_seats_matches_and_bots_go_through_only_without_their_quotas() -> None:
    rich = evolve(
        BUDGET, reservations_per_address=OUT, matches_per_address=OUT, bots_per_address=OUT
    )
    assert (reserved(BUDGET), reserved(rich)) == (BUDGET.reservations_per_address, 4)
    assert (begun(BUDGET, 0), begun(rich, 0)) == (BUDGET.matches_per_address, 4)
    assert (begun(evolve(rich, bots_per_address=3), 3), begun(rich, 3)) == (1, 4)


@pytest.mark.parametrize(("slice_us", "is_on_time"), [(2_000, True), (10**9, False)])
async def test_a_tick_is_on_time_only_because_of_turns(
    slice_us: int, is_on_time: bool, autojump_clock: trio.testing.MockClock
) -> None:
    """A thousand runnable tasks compete with a tick, each with 200 µs of work."""
    share = Share(0.5, slice_us)
    busy_s, late_s = 0.0, 0.0

    async def work() -> None:
        nonlocal busy_s
        await share.turn("http")
        share.charge(200)
        busy_s += 0.0002  # the virtual clock does not move while tasks run: add up instead

    async def tick() -> None:
        nonlocal busy_s, late_s
        for _ in range(20):
            busy_s = 0.0
            await trio.sleep(0.001)
            late_s = max(late_s, busy_s)

    async with trio.open_nursery() as nursery:
        await nursery.start(share.run)
        async with trio.open_nursery() as crowd:
            crowd.start_soon(tick)
            for _ in range(1_000):
                crowd.start_soon(work)
        nursery.cancel_scope.cancel()
    assert (late_s < 0.006) == is_on_time

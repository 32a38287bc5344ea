"""Turns: a tick that is due waits for a slice of other work, and lanes get theirs evenly."""

import trio
import trio.testing
from attrs import define, field

from server.budget.share import TURN_US, Share

SLICE_US = 2_000


@define(eq=False)
class Worker:
    """Tasks that do work of a given cost in every turn, and note when."""

    share: Share
    done: list[tuple[float, str]] = field(factory=list)

    async def work(self, lane: str, cost_us: float, count: int = 1) -> None:
        for _ in range(count):
            await self.share.turn(lane)
            self.share.charge(cost_us)
            self.done.append((trio.current_time(), lane))

    def at(self, lane: str) -> list[float]:
        return [now_s for now_s, each in self.done if each == lane]


async def test_a_slice_of_work_is_done_at_once_and_the_rest_at_the_rate_of_the_share(
    autojump_clock: trio.testing.MockClock,
) -> None:
    worker = Worker(Share(0.5, SLICE_US))
    async with trio.open_nursery() as nursery:
        await nursery.start(worker.share.run)
        await worker.work("http", 1_000 - TURN_US, 20)  # so that the length of a turn is known
        worker.done.clear()
        began_s = trio.current_time()
        async with trio.open_nursery() as crowd:
            for _ in range(500):
                crowd.start_soon(worker.work, "http", 1_000 - TURN_US)
        took_s = trio.current_time() - began_s
        nursery.cancel_scope.cancel()
    assert 0.9 < took_s < 1.1  # 500 ms of work at half of a core
    at_once = [now_s for now_s, _ in worker.done if now_s == began_s]
    for start_s in [began_s + 0.01 * step for step in range(90)]:
        within = [now_s for now_s, _ in worker.done if start_s <= now_s < start_s + 0.01]
        assert len(within) * 1_000 <= 0.01 * 500_000 + 2 * SLICE_US, "a burst would hold up a tick"
    assert len(at_once) * 1_000 <= 2 * SLICE_US + 32 * TURN_US


async def test_a_flood_in_one_lane_does_not_hold_up_another(
    autojump_clock: trio.testing.MockClock,
) -> None:
    worker = Worker(Share(0.5, SLICE_US))
    async with trio.open_nursery() as nursery:
        await nursery.start(worker.share.run)
        async with trio.open_nursery() as crowd:
            for _ in range(1_000):
                crowd.start_soon(worker.work, "http", 1_000)
            await trio.sleep(0.1)
            began_s = trio.current_time()
            crowd.start_soon(worker.work, "lobby", 100, 10)
        nursery.cancel_scope.cancel()
    assert max(worker.at("lobby")) - began_s < 0.1
    assert max(worker.at("http")) - began_s > 1.0


async def test_nobody_waits_while_no_match_runs(autojump_clock: trio.testing.MockClock) -> None:
    is_playing = True
    share = Share(0.1, SLICE_US, lambda: is_playing)
    async with trio.open_nursery() as nursery:
        await nursery.start(share.run)
        share.charge(1_000_000)
        began_s = trio.current_time()
        is_playing = False
        await share.turn("http")
        assert trio.current_time() == began_s
        is_playing = True
        await share.turn("http")
        assert trio.current_time() - began_s > 5
        nursery.cancel_scope.cancel()


async def test_waiting_work_runs_when_the_last_match_ends(
    autojump_clock: trio.testing.MockClock,
) -> None:
    is_playing = True
    share = Share(0.1, SLICE_US, lambda: is_playing)
    async with trio.open_nursery() as nursery:
        await nursery.start(share.run)
        share.charge(1_000_000)

        async def end_match() -> None:
            nonlocal is_playing
            await trio.sleep(0.5)
            is_playing = False

        nursery.start_soon(end_match)
        began_s = trio.current_time()
        await share.turn("http")
        assert 0.5 <= trio.current_time() - began_s < 0.6
        nursery.cancel_scope.cancel()


async def test_leaving_the_line_frees_the_place(
    autojump_clock: trio.testing.MockClock,
) -> None:
    share = Share(0.5, SLICE_US)
    async with trio.open_nursery() as nursery:
        await nursery.start(share.run)
        share.charge(1_000_000)
        for _ in range(10):
            with trio.move_on_after(0.01):
                await share.turn("http")
        assert share.waited_count == 10
        await share.turn("http")
        assert trio.current_time() < 3
        nursery.cancel_scope.cancel()
    await share.turn("http")  # turns are no longer given, so nothing waits for one


async def test_a_second_front_neither_gives_more_turns_nor_ends_them(
    autojump_clock: trio.testing.MockClock,
) -> None:
    worker = Worker(Share(0.5, SLICE_US))
    async with trio.open_nursery() as nursery:
        await nursery.start(worker.share.run)
        async with trio.open_nursery() as second:
            await second.start(worker.share.run)
            second.cancel_scope.cancel()
        began_s = trio.current_time()
        async with trio.open_nursery() as crowd:
            for _ in range(500):
                crowd.start_soon(worker.work, "http", 1_000 - TURN_US)
        assert trio.current_time() - began_s > 0.9  # 500 ms of work at half of a core
        nursery.cancel_scope.cancel()

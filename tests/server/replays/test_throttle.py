"""Work on replays is done in slices, within its share of a core."""

import pytest
import trio
import trio.testing

from server.replays.throttle import SLICE_S, Throttle


async def test_work_is_done_in_slices_within_its_share_and_others_run_between(
    autojump_clock: trio.testing.MockClock,
):
    """The clock advances only by the work: each piece takes 0.3 ms."""
    spent_s = 0.0
    turns = 0
    throttle = Throttle(0.25, lambda: spent_s)
    longest = 0

    def piece() -> bool:
        nonlocal spent_s
        spent_s += 0.0003
        return spent_s < 2.0

    async def others() -> None:
        nonlocal turns, longest
        before = spent_s
        while spent_s < 2.0:
            await trio.lowlevel.checkpoint()
            turns += 1
            longest = max(longest, spent_s - before)
            before = spent_s
            if spent_s:
                await trio.sleep(0.001)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(others)
        await throttle.work(piece)
    assert throttle.longest_slice_s <= SLICE_S + 0.0003
    assert trio.current_time() == pytest.approx(2.0 / 0.25 - 0.1 / 0.25, rel=0.05)
    assert turns > 100

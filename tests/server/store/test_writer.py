"""The queue in front of a store: no caller waits for the disk, and a failing disk loses little."""

import pytest
import trio
from attrs import define, evolve, field

from server.store.base import MatchResult, StoreError
from server.store.memory import MemoryStore
from server.store.writer import LAST_TRIES_S, ResultWriter
from tests.server.store.test_stores import RESULT


@define
class MoodyStore(MemoryStore):
    """Refuses the first `refusals` tries, as a full disk does."""

    refusals: int = 0
    tried_s: list[float] = field(factory=list)
    is_closed: bool = False

    async def record_result(self, result: MatchResult) -> bool:
        self.tried_s.append(trio.current_time())
        if self.refusals > 0:
            self.refusals -= 1
            raise StoreError("disk full")
        return await super().record_result(result)

    async def aclose(self) -> None:
        self.is_closed = True


def writer_of(store: MoodyStore, pending_max: int = 3) -> ResultWriter:
    return ResultWriter(store, pending_max, retry_s=4.0)


async def test_results_are_written_in_the_order_they_came(nursery, autojump_clock):
    store = MoodyStore()
    writer = writer_of(store)
    await nursery.start(writer.run)
    for number in range(3):
        await writer.record_result(evolve(RESULT, round_number=number))
    await trio.testing.wait_all_tasks_blocked()
    assert [number for _, number in store.results] == [0, 1, 2]
    assert writer.statistics().written == 3
    assert await writer.recent_results(1)


async def test_a_store_that_refuses_is_tried_again_at_growing_but_bounded_pauses(
    nursery, autojump_clock
):
    store = MoodyStore(refusals=8)
    writer = writer_of(store)
    await nursery.start(writer.run)
    await writer.record_result(RESULT)
    await trio.sleep(60)
    pauses = [
        after - before for before, after in zip(store.tried_s, store.tried_s[1:], strict=False)
    ]
    assert pauses == pytest.approx([0.25, 0.5, 1, 2, 4, 4, 4, 4])
    assert writer.statistics().written == 1


async def test_when_too_many_wait_the_new_one_is_refused_at_once(autojump_clock):
    writer = writer_of(MoodyStore())
    for number in range(3):
        await writer.record_result(evolve(RESULT, round_number=number))
    with pytest.raises(StoreError, match="already waiting"):
        await writer.record_result(RESULT)
    assert writer.statistics().dropped == 1


async def test_closing_writes_what_waits_and_closes_the_store(autojump_clock):
    store = MoodyStore()
    writer = writer_of(store)
    await writer.record_result(RESULT)
    await writer.aclose()
    assert list(store.results.values()) == [RESULT]
    assert store.is_closed


async def test_closing_tries_a_store_that_refuses_again_but_not_for_ever(autojump_clock):
    store = MoodyStore(refusals=3)
    writer = writer_of(store)
    await writer.record_result(RESULT)
    await writer.aclose()
    assert list(store.results.values()) == [RESULT]
    store = MoodyStore(refusals=100)
    writer = writer_of(store)
    await writer.record_result(RESULT)
    began = trio.current_time()
    await writer.aclose()
    assert LAST_TRIES_S / 2 < trio.current_time() - began <= LAST_TRIES_S
    assert store.is_closed
    assert writer.statistics().pending == 1


class SlowStore(MoodyStore):
    """Takes a second for each result."""

    async def record_result(self, result: MatchResult) -> bool:
        await trio.sleep(1)
        return await super().record_result(result)


async def test_closing_waits_for_a_store_that_is_slow(autojump_clock):
    store = SlowStore()
    writer = writer_of(store, pending_max=5)
    for number in range(5):
        await writer.record_result(evolve(RESULT, round_number=number))
    await writer.aclose()
    assert len(store.results) == 5


async def test_a_result_that_was_kept_before_counts_as_repeated(nursery, autojump_clock):
    store = MoodyStore()
    await store.record_result(RESULT)
    writer = writer_of(store)
    await nursery.start(writer.run)
    await writer.record_result(RESULT)
    await trio.testing.wait_all_tasks_blocked()
    assert writer.statistics().repeated == 1

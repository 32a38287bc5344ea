"""A result is sent until it is acknowledged."""

import pytest

from server.process.post import TOLD_MAX, ResultPost
from server.store.base import MatchResult, StoreError
from tests.server.process.fakes import FakeLink


def result(number: int) -> MatchResult:
    return MatchResult("m1", number, "duel", "hall", 1, b"d" * 16, 1.0, 2.0, -1, 0, 0, ())


async def test_a_result_is_told_at_once_and_to_every_gateway_that_comes():
    link, heir = FakeLink(), FakeLink()
    post = ResultPost(pending_max=9, say=link.say)
    assert await post.record_result(result(1))
    post.say = heir.say
    post.tell_again()
    assert link.take("result") == heir.take("result")
    assert post.pending_count == 1


async def test_without_a_gateway_it_waits():
    post = ResultPost(pending_max=9)
    await post.record_result(result(1))
    link = FakeLink()
    post.say = link.say
    post.tell_again()
    assert len(link.take("result")) == 1


async def test_what_is_kept_is_told_no_more_and_its_journal_may_go():
    stored: list[MatchResult] = []
    link = FakeLink()
    post = ResultPost(9, stored.append, link.say)
    await post.record_result(result(1))
    post.kept("m1", 1)
    post.kept("m1", 1)
    post.kept("m2", 1)
    link.said.clear()
    post.tell_again()
    assert link.said == []
    assert stored == [result(1)]


async def test_the_same_result_waits_once():
    post = ResultPost(pending_max=1)
    assert await post.record_result(result(1))
    assert not await post.record_result(result(1))
    assert await post.recent_results(9) == [result(1)]


async def test_too_many_results_are_refused():
    post = ResultPost(pending_max=1)
    await post.record_result(result(1))
    with pytest.raises(StoreError, match="waiting"):
        await post.record_result(result(2))


async def test_many_results_are_told_in_portions_that_no_channel_is_too_small_for():
    post, link = ResultPost(9 * TOLD_MAX), FakeLink()
    for number in range(3 * TOLD_MAX):
        await post.record_result(result(number))
    post.say = link.say
    told = 0
    while post.pending_count:
        post.tell_again()
        rows = [row for (row,) in link.take("result")]
        assert len(rows) == TOLD_MAX
        for row in rows:
            post.kept(row[0], row[1])
        told += len(rows)
    assert told == 3 * TOLD_MAX

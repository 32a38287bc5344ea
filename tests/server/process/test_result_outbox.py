"""A result is sent until it is acknowledged."""

import pytest

from server.process.result_outbox import RESENT_MAX, ResultOutbox
from server.store.base import MatchResult, StoreError
from tests.server.process.fakes import FakeChannel


def result(number: int) -> MatchResult:
    return MatchResult("m1", number, "duel", "hall", 1, b"d" * 16, 1.0, 2.0, -1, 0, 0, ())


async def test_a_result_is_sent_at_once_and_to_every_new_gateway():
    channel, heir = FakeChannel(), FakeChannel()
    outbox = ResultOutbox(pending_max=9, send=channel.send)
    assert await outbox.record_result(result(1))
    outbox.send = heir.send
    outbox.resend()
    assert channel.take("result") == heir.take("result")
    assert outbox.pending_count == 1


async def test_without_a_gateway_it_waits():
    outbox = ResultOutbox(pending_max=9)
    await outbox.record_result(result(1))
    channel = FakeChannel()
    outbox.send = channel.send
    outbox.resend()
    assert len(channel.take("result")) == 1


async def test_an_acknowledged_result_is_not_resent_and_its_journal_may_go():
    stored: list[MatchResult] = []
    channel = FakeChannel()
    outbox = ResultOutbox(9, stored.append, channel.send)
    await outbox.record_result(result(1))
    outbox.acknowledge("m1", 1)
    outbox.acknowledge("m1", 1)
    outbox.acknowledge("m2", 1)
    channel.sent.clear()
    outbox.resend()
    assert channel.sent == []
    assert stored == [result(1)]


async def test_the_same_result_waits_once():
    outbox = ResultOutbox(pending_max=1)
    assert await outbox.record_result(result(1))
    assert not await outbox.record_result(result(1))
    assert await outbox.recent_results(9) == [result(1)]


async def test_too_many_results_are_refused():
    outbox = ResultOutbox(pending_max=1)
    await outbox.record_result(result(1))
    with pytest.raises(StoreError, match="waiting"):
        await outbox.record_result(result(2))


async def test_many_results_are_sent_in_portions_that_fit_any_channel():
    outbox, channel = ResultOutbox(9 * RESENT_MAX), FakeChannel()
    for number in range(3 * RESENT_MAX):
        await outbox.record_result(result(number))
    outbox.send = channel.send
    told = 0
    while outbox.pending_count:
        outbox.resend()
        rows = [row for (row,) in channel.take("result")]
        assert len(rows) == RESENT_MAX
        for row in rows:
            outbox.acknowledge(row[0], row[1])
        told += len(rows)
    assert told == 3 * RESENT_MAX

"""Clock × match: one task per match that wakes at absolute deadlines and runs one tick.

Owns: when a tick runs, and what happens when one fails. Must not know: what a tick does.

    match nursery            opened per match by `run_match`, child of the directory's
      ├─ the tick loop       this task
      └─ save result …       one short task per finished round
"""

import structlog
import trio
from attrs import frozen

from game.tuning import TICKS_PER_SECOND
from game.wire.messages import CloseCode
from server.match.counters import MatchCounters
from server.match.match import Match
from server.store.base import MatchResult, Store, StoreError

TICK_S = 1 / TICKS_PER_SECOND
BEHIND_MAX_S = 0.25  # further behind than this, time is given up rather than run after

log = structlog.get_logger("match")


@frozen
class Clockwork:
    """What a running match needs of its process."""

    store: Store
    counters: MatchCounters


async def run_match(match: Match, clockwork: Clockwork) -> None:
    """Tick `match` until it has ended. A fault in it ends this match and no other."""
    bound = log.bind(match=match.spec.match_id, mode=match.spec.mode)
    bound.info("match_started", map=match.spec.map_name, private=match.spec.private)
    try:
        async with trio.open_nursery() as nursery:
            await _tick_until_ended(match, clockwork, nursery)
    except* Exception:
        clockwork.counters.ended["fault"] += 1
        bound.exception("match_failed", tick=match.world.tick, seed=match.plan.config.seed)
        match.close(CloseCode.FAULT, "the match broke; it was our fault and is recorded")
    else:
        clockwork.counters.ended["over"] += 1
    finally:
        match.close(CloseCode.SHUTDOWN, "the server is going down")
        match.readiness.close()
        bound.info("match_ended", reason=match.ended_reason, rounds=match.plan.number + 1)


async def _tick_until_ended(match: Match, clockwork: Clockwork, nursery: trio.Nursery) -> None:
    counters = clockwork.counters
    deadline = trio.current_time()
    while not match.ended_reason:
        deadline += TICK_S
        await trio.sleep_until(deadline)
        began = trio.current_time()
        lateness = began - deadline
        counters.ticks += 1
        counters.last_tick_s = began
        counters.lateness_s.observe(lateness)
        if lateness > TICK_S:
            counters.ticks_late += 1
            if lateness > BEHIND_MAX_S:
                counters.ticks_abandoned += int(lateness / TICK_S)
                deadline = began
        match.advance()
        counters.duration_s.observe(trio.current_time() - began)
        while match.results:
            nursery.start_soon(_save, clockwork.store, match.results.pop())


async def _save(store: Store, result: MatchResult) -> None:
    """Hand a result to the store, which retries by itself; a match never fails for it."""
    try:
        await store.record_result(result)
    except StoreError:
        log.exception("result_lost", match=result.match_id, round=result.round_number)

"""Hosts one match: saves its results, and contains its failure.

Owns: one match's nursery. Must not know: what a tick does, or when it runs.

    match nursery            opened per match by `run_match`, child of the registry's
      ├─ wait for news       this task
      └─ save result …       one short task per finished round
"""

from collections.abc import Callable

import structlog
import trio
from attrs import frozen

from game.wire.messages import CloseCode
from server.match.archiver import JournalArchiver
from server.match.beat import Beat
from server.match.match import Match
from server.match.metronome import Metronome, wait_news
from server.store.base import MatchResult, Store, StoreError

log = structlog.get_logger("match")


@frozen
class HostContext:
    """The services of the process that a running match needs."""

    store: Store
    metronome: Metronome
    keep_or_end: Callable[[Match], None]  # for a match that still runs when its process ends
    archiver: JournalArchiver | None = None  # None: no journals


async def run_match(beat: Beat, context: HostContext) -> None:
    """Run a match until it has ended. A fault in it ends this match and no other."""
    match = beat.match
    bound = log.bind(match=match.spec.match_id, mode=match.spec.mode)
    bound.info("match_started", map=match.spec.map_name, private=match.spec.private)
    ended = context.metronome.counters.ended
    try:
        async with trio.open_nursery() as nursery:
            await _tick_until_ended(beat, context, nursery)
    except* Exception:
        ended["fault"] += 1
        bound.exception("match_failed", tick=match.world.tick, seed=match.plan.config.seed)
        match.is_broken = True
        match.close(CloseCode.FAULT, "the match broke; it was our fault and is recorded")
    else:
        ended["over"] += 1
    finally:
        if not match.ended_reason:
            context.keep_or_end(match)
        context.metronome.leave(beat)
        if context.archiver is not None:
            context.archiver.match_ended(match)
        bound.info("match_ended", reason=match.ended_reason, rounds=match.plan.number + 1)


async def _tick_until_ended(beat: Beat, context: HostContext, nursery: trio.Nursery) -> None:
    match = beat.match
    while not match.ended_reason:
        await wait_news(beat)
        while match.results:
            result = match.results.pop()
            if context.archiver is not None:
                context.archiver.result_sent(result)
            nursery.start_soon(_save, context.store, result)
        if match.failure is not None:
            raise match.failure


async def _save(store: Store, result: MatchResult) -> None:
    """Hand a result to the store, which retries by itself; a store error never fails a match."""
    try:
        await store.record_result(result)
    except StoreError:
        log.exception("result_lost", match=result.match_id, round=result.round_number)

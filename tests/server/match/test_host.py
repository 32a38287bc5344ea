"""Clock × match, in virtual time: absolute deadlines, and a fault that stays in its match."""

import time

import pytest
import trio
from attrs import evolve

from game.tuning import SNAPSHOT_EVERY_TICKS
from game.wire.match_messages import Inputs, Step
from game.wire.messages import CloseCode
from server.match.beat import TICK_S
from server.match.counters import MatchCounters
from server.match.host import HostContext, run_match
from server.match.metronome import BEHIND_MAX_S, Metronome
from server.match.registry import MatchRegistry
from server.match.settings import MatchSettings
from server.match.status import BotPolicy, RegistryFullError
from server.security.tickets import TicketBox
from server.store.base import StoreError
from server.store.memory import MemoryStore
from tests import toy_game
from tests.server.match.fakes import HALLS, FakeReadiness, enter, make_match, match_context


@pytest.fixture
async def host(nursery):
    metronome = Metronome(MatchCounters(), FakeReadiness())
    nursery.start_soon(metronome.run)
    yield HostContext(MemoryStore(), metronome, keep_or_end)
    nursery.cancel_scope.cancel()


def keep_or_end(match):
    match.close(CloseCode.SHUTDOWN, "the server is shutting down")


def put_on_the_clock(match, host):
    """Let a match tick as if its players had come."""

    def adopt(readiness):
        for stream, owner in match.readiness.owners.items():
            readiness.register(stream, owner)
        match.readiness = readiness
        return match

    return host.metronome.join(adopt)


async def test_a_match_ticks_sixty_times_a_second_without_drift(autojump_clock, host):
    match = make_match(
        context=match_context(settings=MatchSettings(empty_s=60, wait_for_people=False))
    )
    with trio.move_on_after(10 + TICK_S / 2):
        await run_match(put_on_the_clock(match, host), host)
    assert match.age == 600
    assert host.metronome.counters.ticks == 600
    assert host.metronome.counters.ticks_late == 0


async def test_the_age_of_a_match_that_waits_for_people_goes_on_as_fast(autojump_clock, host):
    """The age is what expires seats that nobody takes, and finally the match."""
    match = make_match(context=match_context(settings=MatchSettings(wait_for_people=True)))
    match.reserve("ann", 60)
    with trio.move_on_after(10 + TICK_S / 2):
        await run_match(put_on_the_clock(match, host), host)
    assert (match.age, match.world.tick) == (600, 0)


async def test_a_tick_that_took_too_long_is_made_up_for(autojump_clock, host, monkeypatch):
    match = make_match(
        context=match_context(settings=MatchSettings(empty_s=60, wait_for_people=False))
    )
    original = match.context.rules.step

    def slow_step(world, commands, inputs):
        if world.tick == 30:
            autojump_clock.jump(0.105)  # a little over six ticks
        return original(world, commands, inputs)

    monkeypatch.setattr(toy_game, "step", slow_step)
    with trio.move_on_after(2 + TICK_S / 2):
        await run_match(put_on_the_clock(match, host), host)
    assert match.age == 120
    assert host.metronome.counters.ticks_late == 4  # two beats; the third was on time again


async def test_time_that_cannot_be_made_up_for_is_given_up(autojump_clock, host, monkeypatch):
    match = make_match(
        context=match_context(settings=MatchSettings(empty_s=60, wait_for_people=False))
    )
    original = match.context.rules.step

    def stalled_step(world, commands, inputs):
        if world.tick == 30:
            autojump_clock.jump(1.0)
        return original(world, commands, inputs)

    monkeypatch.setattr(toy_game, "step", stalled_step)
    with trio.move_on_after(2 + TICK_S / 2):
        await run_match(put_on_the_clock(match, host), host)
    abandoned = host.metronome.counters.ticks_abandoned
    assert abandoned * TICK_S == pytest.approx(1.0, abs=BEHIND_MAX_S)
    assert match.age == pytest.approx(120 - abandoned, abs=SNAPSHOT_EVERY_TICKS)


async def test_a_match_is_due_when_those_before_it_are_usually_done(
    autojump_clock, host, monkeypatch
):
    context = match_context(settings=MatchSettings(empty_s=60, wait_for_people=False))
    matches = [make_match(context=context) for _ in range(3)]
    original = context.rules.step

    def costly_step(world, commands, inputs):
        if world is matches[0].world:
            autojump_clock.jump(0.0005)
        return original(world, commands, inputs)

    monkeypatch.setattr(toy_game, "step", costly_step)
    with trio.move_on_after(10):
        async with trio.open_nursery() as nursery:
            beats = [put_on_the_clock(match, host) for match in matches]
            for beat in beats:
                nursery.start_soon(run_match, beat, host)
    assert beats[0].offset_s == 0
    assert beats[-1].offset_s == pytest.approx(0.001, rel=0.01)  # two steps for each snapshot
    counts = host.metronome.counters.lateness_s.counts
    assert sum(counts[2:]) == 0  # no beat was late by more than a millisecond
    assert counts[1] < 0.1 * counts[0]  # nor, after the first seconds, by more than half of one


async def test_a_fault_ends_its_match_and_no_other(autojump_clock, host, monkeypatch):
    broken = make_match()
    healthy = make_match(
        context=match_context(settings=MatchSettings(empty_s=60, wait_for_people=False))
    )
    _, handle = enter(broken, "ann")
    original = broken.context.rules.step

    def faulty_step(world, commands, inputs):
        if world is broken.world and world.tick == 10:
            raise ZeroDivisionError("a bug in the rules")
        return original(world, commands, inputs)

    monkeypatch.setattr(toy_game, "step", faulty_step)
    with trio.move_on_after(1):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(run_match, put_on_the_clock(broken, host), host)
            nursery.start_soon(run_match, put_on_the_clock(healthy, host), host)
    assert handle.code == CloseCode.FAULT
    assert host.metronome.counters.ended["fault"] == 1
    assert healthy.age >= 59


class FullDisk(MemoryStore):
    """A store that cannot save."""

    async def record_result(self, result):
        raise StoreError("disk full")


async def test_a_store_that_fails_does_not_stop_a_match(autojump_clock, host):
    match = make_match()
    _, handle = enter(match, "ann")
    handle.says(Inputs(2, 0, (Step(25, 0),)))
    with trio.move_on_after(1):
        await run_match(put_on_the_clock(match, host), evolve(host, store=FullDisk()))
    assert match.plan.number == 1
    assert match.age >= 59


@pytest.fixture
async def registry(nursery):
    made = MatchRegistry(
        settings=MatchSettings(matches_max=2, empty_s=2, wait_for_people=False),
        maps=HALLS,
        tickets=TicketBox(b"s" * 32),
        store=MemoryStore(),
        rules=toy_game,
        bot_factory=toy_game,
        now_s=time.time,
        new_readiness=FakeReadiness,
    )
    await nursery.start(made.run)
    yield made
    nursery.cancel_scope.cancel()


async def test_a_match_is_in_the_registry_as_long_as_it_runs(autojump_clock, registry):
    match_id = registry.create("deathmatch", "hall", bots=BotPolicy(population=2))
    assert registry.status(match_id).map_name == "hall"
    assert registry.reserve(match_id, "ann", 5)
    await trio.sleep(1)
    assert registry.status(match_id).bots == 2
    await trio.sleep(10)
    assert registry.status(match_id) is None
    assert registry.statuses() == []
    assert not registry.reserve(match_id, "ann", 5)
    assert isinstance(registry.counters, MatchCounters)


async def test_a_process_takes_so_many_matches_and_no_more(autojump_clock, registry):
    registry.create("deathmatch")
    registry.create("deathmatch")
    with pytest.raises(RegistryFullError, match="as many matches"):
        registry.create("deathmatch")


async def test_an_unknown_mode_or_map_is_the_callers_mistake(autojump_clock, registry):
    with pytest.raises(KeyError):
        registry.create("chess")
    with pytest.raises(KeyError):
        registry.create("deathmatch", "moon")


async def test_closing_waits_for_rounds_then_ends_what_still_runs(autojump_clock, registry):
    short = registry.create("deathmatch")
    match = registry.find(short)
    _, handle = enter(match, "ann")
    await trio.sleep(1)
    began = trio.current_time()
    await registry.close_all(grace_s=5)
    assert trio.current_time() - began == pytest.approx(5, abs=1)
    assert handle.code == CloseCode.SHUTDOWN
    assert "notice" in handle.stream.names()
    assert registry.statuses() == []
    with pytest.raises(RegistryFullError, match="shutting down"):
        registry.create("deathmatch")


async def test_a_round_without_connections_is_not_waited_for(autojump_clock, registry):
    match = registry.find(registry.create("deathmatch"))
    ann, handle = enter(match, "ann")
    await trio.sleep(1)
    match.drop(ann, handle)
    began = trio.current_time()
    await registry.close_all(grace_s=60)
    assert trio.current_time() - began < 1


async def test_closing_ends_at_once_when_the_last_round_does(autojump_clock, registry):
    match = registry.find(registry.create("deathmatch"))
    _, handle = enter(match, "ann")
    await trio.sleep(1)
    handle.says(Inputs(match.world.tick + 2, 0, (Step(25, 0),)))
    began = trio.current_time()
    await registry.close_all(grace_s=60)
    assert trio.current_time() - began < 1
    assert handle.code == CloseCode.MATCH_OVER


async def test_a_match_that_was_closed_between_two_ticks_steps_no_more(autojump_clock, host):
    match = make_match(
        context=match_context(settings=MatchSettings(empty_s=60, wait_for_people=False))
    )
    beat = put_on_the_clock(match, host)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(run_match, beat, host)
        await trio.sleep(1 + TICK_S / 2)
        age = match.age
        match.close(CloseCode.MOVED, "it goes on elsewhere")  # and its journal with it
    assert match.age == age


async def test_a_match_that_ends_between_two_snapshots_steps_no_more(
    autojump_clock, host, monkeypatch
):
    match = make_match(
        context=match_context(settings=MatchSettings(empty_s=60, wait_for_people=False))
    )
    original = match.context.rules.step

    def step(world, commands, inputs):
        events = original(world, commands, inputs)
        if world.tick == 31:
            match.close(CloseCode.MATCH_OVER, "the match is over")
        return events

    monkeypatch.setattr(toy_game, "step", step)
    await run_match(put_on_the_clock(match, host), host)
    assert match.world.tick == 31, "what came after it would be in no journal"

"""A registry resumes the matches that a dead process left."""

import errno
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio
from attrs import evolve

import game
import game.brain
from game.modes import MODES
from game.tuning import TICKS_PER_SECOND
from game.world import Phase, World
from server.match.archiver import JournalArchiver
from server.match.counters import MatchCounters
from server.match.crash_marker import NO_MATCH, mark_of
from server.match.journal_files import JournalFolder
from server.match.match import Match
from server.match.recorder import RecorderContext
from server.match.registry import HEALTHY_S, Journals, MatchRegistry
from server.match.settings import MatchSettings
from server.match.status import BotPolicy
from server.security.tickets import TicketBox
from server.store.memory import MemoryStore
from tests.server.match.fakes import HALLS, FakeReadiness, enter

TICKETS = TicketBox(b"s" * 32)


@asynccontextmanager
async def registry(path: Path, *, keep_on_stop: bool = True) -> AsyncIterator[MatchRegistry]:
    """A process with its journals in `path`; it dies at the end without closing its files."""
    counters = MatchCounters()
    folder = JournalFolder(path)
    context = RecorderContext(folder, "test", 1 << 20, TICKETS.sign, counters)
    made = MatchRegistry(
        MatchSettings(empty_s=3_600, keep_on_stop=keep_on_stop, wait_for_people=False),
        HALLS,
        TICKETS,
        MemoryStore(),
        game,
        game.brain,
        lambda: 1_000.0,
        uptime_s=lambda: 1_000.0,
        new_readiness=FakeReadiness,
        counters=counters,
        journals=Journals(folder, context, JournalArchiver(folder)),
    )
    async with trio.open_nursery() as nursery:
        await nursery.start(made.run)
        try:
            yield made
        finally:
            die(made)
            nursery.cancel_scope.cancel()
    folder.release()


def die(made: MatchRegistry) -> None:
    """Die as by `kill -9`: nothing is closed, nothing is archived."""
    for match in list(made._matches.values()):
        match.recorder, match.is_moving = None, True


async def ticks(match: Match, count: int) -> None:
    wanted = match.world.tick + count
    while match.world.tick < wanted:  # noqa: ASYNC110 - ticks are no events
        await trio.sleep(0.01)


async def test_every_match_goes_on_where_its_journal_ends(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as before:
        ids = [before.create("deathmatch", "hall", bots=BotPolicy(population=3)) for _ in range(3)]
        for match_id in ids:
            match = before.find(match_id)
            assert match is not None
            await ticks(match, 50)
        worlds = {match_id: before.find(match_id).world.tick for match_id in ids}
    async with registry(tmp_path) as after:
        adoption = await after.adopt()
        assert adoption.restored == sorted(ids)
        for match_id in ids:
            match = after.find(match_id)
            assert match.world.tick >= worlds[match_id] - 1, "only ticks that nobody saw are gone"
            await ticks(match, 10)
        assert after.counters.recovered == 3


async def test_a_process_that_dies_as_it_begins_a_file_leaves_no_riddle(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as before:
        match_id = before.create("deathmatch", "hall", bots=BotPolicy(population=2))
        await ticks(before.find(match_id), 20)
        before.journals.folder.create(match_id, 0, 1).close()
    for _ in range(2):
        async with registry(tmp_path) as after:
            assert (await after.adopt()).restored == [match_id]
            assert not after.find(match_id).recorder.is_given_up


async def test_a_match_that_killed_its_process_twice_is_set_aside_alone(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as before:
        bad, good = (
            before.create("deathmatch", "hall", bots=BotPolicy(population=2)) for _ in "ab"
        )
        await ticks(before.find(good), 20)
    kill_over(tmp_path, bad)
    async with registry(tmp_path) as again:
        assert sorted((await again.adopt()).restored) == sorted([bad, good])
    kill_over(tmp_path, bad)
    async with registry(tmp_path) as last:
        adoption = await last.adopt()
        assert adoption.restored == [good]
        assert adoption.set_aside == [(bad, "2 processes died while they were at work on it")]


async def test_processes_that_die_for_other_reasons_are_no_match_s_fault(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as before:
        ids = [before.create("deathmatch", "hall", bots=BotPolicy(population=2)) for _ in range(3)]
        await ticks(before.find(ids[0]), 20)
    for unlucky in ("", *ids, ""):
        kill_over(tmp_path, unlucky)
        async with registry(tmp_path) as again:
            assert (await again.adopt()).restored == sorted(ids)


async def test_a_match_that_kills_its_process_soon_each_time_is_set_aside_at_the_second_death(
    tmp_path: Path, autojump_clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with registry(tmp_path) as first:
        bad, good = (first.create("deathmatch", "hall", bots=BotPolicy(population=2)) for _ in "ab")
        mark = await killed_by(first, bad, 40, monkeypatch)
    for expected in ([bad, good], [good]):
        (tmp_path / "at-work").write_bytes(mark)
        async with registry(tmp_path) as again:
            adoption = await again.adopt()
            assert adoption.restored == sorted(expected)
            if bad in expected:
                mark = await killed_by(again, bad, 40, monkeypatch)
                assert again.find(bad).age < 5, "it kills as soon as it is gone on with"
    assert adoption.set_aside == [(bad, "2 processes died while they were at work on it")]


async def killed_by(
    made: MatchRegistry, match_id: str, at_tick: int, monkeypatch: pytest.MonkeyPatch
) -> bytes:
    """Wait until a match ends its process in this tick; the mark that stands then."""
    original, match, marks = game.step, made.find(match_id), []

    def step(world: World, *entered: object) -> object:
        if world is match.world and world.tick >= at_tick and not marks:
            marks.append((made.journals.folder.path / "at-work").read_bytes())
            die(made)
        return original(world, *entered)

    monkeypatch.setattr(game, "step", step)
    while not marks:  # noqa: ASYNC110 - a death is no event
        await trio.sleep(0.01)
    monkeypatch.undo()
    return marks[0]


async def test_a_match_that_was_handed_over_is_blamed_for_nothing_before(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as made:
        match_id = made.create("deathmatch", "hall", bots=BotPolicy(population=2))
        await ticks(made.find(match_id), 20)
        made.journals.folder.count_crash(match_id)
        assert made.hand_over(match_id)
        assert not made.journals.folder.has_crashes(match_id)


async def test_deaths_that_lie_far_apart_are_nobody_s_fault(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as before:
        match_id = before.create("deathmatch", "hall", bots=BotPolicy(population=2))
        await ticks(before.find(match_id), 20)
    for _ in range(3):
        kill_over(tmp_path, match_id)
        async with registry(tmp_path) as again:
            assert (await again.adopt()).restored == [match_id]
            await ticks(again.find(match_id), (HEALTHY_S - 1) * TICKS_PER_SECOND)
            assert again.journals.folder.has_crashes(match_id), "it might still be its fault"
            await ticks(again.find(match_id), 3 * TICKS_PER_SECOND)
            assert not again.journals.folder.has_crashes(match_id)


def kill_over(folder: Path, match_id: str) -> None:
    """Leave the mark of a process that died at work on a match, or on none."""
    (folder / "at-work").write_bytes(mark_of(match_id))


async def test_the_match_at_work_is_known_from_outside(
    tmp_path: Path, autojump_clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    async with registry(tmp_path) as made:
        match_id = made.create("deathmatch", "hall", bots=BotPolicy(population=2))
        original = made.find(match_id).context.rules.step

        def step(*arguments: object) -> object:
            seen.append((tmp_path / "at-work").read_bytes())
            return original(*arguments)

        monkeypatch.setattr(game, "step", step)
        await ticks(made.find(match_id), 10)
        assert (tmp_path / "at-work").read_bytes() == NO_MATCH
    assert set(seen) == {mark_of(match_id)}


@pytest.mark.parametrize("damage", [b"", b"\x00" * 40, b"rubbish"])
async def test_a_damaged_journal_is_set_aside_with_its_reason(
    tmp_path: Path, damage: bytes
) -> None:
    folder = JournalFolder(tmp_path)
    file = folder.create("m1", 0, 0)
    if damage:
        file.write(damage)
    file.close()
    folder.release()
    async with registry(tmp_path) as made:
        adoption = await made.adopt()
        assert not adoption.restored
        assert [match_id for match_id, _ in adoption.set_aside] == ["m1"]
        assert adoption.set_aside[0][1]


async def test_a_match_that_was_handed_over_goes_on_elsewhere(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as before:
        match_id = before.create("deathmatch", "hall", bots=BotPolicy(population=2))
        match = before.find(match_id)
        await ticks(match, 31)
        assert before.hand_over(match_id)
        digest, tick = game.digest(match.world), match.world.tick
        await trio.sleep(1)
        assert list(before.journals.folder.live_segments()) == [match_id], "it is not put away"
        assert not before.hand_over(match_id)
    async with registry(tmp_path) as after:
        await after.adopt()
        match = after.find(match_id)
        assert match.world.tick == tick
        assert game.digest(match.world) == digest


async def test_a_match_whose_files_a_full_disk_holds_back_goes_on_where_it_was(
    tmp_path: Path, autojump_clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with registry(tmp_path) as made:
        match_id = made.create("deathmatch", "hall", bots=BotPolicy(population=2))
        match = made.find(match_id)
        await ticks(match, 31)
        monkeypatch.setattr(os, "write", refuse)
        assert made.hand_over(match_id)
        monkeypatch.undo()
        tick, digest = match.world.tick, game.digest(match.world)
        live = os.listdir(tmp_path / "live")
        assert any(name.endswith(".tail") for name in live), "not all is in the file"
        while made.find(match_id) is not None:  # noqa: ASYNC110 - its task ends by itself
            await trio.sleep(0.01)
        await made.adopt()
        assert made.find(match_id).world.tick == tick
        assert game.digest(made.find(match_id).world) == digest


async def test_the_journal_of_a_round_is_put_away_once_its_result_is_stored(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as made:
        match_id = made.create("deathmatch", "hall", bots=BotPolicy(population=2))
        match = made.find(match_id)
        await ticks(match, 20)
        match._score()
        (result,) = match.results
        made.journals.archiver.result_sent(result)
        match.close(4008, "over")
        await trio.sleep(1)
        assert match_id in made.journals.folder.live_segments(), "its result is not stored yet"
        made.journals.archiver.result_stored(result)
        while made.journals.folder.live_segments():  # noqa: ASYNC110 - a thread compresses it
            await trio.sleep(0.01)
        assert len(list(made.journals.folder.finished.glob("*.skj.gz"))) == 1


async def test_a_match_that_ended_here_is_not_resumed_here(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as made:
        match_id = made.create("deathmatch", "hall", bots=BotPolicy(population=2))
        match = made.find(match_id)
        await ticks(match, 20)
        match._score()
        (result,) = match.results
        made.journals.archiver.result_sent(result)
        match.close(4008, "over")
        await trio.sleep(1)
        assert match_id in made.journals.folder.live_segments(), "its result is not stored yet"
        assert (await made.adopt()).restored == []
    async with registry(tmp_path) as after:
        assert (await after.adopt()).restored == [match_id], "nobody else tells its result"


async def test_a_player_who_connects_during_a_move_has_a_seat_after_it(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as before:
        match_id = before.create("deathmatch", "hall", bots=BotPolicy(population=2))
        match = before.find(match_id)
        await ticks(match, 20)
        ann, _ = enter(match, "ann")
        assert before.hand_over(match_id)
    async with registry(tmp_path) as after:
        await after.adopt()
        match = after.find(match_id)
        assert match.seating.seat_of("ann").resume_nonce == ann.resume_nonce
        await ticks(match, 2)
        assert match.world.players[ann.slot].connected == 0


async def test_a_round_is_scored_once_however_often_its_scoreboard_is_resumed(
    tmp_path: Path, autojump_clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODES, "deathmatch", evolve(MODES["deathmatch"], time_limit_ticks=60))
    digests = set()
    async with registry(tmp_path) as first:
        match_id = first.create("deathmatch", "hall", bots=BotPolicy(population=2))
        while first.find(match_id).world.phase < Phase.SCOREBOARD:
            await ticks(first.find(match_id), 1)
    for _ in range(4):
        async with registry(tmp_path) as again:
            await again.adopt()
            await ticks(again.find(match_id), 4)
            assert again.find(match_id).world.phase == Phase.SCOREBOARD
            (result,) = await again.store.recent_results(10)
            digests.add(result.digest)
    assert len(digests) == 1

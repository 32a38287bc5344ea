"""The state that a planned end leaves to the next process."""

from pathlib import Path

import trio

from game.wire.messages import CloseCode
from tests.server.match.fakes import come_back, enter
from tests.server.match.test_adoption import registry


async def test_a_planned_end_keeps_the_matches_that_somebody_plays_and_ends_the_others(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as before:
        played, left, empty = (before.create("deathmatch", "hall") for _ in "abc")
        ann, handle = enter(before.find(played), "ann")
        await trio.sleep(1)
        match = before.find(left)
        bob, bobs = enter(match, "bob")
        await trio.sleep(0.1)
        match.drop(bob, bobs)  # Bob's seat is kept
        token, tick = ann.resume_nonce, before.find(played).world.tick
        await before.close_all(grace_s=2)
        assert (handle.code, before.statuses()) == (CloseCode.MOVED, [])
        assert before.was_handed_over(played)
        assert not before.was_handed_over(empty)
        before.journals.archiver.archive_rest()
    async with registry(tmp_path) as after:
        assert sorted((await after.adopt()).restored) == sorted([played, left])
        assert not after.was_handed_over(played)
        match = after.find(played)
        assert match.world.tick >= tick
        come_back(match, ann, token)
        assert match.seating.seat_of("ann").slot == ann.slot


async def test_an_end_that_nobody_planned_keeps_them_as_well(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as before:
        match_id = before.create("deathmatch", "hall")
        _, handle = enter(before.find(match_id), "ann")
        await trio.sleep(1)
        before._nursery.cancel_scope.cancel()  # a bug elsewhere in the process, say
        with trio.CancelScope(shield=True):
            await trio.sleep(1)
        assert handle.code == CloseCode.MOVED
    async with registry(tmp_path) as after:
        assert (await after.adopt()).restored == [match_id]


async def test_operators_may_have_matches_ended_instead(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path, keep_on_stop=False) as before:
        _, handle = enter(before.find(before.create("deathmatch", "hall")), "ann")
        await trio.sleep(1)
        await before.close_all(grace_s=0)
        assert handle.code == CloseCode.SHUTDOWN
        before.journals.archiver.archive_rest()
    async with registry(tmp_path) as after:
        assert (await after.adopt()).restored == []


async def test_a_match_whose_journal_was_given_up_ends_with_its_process(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as before:
        match = before.find(before.create("deathmatch", "hall"))
        _, handle = enter(match, "ann")
        await trio.sleep(1)
        match.recorder._give_up("the disk takes nothing")
        await before.close_all(grace_s=0)
        assert handle.code == CloseCode.SHUTDOWN

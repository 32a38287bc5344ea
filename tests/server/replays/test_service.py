"""Viewers get what they ask for, and never disturb anybody else."""

import gzip
import json
from pathlib import Path
from random import Random

import pytest
import trio

from game.journal import JournalWriter, read_journal
from game.wire.match_messages import (
    Marks,
    OpenReplay,
    Ping,
    Pong,
    Refused,
    Roster,
    Seek,
    Speed,
    Timeline,
    Welcome,
)
from game.wire.messages import CloseCode
from server.replays.service import ReplayService
from server.replays.throttle import Throttle
from tests.journals import SECRET
from tests.server.replays.fakes import (
    JOURNAL,
    MATCH,
    ROUND,
    FakeConnection,
    asked,
    download,
    of_a_host,
    payloads_of,
    put,
    service,
)


async def test_a_round_is_shown_at_its_own_pace_from_its_first_tick(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    viewer = FakeConnection(ROUND)
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(0)
        began_s = trio.current_time()
        await viewer.wait_tick(300)
        assert trio.current_time() - began_s == pytest.approx(5, abs=0.1)
        viewer.leave()
    assert viewer.ticks[:3] == [0, 2, 4]
    welcome = viewer.said[0]
    assert (welcome.slot, welcome.map) == (-1, "bastion")
    roster = viewer.last(Roster)
    assert roster is not None
    assert [row.name for row in roster.rows] == ["Ada", "Basil", "Cleo", "Dice"]
    assert viewer.last(Timeline) == Timeline(0, 400, 0, 0)
    assert len(shown.viewers) == 0


async def test_it_is_paused_sped_up_and_slowed_down(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    viewer = FakeConnection(ROUND)
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(20)
        viewer.say(Speed(0))
        await trio.sleep(3)
        stood = viewer.ticks[-1]
        await trio.sleep(3)
        assert viewer.ticks[-1] == stood
        viewer.say(Speed(400))
        began_s = trio.current_time()
        await viewer.wait_tick(stood + 240)
        assert trio.current_time() - began_s == pytest.approx(1, abs=0.1)
        viewer.say(Speed(25))
        began_s, at = trio.current_time(), viewer.ticks[-1]
        await viewer.wait_tick(at + 30)
        assert trio.current_time() - began_s == pytest.approx(2, abs=0.3)
        viewer.leave()


async def test_a_ping_is_answered_while_nothing_moves(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    viewer = FakeConnection(ROUND)
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(2)
        viewer.say(Speed(0))
        viewer.say(Ping(7, 0))
        await trio.sleep(1)
        pong = viewer.last(Pong)
        viewer.leave()
    assert pong is not None
    assert pong.nonce == 7


@pytest.mark.parametrize("tick", [0, 59, 60, 333, 400])
async def test_any_tick_can_be_sought_and_is_shown_as_it_was(
    shown: ReplayService, autojump_clock: trio.testing.MockClock, tick: int
):
    viewer = FakeConnection(ROUND)
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(100)
        viewer.say(Speed(0))
        viewer.say(Seek(tick))
        await viewer.wait_exactly(tick)
        viewer.leave()
    positions = {slot: it.values()[:2] for slot, it in viewer.views[-1].bodies.items()}
    world = shown_world(tick)
    assert positions == {slot: (player.x, player.y) for slot, player in world.players.items()}


def shown_world(tick: int):
    from game.journal import Replay  # noqa: PLC0415

    return Replay(read_journal(MATCH.journal), MATCH.arena).world_at(tick)


async def test_beyond_the_end_is_the_end_and_from_there_one_may_go_back(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    viewer = FakeConnection(ROUND)
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(10)
        viewer.say(Seek(10**6))
        await viewer.wait_exactly(400)
        await trio.sleep(5)
        assert viewer.ticks[-1] == 400
        viewer.say(Seek(30))
        await viewer.wait_exactly(30)
        await viewer.wait_tick(60)
        viewer.leave()


async def test_a_replay_that_cannot_be_played_ends_in_words(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, JOURNAL)
    shown = service(tmp_path, MATCH)
    shown.maps = {}
    viewer = FakeConnection(ROUND)
    viewer.greet()
    await shown.session(viewer)
    refused = viewer.last(Refused)
    assert refused is not None
    assert "there is no map 'bastion' here" in refused.text
    assert viewer.closed is not None
    assert viewer.closed[0] == CloseCode.FAULT
    assert len(shown.viewers) == 0


@pytest.mark.parametrize("seed", range(40))
async def test_any_journal_ends_a_viewer_in_order(
    tmp_path: Path, autojump_clock: trio.testing.MockClock, seed: int
):
    """A foreign journal: its chain is valid, but one payload is changed at random."""
    dice = Random(seed)
    journal, writer = read_journal(JOURNAL), JournalWriter()
    writer.header(journal.header)
    for payload in payloads_of(JOURNAL)[1:]:
        at = dice.randrange(len(payload))
        spoilt = payload[:at] + bytes([dice.randrange(256)]) + payload[at + 1 :]
        writer.copy(spoilt if dice.random() < 0.02 else payload)
    put(tmp_path, writer.take())
    shown = service(tmp_path, MATCH)
    viewer = FakeConnection(ROUND)
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        viewer.say(Speed(800))
        for _ in range(6):
            await trio.sleep(0.3)
            viewer.say(Seek(dice.randrange(400)))
        viewer.leave()
    assert len(shown.viewers) == 0


@pytest.mark.parametrize("path", ["/replay/abc-r0009", "/replay/x", "/replay/live/abc"])
async def test_missing_replays_are_refused_with_a_reason(
    shown: ReplayService, autojump_clock: trio.testing.MockClock, path: str
):
    viewer = FakeConnection(path)
    viewer.greet()
    await shown.session(viewer)
    assert viewer.closed is not None
    assert viewer.closed[0] == CloseCode.MATCH_OVER
    assert viewer.last(Refused) is not None


async def test_first_words_that_are_none_are_refused(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    for said, code in [
        (lambda viewer: viewer.say(Seek(3)), CloseCode.MALFORMED),
        (lambda viewer: viewer.say(OpenReplay(bytes(8))), CloseCode.OUTDATED),
        (lambda viewer: None, CloseCode.IDLE),
    ]:
        viewer = FakeConnection(ROUND)
        said(viewer)
        await shown.session(viewer)
        assert viewer.closed is not None
        assert viewer.closed[0] == code
    assert len(shown.viewers) == 0


async def test_there_are_no_more_viewers_than_the_operator_allows(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, JOURNAL)
    shown = service(tmp_path, MATCH, viewers_max=1)
    first, second = FakeConnection(ROUND), FakeConnection(ROUND)
    async with trio.open_nursery() as nursery:
        await first.watch(shown, nursery)
        await first.wait_tick(2)
        second.greet()
        await shown.session(second)
        first.leave()
    assert second.closed is not None
    assert second.closed[0] == CloseCode.FULL


async def test_a_flood_of_questions_ends_the_connection(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    viewer = FakeConnection(ROUND)
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(2)
        for tick in range(200):
            viewer.say(Seek(tick))
    assert viewer.closed is not None
    assert viewer.closed[0] == CloseCode.FLOOD


async def test_a_running_match_is_shown_from_its_newest_tick_and_backwards(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    half = len(JOURNAL) // 2
    path = put(tmp_path, JOURNAL[:half], live=True)
    shown = service(tmp_path, MATCH)
    viewer = FakeConnection("/replay/live/abc")
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(1)
        newest = viewer.ticks[0]
        assert viewer.last(Timeline) == Timeline(0, newest, 1, 0)
        path.write_bytes(JOURNAL)
        await viewer.wait_tick(400)
        viewer.say(Seek(5))
        await viewer.wait_exactly(5)
        viewer.leave()
    assert newest < 400


async def test_a_running_match_is_shown_with_the_operators_delay(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, JOURNAL, live=True)
    shown = service(tmp_path, MATCH, delay_s=3)
    viewer = FakeConnection("/replay/live/abc")
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(1)
        viewer.say(Seek(400))
        await trio.sleep(10)
        viewer.leave()
    assert max(viewer.ticks) == 400 - 3 * 60
    assert viewer.last(Timeline) == Timeline(0, 220, 1, 3)
    marks = [row for one in viewer.said if isinstance(one, Marks) for row in one.kills]
    assert all(tick <= 220 for tick, *_ in marks)


async def test_with_a_delay_a_round_is_shown_to_its_end_before_the_next_one(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, JOURNAL, live=True)
    shown = service(tmp_path, MATCH, delay_s=3)
    shown.throttle = Throttle(1.0, lambda: 0.0)
    viewer = FakeConnection("/replay/live/abc")
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(220)
        began_s = trio.current_time()
        put(tmp_path, JOURNAL, "abc-r0001-s000", live=True)
        await viewer.wait_tick(400)
        assert trio.current_time() - began_s == pytest.approx(3, abs=0.3)
        await viewer.wait_exactly(220)  # of the next round, which is complete by now
        viewer.leave()
    assert [type(one) for one in viewer.said].count(Welcome) == 2
    first_round = viewer.ticks[: viewer.ticks.index(400)]
    assert first_round == sorted(first_round)


async def test_viewers_of_one_round_share_it_and_each_sees_their_own_part_of_it(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, JOURNAL)
    put(tmp_path, of_a_host(MATCH, match_id="run"), "run-r0000-s000", live=True)
    shown = service(tmp_path, MATCH)
    viewers = [FakeConnection(path) for path in (ROUND, "/replay/live/run") for _ in range(4)]
    async with trio.open_nursery() as nursery:
        for viewer in viewers:
            await viewer.watch(shown, nursery)
        for number, viewer in enumerate(viewers):
            await viewer.wait_tick(0)
            viewer.say(Speed(0))
            viewer.say(Seek(40 * number))
        for number, viewer in enumerate(viewers):
            await viewer.wait_exactly(40 * number)
            world = shown_world(40 * number)
            positions = {slot: it.values()[:2] for slot, it in viewer.views[-1].bodies.items()}
            assert positions == {slot: (it.x, it.y) for slot, it in world.players.items()}
        assert len(shown.sources) == 2
        for viewer in viewers:
            viewer.leave()
    assert len(shown.sources) == 0


async def test_a_private_running_match_is_not_shown(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, of_a_host(MATCH, private=True), live=True)
    viewer = FakeConnection("/replay/live/abc")
    viewer.greet()
    await service(tmp_path, MATCH).session(viewer)
    assert viewer.closed is not None
    assert viewer.closed[0] == CloseCode.MATCH_OVER
    assert viewer.ticks == []


async def test_finished_rounds_are_listed(shown: ReplayService):
    response = await shown.send_list(asked("/replays"))
    rows = json.loads(response.body)
    assert [row["name"] for row in rows] == ["abc-r0000"]
    assert SECRET.encode() not in response.body


async def test_a_download_is_a_whole_public_journal(shown: ReplayService):
    response = await download(shown, "/replays/abc-r0000.skj.gz")
    copy = gzip.decompress(response.body)
    assert SECRET.encode() not in copy
    assert read_journal(copy).last_tick == 400
    for path in ("/replays/abc-r0000", "/replays/abc-r0009.skj.gz", "/replays/../secret.skj.gz"):
        assert (await download(shown, path)).status == 404

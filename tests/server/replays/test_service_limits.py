"""The costs of viewers, lists and downloads, and the viewer who loses a place to others."""

import json
from pathlib import Path

import pytest
import trio
from attrs import evolve

from game.wire.match_messages import Ping, Refused, Seek, Speed
from game.wire.messages import CloseCode, Refusal
from server.budget.costs import REPLAY_LIST
from server.budget.ledger import ArrivalLimits, Ledger, OverBudgetError
from server.budget.settings import BudgetSettings
from server.replays.service import CHECK_EVERY_S, LOST_TEXT, ReplayService
from tests.server.replays.fakes import (
    JOURNAL,
    MATCH,
    ROUND,
    FakeConnection,
    asked,
    download,
    of_a_host,
    put,
    service,
)

LIVE, DOWNLOAD = "/replay/live/run", "/replays/abc-r0000.skj.gz"


def ledger(**settings: int) -> Ledger:
    return Ledger(BudgetSettings(**settings), ArrivalLimits(100, 100, 10), trio.current_time)


def viewer_of(book: Ledger, address: str, path: str) -> FakeConnection:
    """A viewer who is connected from this address."""
    source = book.source(address)
    source.connection_count += 1  # it is not forgotten
    return FakeConnection(path, account=book.open_connection(source))


async def test_lists_and_files_are_made_once_however_often_they_are_asked_for(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    answers = [await shown.send_list(asked("/replays")) for _ in range(50)]
    files = [await download(shown, DOWNLOAD) for _ in range(50)]
    assert shown._cache.made_count == 2
    assert all(answer.body is answers[0].body for answer in answers)
    assert all(file.body is files[0].body for file in files)


async def test_a_round_that_comes_or_goes_changes_the_list_and_the_downloads(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    shown = service(tmp_path, MATCH)
    names = []
    for change in ("nothing", "comes", "goes"):
        if change == "comes":
            path = put(tmp_path, JOURNAL)
        elif change == "goes":
            path.unlink()
        await trio.sleep(CHECK_EVERY_S)
        rows = json.loads((await shown.send_list(asked("/replays"))).body)
        status = (await download(shown, DOWNLOAD)).status
        names.append(([row["name"] for row in rows], status))
    assert names == [([], 404), (["abc-r0000"], 200), ([], 404)]


@pytest.mark.parametrize("percent", [0, 10])
async def test_a_viewer_paused_too_long_is_closed_and_frees_the_place(
    tmp_path: Path, autojump_clock: trio.testing.MockClock, percent: int
):
    put(tmp_path, JOURNAL)
    shown = service(tmp_path, MATCH, idle_s=60.0, viewers_max=1)
    viewer = FakeConnection(ROUND)
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(2)
        viewer.say(Speed(percent))
        await trio.sleep(50)
        viewer.say(Seek(5))
        for _ in range(55):
            await trio.sleep(1)
            viewer.say(Ping(1, 1))
        assert viewer.closed is None
        await trio.sleep(10)
        assert viewer.closed == (
            CloseCode.IDLE,
            "this replay was idle for 60 seconds: open it again to continue",
        )
        assert len(shown.viewers) == 0
        viewer.leave()


async def test_a_viewer_at_the_end_of_a_round_has_as_long_and_one_who_follows_a_match_stays(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, JOURNAL)
    put(tmp_path, of_a_host(MATCH, match_id="run"), "run-r0000-s000", live=True)
    shown = service(tmp_path, MATCH, idle_s=20.0)
    ended, next_source = FakeConnection(ROUND), FakeConnection("/replay/live/run")
    async with trio.open_nursery() as nursery:
        await ended.watch(shown, nursery)
        await next_source.watch(shown, nursery)
        await ended.wait_tick(400)
        await trio.sleep(19)
        assert ended.closed is None
        await trio.sleep(60)
        assert ended.closed is not None
        assert ended.closed[0] == CloseCode.IDLE
        assert next_source.closed is None
        next_source.leave()


async def test_one_address_holds_so_many_places_and_the_others_are_for_others(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    book = ledger(viewers_per_address=2)
    viewers = [viewer_of(book, address, ROUND) for address in ("one", "one", "one", "other")]
    async with trio.open_nursery() as nursery:
        for viewer in viewers:
            await viewer.watch(shown, nursery)
        await trio.sleep(1)
        *ours, other = viewers
        assert other.closed is None
        assert [viewer.closed for viewer in ours if viewer.closed is not None] == [
            (
                CloseCode.FULL,
                "your address is watching too many replays: close one of them first",
            )
        ]
        for viewer in viewers:
            viewer.leave()
    assert not any(book.source(address).held for address in ("one", "other"))


@pytest.mark.parametrize("path", [ROUND, LIVE])
async def test_two_addresses_that_hold_all_places_lose_them_to_people_who_have_none(
    tmp_path: Path, autojump_clock: trio.testing.MockClock, path: str
):
    put(tmp_path, JOURNAL)
    put(tmp_path, of_a_host(MATCH, match_id="run"), "run-r0000-s000", live=True)
    shown, book = service(tmp_path, MATCH, viewers_max=4, watchers_max=4), ledger()

    addresses = ("first", "first", "second", "second", "third", "fourth", "fifth")
    viewers = [viewer_of(book, address, path) for address in addresses]
    async with trio.open_nursery() as nursery:
        for each in viewers:
            await each.watch(shown, nursery)
            await trio.sleep(1)
        closes = [each.closed for each in viewers]
        lost = (CloseCode.FULL, LOST_TEXT)
        full = (CloseCode.FULL, "too many people watch: try again later")
        assert closes == [lost, None, lost, None, None, None, full]
        assert viewers[0].last(Refused) == Refused(Refusal.BUSY, LOST_TEXT)
        assert sum(book.source(each).held.total() for each in ("first", "second")) == 2
        for each in viewers:
            each.leave()
    assert len(shown.viewers) == len(shown.watchers) == 0
    assert not any(book.source(each).held for each in addresses)


async def test_replays_leave_the_places_of_running_matches_alone(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, JOURNAL)
    put(tmp_path, of_a_host(MATCH, match_id="run"), "run-r0000-s000", live=True)
    shown = service(tmp_path, MATCH, viewers_max=1, watchers_max=1)
    viewer, watcher = FakeConnection(ROUND), FakeConnection(LIVE)
    async with trio.open_nursery() as nursery:
        for each in (viewer, watcher):
            await each.watch(shown, nursery)
            await each.wait_tick(0)
        assert (len(shown.viewers), len(shown.watchers)) == (1, 1)
        viewer.leave()
        watcher.leave()


async def test_one_address_watches_so_many_matches_and_has_its_replays_beside_them(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, JOURNAL)
    put(tmp_path, of_a_host(MATCH, match_id="run"), "run-r0000-s000", live=True)
    shown, book = service(tmp_path, MATCH), ledger(watchers_per_address=2, viewers_per_address=1)
    viewers = [viewer_of(book, "one", path) for path in (LIVE, LIVE, LIVE, ROUND, ROUND)]
    async with trio.open_nursery() as nursery:
        for each in viewers:
            await each.watch(shown, nursery)
            await trio.sleep(1)
        words = [each.closed and each.closed[1] for each in viewers]
        enough = "your address is watching too many {}: close one of them first"
        assert words == [
            *(None, None, enough.format("matches")),
            *(None, enough.format("replays")),
        ]
        for each in viewers:
            each.leave()


async def test_lists_and_downloads_are_paid_for_and_one_address_holds_few_at_once(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    book = ledger(downloads_per_address=1)
    account = book.open_connection(book.source("one"))
    requests = [asked(DOWNLOAD, account) for _ in range(4)]
    statuses = [(await shown.download(request)).status for request in requests[:3]]
    assert statuses == [200, 429, 429], "the first is still being sent"
    requests[0].at_end.close()
    assert (await shown.download(requests[3])).status == 200
    requests[3].at_end.close()
    while account.spend(REPLAY_LIST):
        pass
    with pytest.raises(OverBudgetError):
        await shown.send_list(asked("/replays", account))
    assert account.source.held.total() == 0
    assert len(shown.downloads) == 0


async def test_two_addresses_that_read_slowly_lose_downloads_to_people_who_have_none(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, JOURNAL)
    shown, book, hung_up = service(tmp_path, MATCH, downloads_max=4), ledger(), []
    requests = []
    for number, address in enumerate(("first", "first", "second", "second", "a", "b", "c")):
        viewer = viewer_of(book, address, ROUND)
        request = evolve(
            asked(DOWNLOAD, viewer.account), hang_up=lambda number=number: hung_up.append(number)
        )
        requests.append((request, await shown.download(request)))
    assert [answer.status for _, answer in requests] == [200] * 6 + [503]
    assert dict(requests[-1][1].headers)["retry-after"] == "5"
    assert hung_up == [0, 2]
    for request, _ in requests:
        request.at_end.close()
    assert len(shown.downloads) == 0


async def test_a_viewer_over_budget_is_disconnected(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    book = ledger(connection_burst_ms=10, connection_ms_per_s=1)
    viewer = FakeConnection(ROUND, account=book.open_connection(None))
    async with trio.open_nursery() as nursery:
        await viewer.watch(shown, nursery)
        await viewer.wait_tick(2)
        for tick in range(40):
            viewer.say(Seek(tick))
        await trio.sleep(5)
    assert viewer.closed is not None
    assert viewer.closed[0] == CloseCode.FLOOD

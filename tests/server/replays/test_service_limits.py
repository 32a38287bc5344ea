"""What viewers, lists and downloads cost, and whose place goes to others."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import trio

from game.wire.messages import CloseCode
from server.budget.costs import REPLAY_LIST
from server.budget.ledger import Account, ArrivalLimits, Ledger, OverBudgetError
from server.budget.settings import BudgetSettings
from server.net.responses import Request
from server.replays.pacer import Pacer
from server.replays.service import LOOK_EVERY_S, ReplayService
from tests.journals import played
from tests.server.replays.shows import FakeConnection, of_a_host, put, service

MATCH = played(400, 4)
JOURNAL = of_a_host(MATCH)


@pytest.fixture
def shown(tmp_path: Path) -> ReplayService:
    """One round to be watched; work takes none of the virtual time."""
    put(tmp_path, JOURNAL)
    shown = service(tmp_path, MATCH)
    shown.pacer = Pacer(1.0, lambda: 0.0)
    return shown


async def begin(shown: ReplayService, connection: FakeConnection, nursery: trio.Nursery) -> None:
    connection.greet()
    nursery.start_soon(shown.session, connection)


def asked(path: str, account: Account | None = None) -> Request:
    return Request(SimpleNamespace(path=path), "somebody", account)  # type: ignore[arg-type]


def ledger(**settings: int) -> Ledger:
    return Ledger(BudgetSettings(**settings), ArrivalLimits(100, 100, 10), trio.current_time)


async def test_lists_and_files_are_made_once_however_often_they_are_asked_for(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    answers = [await shown.show_list(asked("/replays")) for _ in range(50)]
    files = [await shown.download(asked("/replays/abc-r0000.skj.gz")) for _ in range(50)]
    assert shown._shelf.made_count == 2
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
        await trio.sleep(LOOK_EVERY_S)
        rows = json.loads((await shown.show_list(asked("/replays"))).body)
        status = (await shown.download(asked("/replays/abc-r0000.skj.gz"))).status
        names.append(([row["name"] for row in rows], status))
    assert names == [([], 404), (["abc-r0000"], 200), ([], 404)]


@pytest.mark.parametrize("percent", [0, 10])
async def test_a_viewer_who_pauses_for_too_long_is_told_and_gives_the_place_to_others(
    tmp_path: Path, autojump_clock: trio.testing.MockClock, percent: int
):
    put(tmp_path, JOURNAL)
    shown = service(tmp_path, MATCH, idle_s=60.0, viewers_max=1)
    viewer = FakeConnection("/replay/abc-r0000")
    async with trio.open_nursery() as nursery:
        await begin(shown, viewer, nursery)
        await viewer.wait_tick(2)
        viewer.say("pace", percent)
        await trio.sleep(50)
        viewer.say("seek", 5)
        for _ in range(55):
            await trio.sleep(1)
            viewer.say("ping", 1, 1)
        assert viewer.closed is None
        await trio.sleep(10)
        assert viewer.closed == (
            CloseCode.IDLE,
            "this replay stood still for 60 seconds: open it again to go on",
        )
        assert shown.viewers == 0
        viewer.leave()


async def test_a_viewer_at_the_end_of_a_round_has_as_long_and_one_who_follows_a_match_stays(
    tmp_path: Path, autojump_clock: trio.testing.MockClock
):
    put(tmp_path, JOURNAL)
    put(tmp_path, of_a_host(MATCH, match_id="run"), "run-r0000-s000", live=True)
    shown = service(tmp_path, MATCH, idle_s=20.0)
    ended, following = FakeConnection("/replay/abc-r0000"), FakeConnection("/replay/live/run")
    async with trio.open_nursery() as nursery:
        await begin(shown, ended, nursery)
        await begin(shown, following, nursery)
        await ended.wait_tick(400)
        await trio.sleep(19)
        assert ended.closed is None
        await trio.sleep(60)
        assert ended.closed is not None
        assert ended.closed[0] == CloseCode.IDLE
        assert following.closed is None
        following.leave()


async def test_one_address_holds_so_many_places_and_the_others_are_for_others(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    book = ledger(viewers_per_address=2)
    viewers = [
        FakeConnection("/replay/abc-r0000", account=book.open_connection(book.source(address)))
        for address in ("one", "one", "one", "other")
    ]
    async with trio.open_nursery() as nursery:
        for viewer in viewers:
            await begin(shown, viewer, nursery)
        await trio.sleep(1)
        *ours, other = viewers
        assert other.closed is None
        assert [viewer.closed for viewer in ours if viewer.closed is not None] == [
            (
                CloseCode.FULL,
                "enough replays are watched from your address: close one of them first",
            )
        ]
        for viewer in viewers:
            viewer.leave()
    assert not any(book.source(address).held for address in ("one", "other"))


async def test_lists_and_downloads_are_paid_for_and_one_address_waits_for_few_at_once(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    book = ledger(downloads_per_address=1)
    account = book.open_connection(book.source("one"))
    path, statuses = "/replays/abc-r0000.skj.gz", []

    async def download() -> None:
        statuses.append((await shown.download(asked(path, account))).status)

    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(download)
    assert sorted(statuses) == [200, 429, 429]
    while account.spend(REPLAY_LIST):
        pass
    with pytest.raises(OverBudgetError):
        await shown.show_list(asked("/replays", account))
    assert account.source.held.total() == 0


async def test_a_viewer_who_asks_for_more_than_their_budget_is_parted_from(
    shown: ReplayService, autojump_clock: trio.testing.MockClock
):
    book = ledger(connection_burst_ms=10, connection_ms_per_s=1)
    viewer = FakeConnection("/replay/abc-r0000", account=book.open_connection(None))
    async with trio.open_nursery() as nursery:
        await begin(shown, viewer, nursery)
        await viewer.wait_tick(2)
        for tick in range(40):
            viewer.say("seek", tick)
        await trio.sleep(5)
    assert viewer.closed is not None
    assert viewer.closed[0] == CloseCode.FLOOD

"""What viewers, lists and downloads cost, and whose place goes to others."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import trio

from game.wire.messages import CloseCode
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


def asked(path: str) -> Request:
    return Request(SimpleNamespace(path=path), "somebody")  # type: ignore[arg-type]


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

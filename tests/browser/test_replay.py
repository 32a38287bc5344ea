"""Replays in a real browser: a finished match watched with keys and by touch, a running one that
is rewound, and one that is shown with a delay.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import attrs
import pytest
import trio

from game.journal import Replay, read_journal
from server.replays.service import PUBLIC_DELAY_S
from server.store.base import PlayerResult
from server.store.sqlite import open_sqlite
from tests.browser.conftest import running_server
from tests.browser.player import Player
from tests.journals import NAMES, played
from tests.server.replays.fakes import of_a_host, put, result_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TICKS, DELAY_S = 1_500, 12
DESK, PHONE = (1000, 620), (390, 780)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server's data folder with a finished match."""
    folder = tmp_path_factory.mktemp("data")
    match = played(TICKS, 8, seed=5, map_name="foundry")
    put(folder / "journals", of_a_host(match))
    world = Replay(read_journal(match.journal), match.arena).world_at(TICKS)
    players = tuple(
        PlayerResult(p.slot, "", NAMES[p.slot], True, p.score, p.kills, p.deaths)
        for p in sorted(world.players.values(), key=lambda p: -p.score)
    )
    result = attrs.evolve(result_of(), map_name="foundry", players=players)

    async def store() -> None:
        database = await open_sqlite(folder / "skirmish.sqlite3")
        await database.record_result(result)
        await database.aclose()

    trio.run(store)
    with closing(sqlite3.connect(folder / "skirmish.sqlite3")) as check:
        assert check.execute("select count(*) from results").fetchone() == (1,)
    return folder


@pytest.fixture(scope="module", params=[0, DELAY_S])
def delay_s(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture(scope="module")
def server_url(
    tmp_path_factory: pytest.TempPathFactory, data_dir: Path, delay_s: int
) -> Iterator[str]:
    """A server with that folder."""
    log_path = tmp_path_factory.mktemp("server") / "log.jsonl"
    flags = ["--store.data_dir", str(data_dir), "--match.watch_delay_s", str(delay_s)]
    with running_server(log_path, *flags) as url:
        yield url
    errors = [line for line in log_path.read_text().splitlines() if '"level": "error"' in line]
    assert not errors, "\n".join(errors)


def watch_foundry(player: Player) -> None:
    player.click("Watch the replay of Foundry")
    player.wait("state.screen === 'replay' && state.replay?.tick > 30")


def test_a_finished_match_is_watched_with_keys(make_player):
    viewer: Player = make_player(size=DESK)
    watch_foundry(viewer)
    state = viewer.state()
    assert state["replay"]["lastTick"] == TICKS
    assert state["replay"]["following"] == "Ada"
    assert len(state["players"]) == 8
    tick = state["replay"]["tick"]
    viewer.page.keyboard.press("ArrowRight")
    viewer.wait(f"state.replay.tick > {tick} + 250")
    viewer.page.keyboard.press("Space")
    viewer.wait("state.replay.percent === 0")
    viewer.page.keyboard.press("f")
    viewer.wait("state.replay.following === 'Basil'")
    viewer.page.keyboard.press("Home")
    viewer.wait("state.replay.tick === 0")
    viewer.page.keyboard.press("ArrowUp")
    viewer.wait("state.replay.percent === 200 && state.replay.tick > 60")
    viewer.page.locator(".replay-mark").last.click()
    viewer.wait("state.replay.tick > 300")
    viewer.page.keyboard.press("End")
    viewer.wait(f"state.replay.tick === {TICKS}")
    viewer.page.keyboard.press("Escape")
    viewer.wait("state.screen === 'start' && state.replay === null")


def test_a_phone_drags_the_map_and_taps_the_tools(make_player):
    viewer: Player = make_player("/?replay=abc-r0000", PHONE, is_phone=True)
    viewer.wait("state.screen === 'replay' && state.replay?.tick > 10")
    for name in ("Pause", "The next kill", "Free camera", "Close the replay"):
        box = viewer.page.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE[0]
        assert box["y"] + box["height"] <= PHONE[1]
    viewer.page.mouse.move(200, 300)
    viewer.page.mouse.down()
    viewer.page.mouse.move(120, 340, steps=4)
    viewer.page.mouse.up()
    viewer.wait("state.replay.isFree")
    viewer.page.get_by_role("button", name="Pause", exact=True).tap()
    viewer.wait("state.replay.percent === 0")
    viewer.page.get_by_role("button", name="The next kill", exact=True).tap()
    viewer.wait("state.replay.tick > 120")
    viewer.page.get_by_role("button", name="Close the replay", exact=True).tap()
    viewer.wait("state.screen === 'start'")


def test_a_spectator_goes_back_in_a_running_match(make_player, delay_s: int):
    player: Player = make_player()
    player.press_play()
    viewer: Player = make_player(size=DESK)
    viewer.wait("state.lobby === 'online'")
    viewer.page.get_by_role("button", name="Watch", exact=False).first.click()
    if delay_s == 0:
        viewer.wait("state.screen === 'match' && state.watching")
        viewer.click("Go back in this match")
    viewer.wait("state.replay?.isLive", timeout_ms=40_000)
    live_delay_s = max(delay_s, PUBLIC_DELAY_S)
    player.wait(f"state.tick > {(live_delay_s + 2) * 60}", timeout_ms=40_000)
    viewer.wait("state.replay.lastTick > 60")
    assert viewer.state()["replay"]["lastTick"] <= player.state()["tick"] - 60 * live_delay_s + 30
    viewer.page.keyboard.press("Home")
    viewer.wait("state.replay.tick < 60")
    viewer.page.locator(".replay-live").click()
    viewer.wait("state.replay.tick > state.replay.lastTick - 120")
    viewer.page.keyboard.press("Escape")
    viewer.wait("state.screen === 'start'")
    assert player.state()["connection"] == "online"

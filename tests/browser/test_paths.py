"""The page below a path of a proxy: everything it requests is relative to that path."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import running_server
from tests.browser.proxy import Proxy, Setup, proxied

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def under_path(server_url: str) -> Iterator[Proxy]:
    """A proxy with `location /game/ { proxy_pass http://server/; }`."""
    with proxied(server_url, Setup(path="/game/")) as proxy:
        yield proxy


def test_a_page_under_a_path_plays_reloads_into_its_seat_and_asks_for_nothing_outside(
    make_player, under_path
):
    player = make_player(url=under_path.url)
    asked: list[str] = []
    player.page.on("request", lambda request: asked.append(request.url))
    player.page.on("websocket", lambda socket: asked.append(socket.url))
    seat = player.press_play()
    player.page.reload()
    again = player.wait("state.connection === 'online' && state.alive")
    assert (again["match"], again["slot"]) == (seat["match"], seat["slot"])
    root = under_path.url.split("://")[1] + "/"
    outside = [url for url in asked if not url.split("://")[1].startswith(root)]
    assert outside == []
    assert any("/game/match/" in url for url in asked)


def test_a_link_to_a_room_leads_back_under_the_path(make_player, under_path):
    owner = make_player(url=under_path.url)
    code = owner.create_room()
    guest = make_player(f"/?room={code}", url=under_path.url)
    assert guest.wait("state.screen === 'room'")["room"] == code


def test_a_link_to_a_replay_asks_for_it_under_the_path(make_player, tmp_path):
    flags = ("--store.data_dir", str(tmp_path / "data"))
    with (
        running_server(tmp_path / "log.jsonl", *flags) as url,
        proxied(url, Setup(path="/game/")) as proxy,
    ):
        player = make_player("/?replay=no-such-replay", url=proxy.url)
        state = player.wait("state.error !== '' && state.screen === 'start'")
        assert state["error"] == "There is no such replay."
        player.close()

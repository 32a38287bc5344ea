"""The page below a path of each proxy of `deploy/`: with TLS, and through a reload of the proxy."""

import pytest

from tests.deploy.proxies import PROXIES, paths_of, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("kind", PROXIES)
def test_a_page_plays_through_a_reload_of_its_proxy(make_player, tmp_path, kind):
    site = kind(tmp_path, 0).below_a_path(paths_of(kind)[0].text)
    with serving(kind, tmp_path, site, "--lobby.bot_fill_after_s 0.1") as (_, proxy):
        player = make_player("/game/", url=proxy.url)
        seat = player.press_play()
        proxy.reload()
        player.hold("w")
        player.wait_ticks(240)
        state = player.wait("state.connection === 'online'")
        assert (state["match"], state["slot"]) == (seat["match"], seat["slot"])
        player.close()

"""The page over TLS: everything it opens is encrypted, in one process and with workers."""

import pytest

from tests.browser.conftest import running_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_page_plays_and_returns_to_its_seat_over_tls(make_player, tmp_path, workers):
    flags = ("--store.data_dir", str(tmp_path / "data"), "--workers", workers, "--tls-self-signed")
    with running_server(tmp_path / "log.jsonl", *flags) as url:
        assert url.startswith("https://")
        player = make_player(url=url)
        opened: list[str] = []
        player.page.on("websocket", lambda socket: opened.append(socket.url))
        seat = player.press_play()
        player.page.reload()
        again = player.wait("state.connection === 'online' && state.alive")
        assert (again["match"], again["slot"]) == (seat["match"], seat["slot"])
        assert any("/match/" in address for address in opened)
        assert all(address.startswith("wss://") for address in opened)
        player.close()

"""Addresses of servers as people type or copy them, and the URLs made from them."""

import pytest

from clients.net.address import Address
from clients.net.errors import ClientError


@pytest.mark.parametrize(
    ("url", "lobby"),
    [
        ("http://127.0.0.1:8000", "ws://127.0.0.1:8000/lobby"),
        ("http://127.0.0.1:8000/", "ws://127.0.0.1:8000/lobby"),
        ("https://play.example", "wss://play.example:443/lobby"),
        ("https://play.example/game/", "wss://play.example:443/game/lobby"),
        ("https://play.example/game", "wss://play.example:443/game/lobby"),
        ("https://play.example/a/b//", "wss://play.example:443/a/b/lobby"),
        ("https://play.example/game/?room=ABCDEF#x", "wss://play.example:443/game/lobby"),
        ("https://play.example/game/index.html", "wss://play.example:443/game/lobby"),
        ("https://play.example/my game/", "wss://play.example:443/my%20game/lobby"),
        ("https://play.example/my%20game/", "wss://play.example:443/my%20game/lobby"),
        ("ws://[::1]:9000/game", "ws://[::1]:9000/game/lobby"),
    ],
)
def test_sockets_are_below_the_path_of_the_page(url: str, lobby: str) -> None:
    assert Address.parse(url).websocket("/lobby") == lobby


def test_files_are_below_it_too() -> None:
    address = Address.parse("https://play.example/game/")
    assert address.http("/maps/foundry.tmj") == "https://play.example:443/game/maps/foundry.tmj"


@pytest.mark.parametrize("url", ["", "play.example", "ftp://play.example", "http://", "http://a:b"])
def test_an_invalid_address_is_reported(url: str) -> None:
    with pytest.raises(ClientError, match="is not an address"):
        Address.parse(url)

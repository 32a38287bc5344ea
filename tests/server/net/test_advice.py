"""A refusal caused by a proxy names the proxy and the setting, but repeats no client's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.net.advice import advice
from tests.server.net.heads import head_of

PROXY = "10.0.0.2"


def test_an_upgrade_that_was_taken_away_is_the_proxys_doing():
    told = advice(head_of("/lobby", host="x", x_forwarded_for="192.0.2.7"), 426, PROXY)
    assert told["proxy"] == PROXY
    assert "proxy_set_header Upgrade $http_upgrade" in told["advice"]


def test_so_is_a_connection_header_that_was():
    told = advice(head_of("/lobby", host="x", upgrade="websocket", via="1.1 p"), 400, PROXY)
    assert "forward Upgrade and Connection" in told["advice"]


def test_a_wrong_origin_names_the_setting_and_the_value():
    head = head_of("/lobby", host="backend:8000", origin="https://Play.example:443")
    told = advice(head, 403, PROXY)["advice"]
    assert 'net.allowed_origins = ["https://play.example"]' in told
    assert "proxy_set_header Host $http_host" in told


@pytest.mark.parametrize("path", ["/game/lobby", "/game/match/abc", "/game/replay/live/abc"])
def test_a_path_that_was_left_in_names_the_setting_and_the_value(path: str):
    assert 'net.base_path = "/game"' in advice(head_of(path, host="x"), 404, PROXY)["advice"]


@pytest.mark.parametrize("path", ["/lobby", "/nothing", "/game/nothing", "/a b/lobby"])
def test_other_paths_are_nobodys_setting(path: str):
    assert advice(head_of(path.replace(" ", "%20"), host="x"), 404, PROXY) == {}


def test_without_signs_of_a_proxy_none_is_named():
    assert "proxy" not in advice(head_of("/lobby", host="x"), 426, PROXY)


@pytest.mark.parametrize("status", [405, 421, 429, 431, 503])
def test_other_refusals_say_it_all_in_their_reason(status: int):
    head = head_of("/lobby", host="x", connection="upgrade", upgrade="websocket")
    assert advice(head, status, PROXY) == {}


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f")),
    st.sampled_from([400, 403, 404, 426]),
)
def test_foreign_text_enters_it_only_as_a_valid_setting(origin: str, status: int):
    head = head_of("/lobby", host="x", origin=f"x{origin}".strip())
    told = advice(head, status, PROXY).get("advice", "")
    assert told.isprintable()
    assert told.isascii()
    assert len(told) < 400

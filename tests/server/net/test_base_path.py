"""The base path of a proxy that does not strip it: it is stripped, and nothing else is."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from server.net.base_path import base_path, below
from server.net.head import parse_head
from server.net.settings import NetSettings
from tests.server.net.server import QUICK, running

SEGMENTS = st.lists(st.from_regex(r"[a-z0-9][a-z0-9._~-]{0,7}", fullmatch=True), min_size=1)


@given(SEGMENTS, st.text("/", max_size=2), st.text("/", max_size=2))
def test_slashes_around_a_base_make_no_difference(segments: list[str], before: str, after: str):
    plain = "/".join(segments)
    assert base_path(f"{before}{plain}{after}") == f"/{plain}"


@pytest.mark.parametrize("text", ["", "/", " / ", "//"])
def test_the_root_is_no_base(text: str):
    assert base_path(text) == ""


@pytest.mark.parametrize(
    "text", ["https://play.example/game", "/a b", "/game?x", "/a/../b", "/jeu%20", "/é", "/a#b"]
)
def test_a_base_that_no_request_could_begin_with_is_refused(text: str):
    with pytest.raises(ValueError, match="/game"):
        base_path(text)


@given(SEGMENTS, st.sampled_from(["/", "/healthz", "/match/1?a=/b", "/maps/a%20b.tmj"]))
def test_with_the_base_and_without_it_a_request_means_the_same(segments: list[str], target: str):
    base = base_path("/".join(segments))
    assert below(base, base + target) == target
    assert below(base, target) == target or target.startswith(base)


@pytest.mark.parametrize("target", ["/gamer", "/games/healthz", "/other/game/healthz", "/"])
def test_paths_that_only_resemble_the_base_stay(target: str):
    assert below("/game", target) == target


def test_a_head_has_the_path_below_the_base():
    raw = b"GET /game/match/7?a=1 HTTP/1.1\r\nhost: x\r\n\r\n"
    head, _ = parse_head(raw, NetSettings(base_path="/game"))
    assert (head.path, head.query) == ("/match/7", "a=1")
    assert head.raw == raw, "another process reads it anew"


async def test_sockets_and_answers_are_below_the_base_and_beside_it():
    async with running(evolve(QUICK, base_path="/game")) as server:
        await server.upgraded("/game/echo")
        await server.upgraded("/echo")
        client = await server.dial()
        for path in (b"/game/healthz", b"/healthz"):
            await client.send(b"GET %s HTTP/1.1\r\nhost: x\r\n\r\n" % path)
            assert b" 200 " in await client.head()
            await client.exactly(len('{"status": "ok"}'))


async def test_the_base_without_its_slash_leads_to_the_page():
    async with running(evolve(QUICK, base_path="/game")) as server:
        client = await server.dial()
        await client.send(b"GET /game?room=ABC HTTP/1.1\r\nhost: x\r\n\r\n")
        head = (await client.head()).lower()
        assert b" 308 " in head
        assert b"location: /game/?room=abc" in head

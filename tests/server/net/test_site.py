"""The route that answers: the one with the whole path, else the one whose path is a prefix."""

import pytest

from server.net.head import RequestError, parse_head
from server.net.http import Site
from server.net.responses import Request, Response, text
from server.net.settings import NetSettings
from server.net.static import load_static


def request(path: str) -> Request:
    raw = f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode()
    return Request(parse_head(raw, NetSettings())[0], "somebody")


async def answered(path: str) -> str:
    def named(name: str):
        async def route(_request: Request) -> Response:
            return text(200, name)

        return route

    routes = {"/replays": named("list"), "/replays/": named("one"), "/": named("never")}
    site = Site(routes, load_static(None), NetSettings())
    return (await site.answer(request(path))).body.decode()


@pytest.mark.parametrize(
    ("path", "name"), [("/replays", "list"), ("/replays/a.gz", "one"), ("/replays/", "one")]
)
async def test_a_path_that_ends_in_a_slash_is_a_prefix(path: str, name: str):
    assert name in await answered(path)


@pytest.mark.parametrize("path", ["/replays/a/b", "/other", "/replay"])
async def test_a_prefix_is_of_one_folder_only_and_never_the_root(path: str):
    with pytest.raises(RequestError, match="there is nothing here"):
        await answered(path)

"""`skirmish check` finds what each proxy does wrong, with a real server behind it."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
import trio
from attrs import evolve

from clients.check import cli
from clients.check.steps import check
from clients.net import fetch_map, play
from clients.net.address import Address
from server.app import running_app
from server.config.settings import ListenSettings, LobbySettings, Settings, StoreSettings

SETTINGS = Settings(net=ListenSettings(port=0), store=StoreSettings(data_dir=""))
PATIENCE_S = 30.0

Change = Callable[[bytes], bytes]


def as_it_is(head: bytes) -> bytes:
    return head


def without_upgrade(head: bytes) -> bytes:
    """Change a head like a proxy that is not configured for WebSockets (RFC 9110, 7.6.1)."""
    return re.sub(rb"(?im)^(upgrade|connection):.*\r\n", b"", head)


def with_another_host(head: bytes) -> bytes:
    return re.sub(rb"(?im)^host:.*\r\n", b"Host: backend:8000\r\n", head)


def without_path(head: bytes) -> bytes:
    return head.replace(b" /game/", b" /", 1)


@asynccontextmanager
async def proxy(port: int, change: Change) -> AsyncIterator[int]:
    """Run a proxy for a port that applies `change` to each connection's head."""

    async def carry(stream: trio.SocketStream) -> None:
        head = bytes(await stream.receive_some(65_536))
        async with await trio.open_tcp_stream("127.0.0.1", port) as behind:
            await behind.send_all(change(head))
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_pour, stream, behind)
                await _pour(behind, stream)
                nursery.cancel_scope.cancel()

    async with trio.open_nursery() as nursery:
        serve = partial(trio.serve_tcp, carry, 0, host="127.0.0.1")
        listeners = await nursery.start(serve)
        yield listeners[0].socket.getsockname()[1]
        nursery.cancel_scope.cancel()


async def _pour(source: trio.SocketStream, target: trio.SocketStream) -> None:
    try:
        async for content in source:
            await target.send_all(content)
        await target.send_eof()
    except (trio.BrokenResourceError, trio.ClosedResourceError):
        pass


async def checked(change: Change, path: str = "/", base_path: str = "") -> tuple[bool, list[str]]:
    """Whether everything is well, and the lines about what is not."""
    lines: list[str] = []

    def say(is_well: bool, words: str) -> None:
        if not is_well:
            lines.append(words)

    settings = evolve(SETTINGS, net=evolve(SETTINGS.net, base_path=base_path))
    with trio.fail_after(PATIENCE_S):
        async with running_app(settings) as app, proxy(app.port, change) as port:
            address = Address.parse(f"http://127.0.0.1:{port}{path}")
            return await check(address, 0.0, say), lines


async def test_a_proxy_that_changes_nothing_is_no_trouble():
    assert await checked(as_it_is) == (True, [])


async def test_a_proxy_that_takes_the_path_off_is_no_trouble():
    assert await checked(without_path, "/game/") == (True, [])


async def test_a_proxy_that_leaves_the_path_in_is_none_with_the_setting():
    assert await checked(as_it_is, "/game/", "/game") == (True, [])


async def test_a_proxy_that_leaves_the_path_in_is_named_without_the_setting():
    is_well, lines = await checked(as_it_is, "/game/")
    assert not is_well
    assert 'net.base_path = "/game"' in lines[0]


async def test_a_proxy_that_takes_upgrades_away_is_named():
    is_well, lines = await checked(without_upgrade)
    assert not is_well
    assert lines
    assert all("drops the Upgrade header" in line for line in lines)


async def test_a_proxy_that_changes_the_host_is_named():
    """Only a page's request is refused for that, so only such a request finds it."""
    is_well, lines = await checked(with_another_host)
    assert not is_well
    assert len(lines) == 1
    assert "proxy_set_header Host $http_host" in lines[0]
    assert "net.allowed_origins" in lines[0]


@pytest.mark.parametrize(("change", "base_path"), [(without_path, ""), (as_it_is, "/game")])
async def test_below_a_path_a_bot_gets_a_seat_a_sight_and_the_map(change: Change, base_path: str):
    net = evolve(SETTINGS.net, base_path=base_path)
    settings = evolve(SETTINGS, net=net, lobby=LobbySettings(bot_fill_after_s=0.05))
    with trio.fail_after(PATIENCE_S):
        async with running_app(settings) as app, proxy(app.port, change) as port:
            url = f"http://127.0.0.1:{port}/game/"
            async with play(url) as match:
                await anext(match)
                welcome = match.replica.welcome
                assert welcome is not None
                arena = await fetch_map(Address.parse(url), welcome.map, welcome.map_digest)
    assert arena.name == welcome.map


def test_nobody_there_is_a_line_and_the_status(capsys: pytest.CaptureFixture[str]):
    parser = cli.argparse.ArgumentParser()
    cli.add_arguments(parser)
    assert cli.run(parser.parse_args(["127.0.0.1:1"])) == 1
    assert capsys.readouterr().out.startswith("FAILED  nothing listens at 127.0.0.1:1")
    assert cli.run(parser.parse_args(["ftp://x"])) == 2

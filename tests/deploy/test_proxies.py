"""The sites of `deploy/`, and what OPERATIONS says about paths, in real proxies before a server."""

import re
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest
import trio

from clients.net import Input, MatchClient, play
from tests.deploy.proxies import (
    CERTIFICATE,
    PATIENCE_S,
    PROXIES,
    ByteHaproxy,
    Haproxy,
    Nginx,
    Proxy,
    paths_of,
    serving,
)
from tests.docs.pages import ROOT
from tests.docs.workshop import Workshop
from tests.integration.servers import Server, until
from tests.server.net.frame_strategies import frame
from tests.server.net.server import Client, upgrade_head

pytestmark = pytest.mark.slow

BELOW_A_PATH = [
    pytest.param(kind, block.text, id=f"{kind.name}-{block}")
    for kind in PROXIES
    for block in paths_of(kind)
]
KEEPS_THE_PATH = ("http://skirmish;", "handle /game")  # the server has to know it
PLAYERS = 6
FORWARD = Input(1, 0, 0)


def checked(workshop: Workshop, url: str) -> str:
    """The output of `skirmish check`, once the proxy listens and has found its server."""
    environment = {**workshop.environment(), "SSL_CERT_FILE": str(CERTIFICATE)}
    environment["PYTHONPATH"] = str(ROOT)
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        done = subprocess.run(
            [sys.executable, "-m", "server.cli", "check", url],
            cwd=workshop.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if "nothing listens" not in done.stdout or time.monotonic() > deadline_s:
            return f"{done.stdout}{done.stderr}status {done.returncode}"


def shipped(kind: type[Proxy], folder: Path) -> str:
    return kind(folder, 0).site


@pytest.mark.parametrize("kind", PROXIES)
def test_players_get_through_the_site_as_it_is(tmp_path: Path, kind: type[Proxy]) -> None:
    with serving(kind, tmp_path) as (workshop, proxy):
        said = checked(workshop, proxy.url)
    assert said.endswith("status 0"), said


@pytest.mark.parametrize(("kind", "location"), BELOW_A_PATH)
def test_players_get_through_below_a_path(tmp_path: Path, kind: type[Proxy], location: str) -> None:
    site = kind(tmp_path, 0).below_a_path(location)
    keeps = any(each in location for each in KEEPS_THE_PATH)
    settings = "--net.base_path /game" if keeps else ""
    with serving(kind, tmp_path, site, settings) as (workshop, proxy):
        said = checked(workshop, f"{proxy.url}/game/")
        bare = checked(workshop, f"{proxy.url}/game")
    assert said.endswith("status 0"), said
    assert bare.endswith("status 0"), bare


def test_every_proxy_is_told_how_to_forward_a_path() -> None:
    assert {kind for kind, _ in (each.values for each in BELOW_A_PATH)} == set(PROXIES)


def test_a_site_that_takes_upgrades_away_is_found(tmp_path: Path) -> None:
    site = shipped(Nginx, tmp_path).replace("    proxy_set_header Upgrade $http_upgrade;\n", "")
    with serving(Nginx, tmp_path, site) as (workshop, proxy):
        said = checked(workshop, proxy.url)
    assert "drops the Upgrade header" in said
    assert said.endswith("status 1")


@pytest.mark.parametrize("kind", [Nginx, Haproxy])  # Caddy has no such time-out
async def test_a_silent_connection_outlives_the_proxys_timeout(
    tmp_path: Path, kind: type[Proxy]
) -> None:
    """The server's pings keep it: so a round, or a wait in the lobby, may be of any length."""
    site = re.sub(r"\b90s", "2s", shipped(kind, tmp_path))
    with serving(kind, tmp_path, site, "--net.heartbeat_s 0.5") as (workshop, proxy):
        assert checked(workshop, proxy.url).endswith("status 0")
        plain = await trio.open_tcp_stream("127.0.0.1", proxy.port)
        context = ssl.create_default_context(cafile=CERTIFICATE)
        stream = trio.SSLStream(plain, context, server_hostname="localhost")
        client = Client(stream)
        await client.send(upgrade_head("/echo", host=f"127.0.0.1:{proxy.port}"))
        assert (await client.head()).startswith(b"HTTP/1.1 101")
        began_s = trio.current_time()
        while trio.current_time() - began_s < 5:  # each ping comes as an event
            head = await client.exactly(2)
            assert head[0] == 0x89, head
            await client.send(frame(0xA, await client.exactly(head[1])))
        await stream.aclose()


@pytest.mark.parametrize("kind", PROXIES)
async def test_a_reload_under_load_loses_no_seat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Proxy]
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    going_on, all_play = trio.Event(), trio.Event()
    seats: dict[int, list[tuple[str, int]]] = {}

    async def person(number: int, url: str) -> None:
        async with play(url, name=f"Person {number}") as match:
            seats[number] = [await seat_after(match, 30)]
            if len(seats) == PLAYERS:
                all_play.set()
            while not going_on.is_set():  # they play on while the proxy reloads
                await seat_after(match, 2)
            seats[number].append(await seat_after(match, 120))

    with serving(kind, tmp_path, None, "--lobby.bot_fill_after_s 0.1") as (workshop, proxy):
        assert checked(workshop, proxy.url).endswith("status 0")
        async with trio.open_nursery() as nursery:
            for number in range(PLAYERS):
                nursery.start_soon(person, number, proxy.url)
            with trio.fail_after(60):
                await all_play.wait()
            await trio.to_thread.run_sync(proxy.reload)
            going_on.set()
        assert checked(workshop, proxy.url).endswith("status 0")
    assert len(seats) == PLAYERS
    assert all(before == after for before, after in seats.values()), seats


async def test_a_proxy_that_forwards_bytes_names_its_clients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has TLS of its own, and hears from a PROXY header who is speaking."""
    trusted = ("--net.trusted_proxies", "127.0.0.1", "--net.proxy_protocol")
    server = Server.start(tmp_path, "--tls-self-signed", *trusted, "--lobby.bot_fill_after_s", "0")
    try:
        port = int((await server.wait_ready(0)).rpartition(":")[2])
        certificate = tmp_path / ".state" / "self-signed.pem"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with ByteHaproxy(tmp_path, port).running() as proxy:
            await until(lambda: is_listening(proxy.port))
            async with play(proxy.url, name="Ann") as match:
                await seat_after(match, 30)
            plain = await trio.open_tcp_stream("127.0.0.1", proxy.port, local_address="127.0.0.9")
            context = ssl.create_default_context(cafile=certificate)
            stream = trio.SSLStream(
                plain, context, server_hostname="localhost", https_compatible=True
            )
            await stream.send_all(b"nonsense\r\n\r\n")
            assert (await stream.receive_some()).startswith(b"HTTP/1.1 400 ")
            await stream.aclose()
        await server.wait_event("bad_request", peer="127.0.0.9")
        assert server.end() == 0
    finally:
        server.process.kill()


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def seat_after(match: MatchClient, ticks: int) -> tuple[str, int]:
    """Play for so many ticks; return match and slot."""
    first = None
    with trio.fail_after(60):
        async for sight in match:
            first = sight.tick if first is None else first
            match.send(FORWARD)
            if sight.tick >= first + ticks:
                welcome = match.replica.welcome
                assert welcome is not None
                return match.seat.path, welcome.slot
    pytest.fail("the match was over")

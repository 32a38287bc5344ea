"""Real servers with TLS, in one process and with workers: played, renewed, and refused."""

import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from clients.net import play
from server.security.x509 import self_signed
from tests.integration.servers import END_S, PATIENCE_S, Server, command, environment, see

pytestmark = pytest.mark.slow

SOON = ("--lobby.bot_fill_after_s", "0.1", "--grace_s", "0", "--net.metrics_port", "-1")
LAYOUTS = pytest.mark.parametrize("workers", [0, 2])

Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start servers in an empty folder, and end them."""
    servers: list[Server] = []

    def make(workers: int, *arguments: str) -> Server:
        layout = ("--workers", str(workers)) if workers else ()
        servers.append(Server.start(tmp_path, *layout, *SOON, *arguments))
        return servers[-1]

    yield make
    for server in servers:
        if server.process.poll() is None:
            server.end()


@pytest.fixture
def trusting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate and key in one file, which every client of this process trusts."""
    path = tmp_path / "site.pem"
    renew(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def renew(path: Path) -> None:
    """Replace the file as a renewal does: whole, under its name."""
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_bytes(self_signed(("127.0.0.1",)))
    beside.replace(path)


def naming(path: Path) -> tuple[str, ...]:
    return ("--tls-certificate", str(path), "--tls-key", str(path))


def health(url: str) -> tuple[str, str | None]:
    """Where /healthz was read in the end, and how long its host wants TLS alone."""
    with urlopen(f"{url}/healthz", timeout=END_S) as response:
        assert response.status == 200
        return response.url, response.headers["strict-transport-security"]


def shown(url: str) -> bytes:
    """The certificate that a new connection gets."""
    host, _, port = url.removeprefix("https://").partition(":")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((host, int(port)), timeout=END_S) as plain,
        context.wrap_socket(plain) as secured,
    ):
        certificate = secured.getpeercert(binary_form=True)
    assert certificate is not None
    return certificate


@LAYOUTS
async def test_a_match_is_played_over_tls(start: Start, trusting: Path, workers: int) -> None:
    server = start(workers, *naming(trusting))
    url = await server.wait_ready(workers)
    assert url.startswith("https://127.0.0.1:")
    async with play(url, name="Ann") as match:
        await see(match, 120)
        assert match.counts.reconnects == 0
    assert server.end() == 0
    assert not [event for event in server.look() if event["level"] == "error"]


async def test_a_worker_that_is_killed_costs_nobody_their_match(
    start: Start, trusting: Path
) -> None:
    server = start(2, *naming(trusting))
    url = await server.wait_ready(2)
    async with play(url, name="Ann") as match:
        await server.wait_spare()
        before = await see(match, 60)
        server.kill((await server.wait_event("match_started"))["process"])
        assert await see(match, 60) > before
        assert match.counts.reconnects == 1
    assert server.end() == 0


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no such signal")
@LAYOUTS
async def test_a_hangup_shows_a_renewed_certificate_and_disconnects_nobody(
    start: Start, trusting: Path, workers: int
) -> None:
    server = start(workers, *naming(trusting))
    url = await server.wait_ready(workers)
    async with play(url, name="Ann") as match:
        await see(match, 30)
        before = shown(url)
        renew(trusting)
        os.kill(server.process.pid, signal.SIGHUP)
        await server.wait_event("certificate_reloaded")
        assert shown(url) != before
        await see(match, 30)
        assert match.counts.reconnects == 0


async def test_a_self_signed_certificate_is_one_flag_and_kept(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start(0, "--tls-self-signed")
    url = await server.wait_ready(0)
    before = shown(url)
    with pytest.raises(URLError, match="self-signed"):
        health(url)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / ".state" / "self-signed.pem"))
    assert health(url)[0] == f"{url}/healthz"
    failed = await server.wait_event("tls_failed")
    assert failed["reason"] == "the client does not trust who issued the certificate"
    assert server.end() == 0
    again = start(0, "--tls-self-signed")
    assert shown(await again.wait_ready(0)) == before


async def test_plain_http_is_led_to_tls_and_hsts_is_sent_there_alone(
    start: Start, trusting: Path
) -> None:
    server = start(0, *naming(trusting), "--net.redirect_port", "0", "--net.hsts_s", "3600")
    url = await server.wait_ready(0)
    port = (await server.wait_event("started"))["redirect_port"]
    assert health(f"http://127.0.0.1:{port}") == (f"{url}/healthz", "max-age=3600")
    with socket.create_connection(("127.0.0.1", port), timeout=END_S) as plain:
        plain.sendall(b"GET /x HTTP/1.1\r\nhost: play.example:80\r\n\r\n")
        answer = plain.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 308 ")
    assert f"location: https://play.example:{url.rpartition(':')[2]}/x\r\n".encode() in answer
    assert b"strict-transport-security" not in answer


@LAYOUTS
def test_a_certificate_that_cannot_be_used_ends_the_start_with_a_sentence(
    tmp_path: Path, workers: int
) -> None:
    asked = command("serve", "--port", "0", "--workers", str(workers), "--tls-certificate", "a.pem")
    ended = subprocess.run(
        [*asked, "--tls-key", "a.key"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert ended.returncode == 1
    assert "a.pem cannot be read: No such file or directory" in ended.stderr
    assert "Traceback" not in ended.stderr

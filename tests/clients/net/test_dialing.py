"""Whatever is in the way of a Python client is named in a sentence, for sockets and files alike."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
import trio

from clients.net import dialing
from clients.net.address import Address
from clients.net.dialing import agent, proxy_for
from clients.net.errors import ClientError
from clients.net.http import fetch
from clients.net.websocket import connect

CERTIFICATES = Path(__file__).parent / "certificates"
PATIENCE_S = 20.0
NO_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")

Handler = Callable[[trio.abc.Stream], Awaitable[None]]


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NO_PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


async def by_socket(address: Address) -> None:
    async with trio.open_nursery() as nursery:
        socket = await connect(nursery, address, "/lobby")
        socket.release()


async def by_file(address: Address) -> None:
    await fetch(address, "/maps/yard.tmj", 1_000)


async def words(ask: Callable[[Address], Awaitable[None]], address: Address) -> str:
    """The text that a person reads."""
    error: BaseException | None = None
    with trio.fail_after(PATIENCE_S):
        try:
            await ask(address)
        except (ClientError, BaseExceptionGroup) as caught:
            error = caught
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    assert isinstance(error, ClientError), repr(error)
    assert str(error).isprintable()
    return str(error)


@asynccontextmanager
async def listening(handler: Handler, scheme: str = "http") -> AsyncIterator[Address]:
    async with trio.open_nursery() as nursery:
        serve = partial(trio.serve_tcp, handler, 0, host="127.0.0.1")
        listeners = await nursery.start(serve)
        port = listeners[0].socket.getsockname()[1]
        yield Address.parse(f"{scheme}://127.0.0.1:{port}")
        nursery.cancel_scope.cancel()


def answering(content: bytes) -> Handler:
    async def handler(stream: trio.abc.Stream) -> None:
        await stream.receive_some(65_536)
        with suppress(trio.BrokenResourceError):
            await stream.send_all(content)
        await stream.aclose()

    return handler


def by_both() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("ask", [by_socket, by_file])


def http_answer(status: str, body: str = "", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", body]
    return "\r\n".join(lines).encode()


@by_both()
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (http_answer("301 Moved", "", "Location: https://play.example/"), "use https://play.ex"),
        (http_answer("401 Unauthorized"), "password"),
        (http_answer("404 Not Found"), "below a path needs the path as well"),
        (http_answer("426 Upgrade Required"), "drops the Upgrade header"),
        (http_answer("429 Too Many Requests", "", "Retry-After: 7"), "(in 7 s)"),
        (http_answer("502 Bad Gateway"), "does not reach the server behind it"),
        (http_answer("503 Service Unavailable"), "try again later"),
        (http_answer("504 Gateway Timeout"), "gets no answer from the server behind it"),
        (http_answer("599 Odd"), "answers 599"),
        (
            http_answer(
                "403 Forbidden", "403 Forbidden: we are closed\n", "Content-Type: text/plain"
            ),
            "answers 403: we are closed",
        ),
        (
            http_answer("400 Bad", "<p>The plain HTTP request was sent to HTTPS port</p>"),
            "use https:// in place of http://",
        ),
        (b"\x15\x03\x01\x00\x02\x02\x46", "use https:// in place of http://"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "speaks no HTTP"),
        (b"", "hung up instead of answering"),
    ],
)
async def test_an_answer_is_reported_with_advice(
    ask: Callable[[Address], Awaitable[None]], answer: bytes, expected: str
) -> None:
    async with listening(answering(answer)) as address:
        assert expected in await words(ask, address)


async def test_a_page_in_place_of_a_socket_is_a_proxy_that_does_not_upgrade() -> None:
    async with listening(answering(http_answer("200 OK", "<html>"))) as address:
        assert "something in between" in await words(by_socket, address)


@by_both()
async def test_control_characters_of_others_do_not_reach_the_terminal(
    ask: Callable[[Address], Awaitable[None]],
) -> None:
    body = "503 Busy: \x1b[31mred\x07\n"
    answer = http_answer("503 Busy", body, "Content-Type: text/plain")
    async with listening(answering(answer)) as address:
        assert "[31mred" in await words(ask, address)


@by_both()
async def test_a_port_where_nobody_listens(ask: Callable[[Address], Awaitable[None]]) -> None:
    said = await words(ask, Address("127.0.0.1", 1))
    assert said == "nothing listens at 127.0.0.1:1: is the server running, and is this its port?"


@by_both()
async def test_a_host_that_nobody_knows(ask: Callable[[Address], Awaitable[None]]) -> None:
    said = await words(ask, Address("nowhere.invalid", 80))
    assert "there is no host called nowhere.invalid" in said


@by_both()
async def test_a_port_that_takes_connections_and_is_silent(
    ask: Callable[[Address], Awaitable[None]], autojump_clock: trio.testing.MockClock
) -> None:
    async def never(address: Address) -> trio.abc.Stream:
        ours, _theirs = trio.testing.memory_stream_pair()
        return ours

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clients.net.http.open_stream", never)
        patch.setattr("clients.net.websocket.open_stream", never)
        assert "accepts connections and answers nothing" in await words(ask, Address("a", 80))


@by_both()
async def test_a_host_that_drops_packets(
    ask: Callable[[Address], Awaitable[None]],
    autojump_clock: trio.testing.MockClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def dropped(host: str, port: int) -> None:
        await trio.sleep_forever()

    monkeypatch.setattr(trio, "open_tcp_stream", dropped)
    assert "a firewall may be in the way" in await words(ask, Address("192.0.2.1", 80))


@asynccontextmanager
async def with_certificate(name: str) -> AsyncIterator[Address]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")

    async def handler(stream: trio.abc.Stream) -> None:
        secured = trio.SSLStream(stream, context, server_side=True, https_compatible=True)
        try:
            await secured.receive_some(65_536)
            await secured.send_all(http_answer("200 OK", "hello"))
            await secured.aclose()
        except trio.BrokenResourceError:
            await trio.aclose_forcefully(stream)

    async with listening(handler, "https") as address:
        yield address


@by_both()
@pytest.mark.parametrize(
    ("name", "trusted", "expected"),
    [
        ("good", None, "is self-signed: name its file in SSL_CERT_FILE"),
        ("expired", "expired", "has expired: the server's operator has to renew it"),
        ("of_another", "of_another", "is for another"),
    ],
)
async def test_a_certificate_that_is_not_trusted(
    ask: Callable[[Address], Awaitable[None]],
    name: str,
    trusted: str | None,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if trusted is not None:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / f"{trusted}.pem"))
    async with with_certificate(name) as address:
        said = await words(ask, address)
    assert said.startswith("the certificate of 127.0.0.1 ")
    assert expected in said


async def test_a_certificate_that_is_trusted_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "good.pem"))
    async with with_certificate("good") as address:
        assert await fetch(address, "/maps/yard.tmj", 100) == b"hello"


@by_both()
async def test_https_to_a_port_that_speaks_plain_http(
    ask: Callable[[Address], Awaitable[None]],
) -> None:
    async with listening(answering(http_answer("400 Bad Request")), "https") as address:
        assert "use http:// in place of https://" in await words(ask, address)


@by_both()
async def test_a_server_that_ends_in_the_middle_of_tls(
    ask: Callable[[Address], Awaitable[None]],
) -> None:
    async with listening(answering(b""), "https") as address:
        assert "hung up during the TLS handshake" in await words(ask, address)


async def test_sockets_and_files_are_asked_for_under_one_name() -> None:
    heads: list[bytes] = []

    async def handler(stream: trio.abc.Stream) -> None:
        heads.append(bytes(await stream.receive_some(65_536)))
        await stream.send_all(http_answer("404 Not Found"))
        await stream.aclose()

    async with listening(handler) as address:
        await words(by_socket, address)
        await words(by_file, address)
    assert len(heads) == 2
    for head in heads:
        assert f"user-agent: {agent()}".encode() in head.lower()
    assert agent().startswith("skirmish/")


async def test_a_file_that_is_too_large_is_not_taken() -> None:
    async with listening(answering(http_answer("200 OK", "x" * 1_001))) as address:
        assert "larger than 1,000 bytes" in await words(by_file, address)


# Proxies of the network


@pytest.mark.parametrize(
    ("url", "environment", "expected"),
    [
        ("http://play.example", {}, None),
        ("http://play.example", {"http_proxy": "http://p:1"}, "p:1"),
        ("http://play.example", {"https_proxy": "http://p:1"}, None),
        ("https://play.example", {"https_proxy": "http://p:1"}, "p:1"),
        ("https://play.example", {"all_proxy": "http://p:1"}, "p:1"),
        ("https://play.example", {"https_proxy": "p:1"}, "p:1"),
        ("https://play.example", {"https_proxy": "http://p:1", "no_proxy": ".example"}, None),
        ("https://play.example", {"https_proxy": "http://p:1", "no_proxy": "*"}, None),
        ("http://127.0.0.1:8000", {"http_proxy": "http://p:1"}, None),
        ("http://localhost:8000", {"http_proxy": "http://p:1"}, None),
        ("http://[::1]:8000", {"http_proxy": "http://p:1"}, None),
    ],
)
def test_the_environment_says_which_proxy(
    url: str, environment: dict[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_for(Address.parse(url))
    assert (proxy and proxy.netloc) == expected


@pytest.mark.parametrize("named", ["socks5://p:1", "https://p:1", "http://", "http://p:x"])
def test_an_unusable_proxy_is_reported(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", named)
    with pytest.raises(ClientError, match="in NO_PROXY to go around it"):
        proxy_for(Address.parse("https://play.example"))


@by_both()
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (http_answer("407 Authentication Required"), "NAME:PASSWORD"),
        (http_answer("403 Forbidden"), "name play.example in NO_PROXY"),
        (b"", "hung up"),
        (b"\x00\x01nonsense\r\n\r\n", "hung up"),
    ],
)
async def test_a_proxy_that_refuses_to_connect_is_reported(
    ask: Callable[[Address], Awaitable[None]],
    answer: bytes,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(answering(answer)) as proxy:
        monkeypatch.setenv("http_proxy", f"http://{proxy.authority}")
        said = await words(ask, Address.parse("http://play.example:8000"))
    assert expected in said


@by_both()
async def test_an_unreachable_proxy_is_reported_as_a_proxy(
    ask: Callable[[Address], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    said = await words(ask, Address.parse("http://play.example:8000"))
    assert said.startswith("the network's proxy is in the way: nothing listens at 127.0.0.1:1")


@by_both()
async def test_through_a_proxy_both_get_the_same_answers(
    ask: Callable[[Address], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    async def tunnel(stream: trio.abc.Stream) -> None:
        asked.append(bytes(await stream.receive_some(65_536)))
        await stream.send_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        asked.append(bytes(await stream.receive_some(65_536)))
        await stream.send_all(http_answer("404 Not Found"))
        await stream.aclose()

    async with listening(tunnel) as proxy:
        monkeypatch.setenv("http_proxy", f"http://me:p%40ss@{proxy.authority}")
        said = await words(ask, Address.parse("http://play.example:8000/game/"))
    assert "answers 404" in said
    connect_head, request_head = asked
    assert connect_head.startswith(b"CONNECT play.example:8000 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==" in connect_head
    assert request_head.startswith(b"GET /game/")


def test_without_an_installation_the_name_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise dialing.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(dialing.metadata, "version", missing)
    assert agent() == "skirmish"

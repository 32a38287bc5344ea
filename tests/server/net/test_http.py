"""HTTP over a real connection: methods, keep-alive, headers, faults and other protocol rules."""

import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import trio
from attrs import define, evolve, field

from server.net.front import Front
from server.net.http import Site
from server.net.listen import open_listeners
from server.net.responses import TEXT, Request, Response
from server.net.static import load_static
from tests.server.net.server import QUICK, Client, Running, running, upgrade_head

GET = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"


async def answer(client: Client, *, has_body: bool = True) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the next answer."""
    head = (await client.head()).decode()
    status_line, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    length = int(headers.get("content-length", "0")) if has_body else 0
    return int(status_line.split()[1]), headers, await client.exactly(length)


async def asked(server: Running, request: bytes, **options: bool) -> tuple:
    client = await server.dial()
    await client.send(request)
    return await answer(client, **options)


async def test_a_route_answers_with_all_standard_headers() -> None:
    async with running() as server:
        status, headers, body = await asked(server, GET)
        assert (status, body) == (200, b'{"status": "ok"}')
        assert headers["content-type"] == "application/json"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", headers["date"])


async def test_the_policy_lets_no_foreign_and_no_inline_script_run() -> None:
    async with running() as server:
        _, headers, _ = await asked(server, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self'"
        assert "unsafe" not in headers["content-security-policy"]
        assert policy["frame-ancestors"] == "'none'"


async def test_head_is_get_without_the_body() -> None:
    async with running() as server:
        _, full, body = await asked(server, GET)
        client = await server.dial()
        await client.send(GET.replace(b"GET", b"HEAD") + GET)
        status, headers, _ = await answer(client, has_body=False)
        assert status == 200
        assert headers["content-length"] == full["content-length"] == str(len(body))
        assert (await answer(client))[2] == body  # no body came in between


async def test_a_connection_serves_one_request_after_another() -> None:
    async with running() as server:
        client = await server.dial()
        for _ in range(3):
            await client.send(GET)
            status, headers, _ = await answer(client)
            assert status == 200
            assert "connection" not in headers


async def test_requests_may_come_all_at_once_and_cut_anywhere() -> None:
    async with running() as server:
        client = await server.dial()
        everything = (b"\r\n" + GET) * 5
        for start in range(0, len(everything), 17):
            await client.send(everything[start : start + 17])
        for _ in range(5):
            assert (await answer(client))[0] == 200


async def test_a_body_is_read_away_before_the_next_request() -> None:
    async with running() as server:
        client = await server.dial()
        post = b"POST /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nGET /"
        await client.send(post + GET)
        status, headers, _ = await answer(client)
        assert status == 405
        assert headers["allow"] == "GET, HEAD"
        assert (await answer(client))[0] == 200


async def test_a_client_that_asks_first_is_not_sent_a_continue() -> None:
    async with running() as server:
        client = await server.dial()
        await client.send(
            b"POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n"
        )
        status, headers, _ = await answer(client)
        assert (status, headers["connection"]) == (405, "close")


@pytest.mark.parametrize("path", [b"/nothing", b"/..%2f..%2fetc/passwd", b"/../etc/passwd", b"//"])
async def test_missing_replays_are_404(path: bytes) -> None:
    async with running() as server:
        status, headers, _ = await asked(server, b"GET " + path + b" HTTP/1.1\r\nhost: x\r\n\r\n")
        assert status == 404
        assert headers["content-type"].startswith("text/plain")


async def test_a_body_that_trickles_is_cut_off() -> None:
    async with running(QUICK) as server:
        client = await server.dial()
        await client.send(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nab")
        assert (await answer(client))[0] == 408


@pytest.mark.parametrize(
    "ending", [b"HTTP/1.0\r\n\r\n", b"HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"]
)
async def test_a_client_that_wants_one_answer_gets_one(ending: bytes) -> None:
    async with running() as server:
        client = await server.dial()
        await client.send(b"GET /healthz " + ending)
        assert (await client.rest()).endswith(b'{"status": "ok"}')


async def test_the_page_and_its_tag(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"<!doctype html>hello")
    async with running(folder=tmp_path) as server:
        client = await server.dial()
        await client.send(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        status, headers, body = await answer(client)
        assert (status, body) == (200, b"<!doctype html>hello")
        again = f"GET / HTTP/1.1\r\nhost: x\r\nif-none-match: {headers['etag']}\r\n\r\n"
        await client.send(again.encode())
        status, headers, body = await answer(client)
        assert (status, body) == (304, b"")
        await client.send(GET)
        assert (await answer(client))[0] == 200  # the 304 left no body in the stream


async def test_a_large_file_arrives_whole(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"<!doctype html>")
    content = bytes(n % 251 for n in range(3_000_000))
    (tmp_path / "large.png").write_bytes(content)
    async with running(folder=tmp_path) as server:
        _, _, body = await asked(server, b"GET /large.png HTTP/1.1\r\nhost: x\r\n\r\n")
        assert body == content


async def test_a_bug_in_a_route_is_a_500_and_a_slow_one_a_503() -> None:
    async def bug(request: Request) -> Response:
        raise ValueError("a bug in the route")

    async def slow(request: Request) -> Response:
        await trio.sleep_forever()
        raise AssertionError

    async def whoami(request: Request) -> Response:
        return Response(200, TEXT, f"{request.peer} {request.head.query}".encode())

    limits = evolve(QUICK, answer_timeout_s=0.05, trusted_proxies=("127.0.0.1",))
    routes = {"/bug": bug, "/slow": slow, "/whoami": whoami}
    front = Front(limits, Site(routes, load_static(None), limits), {})
    listeners = open_listeners("127.0.0.1", 0)
    async with trio.open_nursery() as nursery:
        await nursery.start(front.serve, listeners)
        server = Running(front, listeners[0].getsockname()[1])
        client = await server.dial()
        for path, status in (("bug", 500), ("slow", 503), ("whoami?a", 200)):
            head = f"GET /{path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 192.0.2.7\r\n\r\n"
            await client.send(head.encode())
            found, _, body = await answer(client)
            assert found == status
        assert body == b"192.0.2.7 a"
        client.socket.close()
        front.begin_stop()


@define
class Large:
    """A route with a long answer, which holds a resource until it is sent."""

    held_count: int = 0
    requests: list[Request] = field(factory=list)

    async def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        self.held_count += 1
        request.at_end.callback(self._release)
        if request.head.query == "fault":
            raise ValueError("a bug in the route")
        return Response(200, TEXT, b"x" * 3_000_000)

    def _release(self) -> None:
        self.held_count -= 1

    async def wait_held(self, count: int) -> None:
        with trio.fail_after(100):
            while self.held_count != count:  # noqa: ASYNC110  # it has no event
                await trio.sleep(0.02)


@asynccontextmanager
async def serving_large(end: str) -> AsyncIterator[tuple[Large, Client]]:
    """Serve `Large` to a client that has asked for it and reads only what the test reads."""
    large, limits = Large(), evolve(QUICK, response_timeout_s=30.0)
    front = Front(limits, Site({"/large": large}, load_static(None), limits), {})
    listeners = open_listeners("127.0.0.1", 0)
    async with trio.open_nursery() as nursery:
        await nursery.start(front.serve, listeners)
        client = await Running(front, listeners[0].getsockname()[1]).dial()
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        await client.send(f"GET /large?{end} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        yield large, client
        client.socket.close()
        front.begin_stop()


@pytest.mark.parametrize("end", ["read", "gone", "hung up", "fault"])
async def test_a_routes_holdings_are_released_when_the_answer_ends(end: str) -> None:
    async with serving_large(end.replace(" ", "-")) as (large, client):
        if end == "fault":
            assert b" 500 " in (await client.head())[:16]
        else:
            await client.head()
            assert large.held_count == 1, "most of the answer is still to be sent"
        if end == "read":
            await client.exactly(3_000_000)
        elif end == "gone":
            client.reset()
        elif end == "hung up":
            large.requests[0].hang_up()
            assert len(await client.rest()) < 3_000_000
        await large.wait_held(0)


async def test_somebody_who_reads_too_slowly_holds_nothing_for_long(autojump_clock) -> None:
    async with serving_large("slow") as (large, _client):
        await large.wait_held(1)
        began_s = trio.current_time()
        await large.wait_held(0)
        assert trio.current_time() - began_s < 20


async def test_a_websocket_path_without_an_upgrade_says_what_it_is() -> None:
    async with running() as server:
        status, headers, _ = await asked(server, b"GET /echo HTTP/1.1\r\nhost: x\r\n\r\n")
        assert (status, headers["upgrade"]) == (426, "websocket")


async def test_a_page_may_ask_a_websocket_path_whether_its_origin_is_welcome() -> None:
    async with running() as server:
        post = b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\norigin: http://%b\r\n\r\n"
        assert (await asked(server, post % b"x"))[0] == 426
        status, _, body = await asked(server, post % b"elsewhere")
        assert status == 403
        assert b"wrong origin" in body


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /healthz HTTP/1.1\nhost: x\n\n", 400),
        (b"GET /healthz HTTP/1.1\r\nhost: x\n\r\n", 400),
        (b"\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\rhost: x\r\r", 400),
        (b"GET /healthz HTTP/1.1\r\n" + b"a: b\r\n" * 102, 431),
        (b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 411),
    ],
)
@pytest.mark.parametrize("piece_bytes", [1, 7, 10_000])
async def test_a_head_that_cannot_become_good_is_refused_at_once(
    sent: bytes, status: int, piece_bytes: int
) -> None:
    patient = evolve(QUICK, head_timeout_s=120)  # the test would fail before that
    async with running(patient) as server:
        client = await server.dial()
        for start in range(0, len(sent), piece_bytes):
            with suppress(trio.BrokenResourceError):  # it has its answer
                await client.send(sent[start : start + piece_bytes])
        assert (await client.rest()).startswith(b"HTTP/1.1 %d " % status)


async def test_bytes_after_an_upgrade_in_one_packet_may_be_anything() -> None:
    async with running() as server:
        client = await server.dial()
        await client.send(upgrade_head() + b"\x82\x83\0\0\0\0\n\n\r")
        assert (await client.head()).startswith(b"HTTP/1.1 101 ")
        assert await client.exactly(5) == b"\x82\x03\n\n\r"

"""The front: both families, both protocols, proxies, handshakes that fail, and how it stops."""

import errno
import socket

import pytest
import trio
from attrs import evolve
from structlog.testing import capture_logs

from server.net.frames import BINARY, CLOSE
from server.net.listen import accept_for_ever, open_listeners
from server.net.stream import TickStream
from server.net.websocket import Connection, ConnectionEnded, Route
from tests.server.net.frame_strategies import frame
from tests.server.net.server import PATIENCE_S, QUICK, running, upgrade_head


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")
async def test_it_serves_over_ipv6() -> None:
    async with running(host="::1") as server:
        assert await server.still_works()


def test_one_free_port_is_taken_for_all_addresses() -> None:
    listeners = open_listeners(None, 0)
    assert len({listener.getsockname()[1] for listener in listeners}) == 1
    for listener in listeners:
        listener.close()


def test_a_port_in_use_leaves_no_socket_open() -> None:
    (first,) = open_listeners("127.0.0.1", 0)
    with pytest.raises(OSError, match="in use"):
        open_listeners("127.0.0.1", first.getsockname()[1])
    first.close()


class Exhausted(socket.socket):
    """A listener whose process has no descriptors left for a while."""

    failures_left = 3

    def accept(self) -> tuple[socket.socket, object]:
        if self.failures_left:
            self.failures_left -= 1
            raise OSError(errno.EMFILE if self.failures_left else errno.ECONNABORTED, "no")
        return super().accept()


async def test_a_lack_of_descriptors_passes() -> None:
    (plain,) = open_listeners("127.0.0.1", 0)
    listener = Exhausted(fileno=plain.detach())
    accepted: list[str] = []
    with capture_logs() as logs, trio.fail_after(PATIENCE_S):
        async with trio.open_nursery() as nursery:

            def on_accept(connection: socket.socket, address: str) -> None:
                connection.close()
                accepted.append(address)
                nursery.cancel_scope.cancel()

            pace = trio.lowlevel.checkpoint
            nursery.start_soon(accept_for_ever, listener, on_accept, pace)
            client = await trio.open_tcp_stream(*listener.getsockname())
    assert accepted == ["127.0.0.1"]
    assert [line["log_level"] for line in logs] == ["warning", "debug"]  # logged only once
    client.socket.close()
    listener.close()


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({"sec_websocket_version": "8"}, b" 426 ", "bad version"),
        ({"sec_websocket_key": None}, b" 400 ", "missing key"),
        (
            {"origin": "http://evil.example"},
            b" 403 ",
            "wrong origin 'http://evil.example': expected http://here",
        ),
    ],
)
async def test_a_failed_handshake_has_a_status_and_one_line_in_the_log(
    changes: dict, status: bytes, reason: str
) -> None:
    async with running() as server:
        with capture_logs() as logs:
            client = await server.dial()
            await client.send(upgrade_head("/echo", **changes))
            answer = await client.rest()
        assert status in answer[:16]
        assert reason.encode() in answer
        for line in logs:
            line.pop("advice", None)  # tested below
        assert logs == [
            {
                "event": "handshake_refused",
                "log_level": "info",
                "peer": "127.0.0.1",
                "path": "/echo",
                "reason": reason,
            }
        ]
        assert server.front.statistics().handshakes == {"refused": 1}


async def test_a_websocket_to_nowhere_is_404() -> None:
    async with running() as server:
        client = await server.dial()
        await client.send(upgrade_head("/nowhere"))
        assert b" 404 " in (await client.head())[:16]


async def test_a_prefix_route_sees_the_whole_path_and_needs_the_subprotocol() -> None:
    seen: list[tuple[str, str]] = []

    async def handler(connection: Connection) -> None:
        seen.append((connection.path, connection.peer))

    async with running(QUICK, routes={"/match/": handler}) as server:
        client = await server.dial()
        await client.send(upgrade_head("/match/a1"))
        assert b" 400 " in (await client.head())[:16]
        client = await server.dial()
        await client.send(upgrade_head("/match/a1", sec_websocket_protocol="skirmish.1"))
        assert b"sec-websocket-protocol: skirmish.1" in (await client.head()).lower()
        await client.frames_to_the_end()
        assert seen == [("/match/a1", "127.0.0.1")]


async def test_limits_behind_a_proxy_are_those_of_the_people_behind_it() -> None:
    limits = evolve(QUICK, connections_per_address_max=1, trusted_proxies=("127.0.0.1",))
    async with running(limits) as server:
        await server.upgraded(x_forwarded_for="192.0.2.1")
        await server.upgraded(x_forwarded_for="192.0.2.2")
        refused = await server.dial()
        await refused.send(upgrade_head(x_forwarded_for="198.51.100.9, 192.0.2.1"))
        assert b" 429 " in (await refused.head())[:16]


async def test_stopping_ends_idle_http_and_waits_for_websockets() -> None:
    async with running(evolve(QUICK, keep_alive_s=60, head_timeout_s=60)) as server:
        player, reader, silent = await server.upgraded(), await server.dial(), await server.dial()
        await reader.send(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        assert b" 200 " in await reader.head()
        server.front.begin_stop()
        assert await reader.rest() == b'{"status": "ok"}'
        assert await silent.rest() == b""
        with pytest.raises(OSError, match="all attempts to connect"):
            await server.dial()
        await player.send(frame(BINARY, b"!"))
        assert await player.exactly(3) == b"\x82\x01!"


async def test_a_hard_stop_says_goodbye_to_websockets() -> None:
    async with running() as server:
        player = await server.upgraded()
        server.stop()
        events = await player.frames_to_the_end()
        assert [event.code for event in events] == [1001]


async def test_a_close_does_not_wait_for_ever_for_its_answer() -> None:
    took_s: list[float] = []

    async def handler(connection: Connection) -> None:
        began_s = trio.current_time()
        await connection.close(4001, "bye")
        took_s.append(trio.current_time() - began_s)
        with pytest.raises(ConnectionEnded):
            await connection.receive()
        with pytest.raises(ConnectionEnded):
            await connection.send(b"late")

    routes = {"/bye": Route(handler, needs_subprotocol=False)}
    async with running(evolve(QUICK, close_timeout_s=0.05), routes) as server:
        client = await server.upgraded("/bye")
        (closed,) = await client.frames_to_the_end()
        assert (closed.code, closed.reason) == (4001, "bye")
        assert took_s[0] < PATIENCE_S


async def test_a_close_from_within_ticks_hears_the_answer() -> None:
    took_s: list[float] = []

    async def handler(connection: Connection) -> None:
        connection.stream.begin_ticks()
        began_s = trio.current_time()
        await connection.close(4001, "bye")
        took_s.append(trio.current_time() - began_s)

    routes = {"/bye": Route(handler, needs_subprotocol=False)}
    async with running(evolve(QUICK, close_timeout_s=PATIENCE_S), routes) as server:
        client = await server.upgraded("/bye")
        await client.exactly(7)
        await client.send(frame(CLOSE, (4001).to_bytes(2, "big")))
        assert await client.rest() == b""
        assert took_s[0] < PATIENCE_S / 2


async def test_a_send_to_a_client_that_does_not_read_ends_the_connection() -> None:
    ended: list[int] = []

    async def handler(connection: Connection) -> None:
        try:
            while True:
                await connection.send(bytes(60_000))
        except ConnectionEnded as end:
            ended.append(end.code)

    routes = {"/flood": Route(handler, needs_subprotocol=False)}
    async with running(evolve(QUICK, send_timeout_s=0.1), routes) as server:
        await server.upgraded("/flood")
        with trio.fail_after(PATIENCE_S):
            while server.front.statistics().limits.connections:  # noqa: ASYNC110
                await trio.sleep(0.01)
        assert ended == [4009]
        assert await server.still_works()


@pytest.mark.parametrize(
    ("head", "status", "advised"),
    [
        (
            upgrade_head("/echo", origin="https://play.example", x_forwarded_for="192.0.2.1"),
            b" 403 ",
            'net.allowed_origins = ["https://play.example"]',
        ),
        (
            b"GET /echo HTTP/1.1\r\nhost: here\r\nvia: 1.1 proxy\r\n\r\n",
            b" 426 ",
            "proxy_set_header Upgrade",
        ),
        (upgrade_head("/game/match/7", via="1.1 proxy"), b" 404 ", 'net.base_path = "/game"'),
    ],
)
async def test_a_proxys_damage_is_logged_with_its_address_and_advice(
    head: bytes, status: bytes, advised: str
) -> None:
    with capture_logs() as logs:
        async with running() as server:
            client = await server.dial()
            await client.send(head)
            assert status in await client.head()
    (line,) = [line for line in logs if line["event"] == "handshake_refused"]
    assert line["proxy"] == "127.0.0.1"
    assert line["path"].startswith("/")
    assert advised in line["advice"]


@pytest.mark.parametrize(
    ("error", "faults"),
    [(trio.ClosedResourceError, 0), (trio.BrokenResourceError, 0), (ValueError, 1)],
)
async def test_an_error_at_a_connections_end_ends_no_other_one(
    error: type[Exception], faults: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = TickStream.finish

    async def finish_badly(stream: TickStream) -> None:
        await finish(stream)
        raise error

    async with running() as server:
        bystander = await server.upgraded()
        with monkeypatch.context() as patched:
            patched.setattr(TickStream, "finish", finish_badly)
            client = await server.dial()
            await client.send(b"nonsense\r\n\r\n")
            await client.rest()
            with trio.fail_after(PATIENCE_S):
                while server.front.statistics().limits.connections > 1:  # noqa: ASYNC110
                    await trio.sleep(0.005)  # no event says when a connection is forgotten
        await bystander.send(frame(BINARY, b"!"))
        assert await bystander.exactly(3) == b"\x82\x01!"
        assert server.front.statistics().faults == faults

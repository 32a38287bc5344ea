"""A peer's charges on a real front: frames, heads, requests, echoes, and slow reading."""

import socket
from collections.abc import Callable

import pytest
import trio
import trio.lowlevel
from attrs import evolve
from structlog.testing import capture_logs

from game.wire.messages import CloseCode
from server.budget.costs import CONNECTION, FRAME, REQUEST
from server.budget.ledger import Ledger
from server.budget.settings import BudgetSettings
from server.net.frames import BINARY, CONTINUATION, PING, PONG, TEXT
from server.net.front import Front, guard_of
from server.net.websocket import Connection, Route
from tests.server.net.frame_strategies import frame
from tests.server.net.server import QUICK, Client, Running, running

POOR = BudgetSettings(
    connection_ms_per_s=1, connection_burst_ms=60, address_ms_per_s=1, address_burst_ms=120
)
HEAD = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"


def ledger(server: Running) -> Ledger:
    return server.front.guard.ledger


async def drip(client: Client) -> None:
    """Send single bytes without end."""
    while True:
        await client.send(b"G")
        await trio.lowlevel.checkpoint()


async def wait_until(is_so: Callable[[], bool]) -> None:
    with trio.fail_after(60):
        while not is_so():  # noqa: ASYNC110  # the front has no event
            await trio.sleep(0.05)


async def closing_of(client: Client) -> tuple[int, str]:
    """The close that ends a WebSocket."""
    events = await client.frames_to_the_end()
    return events[-1].code, events[-1].reason


@pytest.mark.parametrize("path", ["/echo", "/echo/tick"])
@pytest.mark.parametrize("opcode", [PING, PONG])
async def test_a_flood_of_control_frames_is_cut_off_with_words(path: str, opcode: int) -> None:
    async with running(budget=POOR) as server:
        client = await server.upgraded(path)
        await client.send(frame(opcode) * 2_000)
        code, reason = await closing_of(client)
        assert code == CloseCode.FLOOD
        assert "more than this server allows one client" in reason
        assert ledger(server).refused.total() == 1
        assert 0 < ledger(server).spent_us["frame"] < 2_000 * FRAME.cost_us


@pytest.mark.parametrize("path", ["/echo", "/echo/tick"])
async def test_a_message_in_endless_fragments_is_cut_off(path: str) -> None:
    async with running() as server:
        client = await server.upgraded(path)
        empty = frame(CONTINUATION, b"", is_final=False)
        await client.send(frame(BINARY, b"", is_final=False) + empty * 500)
        code, reason = await closing_of(client)
        assert code == CloseCode.FLOOD
        assert reason == f"a message in more than {QUICK.message_frames_max} frames"


async def test_fragments_end_the_connection_where_messages_must_be_whole() -> None:
    async def match(connection: Connection) -> None:
        connection.stream.begin_ticks()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(tick, connection)
            await connection.receive()

    async def tick(connection: Connection) -> None:
        while True:
            connection.stream.core.messages_nowait()
            await trio.sleep(0.01)

    whole = Route(match, needs_subprotocol=False, takes_fragments=False)
    for opcode in (BINARY, TEXT):
        async with running(routes={"/whole": whole}) as server:
            client = await server.upgraded("/whole")
            await client.send(frame(opcode, b"half", is_final=False))
            code, reason = await closing_of(client)
            assert (code, reason) == (
                CloseCode.MALFORMED,
                "a message in a match must be a single frame",
            )


async def test_requests_over_budget_are_told_to_retry_later() -> None:
    with capture_logs() as logs:
        async with running(budget=POOR) as server:
            client = await server.dial()
            for _ in range(500):
                await client.send(HEAD)
                head = await client.head()
                if b" 200 " not in head:
                    break
                await client.exactly(len(b'{"status": "ok"}'))
            assert b" 429 " in head
            assert b"retry-after: " in head
            other = await server.dial()  # of the same address, which has budget left
            await other.send(HEAD)
            assert b" 200 " in await other.head()
    (line,) = [line for line in logs if line["event"] == "request_refused"]
    assert line["peer"] == "127.0.0.1"


async def test_headers_cost_something() -> None:
    async with running(budget=POOR) as server:
        client = await server.dial()
        fat = HEAD[:-2] + b"".join(b"x-%d: y\r\n" % n for n in range(80)) + b"\r\n"
        answers = 0
        for _ in range(500):
            await client.send(fat)
            if b" 200 " not in await client.head():
                break
            await client.exactly(len(b'{"status": "ok"}'))
            answers += 1
        assert answers < 60_000 / (80 * 8)


async def test_a_head_in_single_bytes_is_paid_for_by_the_byte() -> None:
    async with running(evolve(QUICK, head_timeout_s=5.0), budget=POOR) as server:
        client = await server.dial()
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(drip, client)
            assert b" 429 " in await client.head()
            nursery.cancel_scope.cancel()
        assert ledger(server).spent_us["read"] > POOR.connection_burst_ms * 1_000 / 2


async def test_an_address_in_debt_is_refused_at_the_door() -> None:
    async with running(budget=POOR) as server:
        for _ in range(2):
            client = await server.upgraded("/echo")
            await client.send(frame(PING) * 1_000)
            await client.rest()
        client = await server.dial()
        assert b" 429 " in await client.head()
        assert server.front.statistics().refused == {"ADDRESS_WORK": 1}


async def test_refusals_are_counted_paid_for_and_told_to_as_many_as_the_settings_allow(
    autojump_clock,
) -> None:
    settings = evolve(QUICK, connections_per_address_max=1, refusals_lingering_max=2, linger_s=5.0)
    async with running(settings) as server:
        await server.dial()
        await wait_until(lambda: server.front.statistics().limits.connections == 1)
        refused = [await server.dial() for _ in range(3)]
        words = [(await client.rest())[:12] for client in refused]
        await wait_until(lambda: server.front.statistics().bytes_out > 0)
        found = server.front.statistics()
        assert words == [b"HTTP/1.1 429", b"HTTP/1.1 429", b""]
        assert (found.refused, found.explained) == ({"ADDRESS_COUNT": 3}, 2)
        assert ledger(server).spent_us == {
            "connection": 4 * CONNECTION.cost_us,
            "request": 2 * REQUEST.cost_us,
        }


async def test_echoes_are_few_for_each_address_and_end() -> None:
    settings = evolve(QUICK, echo_s=0.2)
    async with running(settings, budget=BudgetSettings(echoes_per_address=2)) as server:
        clients = [await server.upgraded("/echo") for _ in range(3)]
        assert (await closing_of(clients[2]))[0] == CloseCode.FULL
        assert (await closing_of(clients[0]))[0] == CloseCode.IDLE
        await server.upgraded("/echo")


async def test_the_echo_of_ticks_is_off_unless_it_is_asked_for() -> None:
    async with running(evolve(QUICK, echo_tick=False)) as server:
        client = await server.dial()
        await client.send(b"GET /echo/tick HTTP/1.1\r\nhost: x\r\n\r\n")
        assert b" 404 " in await client.head()


async def test_a_slow_reader_is_closed_long_before_the_rest_is_sent(
    tmp_path, autojump_clock
) -> None:
    (tmp_path / "index.html").write_bytes(b"x" * 3_000_000)
    settings = evolve(QUICK, response_timeout_s=60.0, answer_bytes_per_s_min=4_096)
    async with running(settings, folder=tmp_path) as server:
        client = await server.dial()
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        await client.send(b"GET / HTTP/1.1\r\nhost: x\r\naccept-encoding: identity\r\n\r\n")
        began_s = trio.current_time()
        while server.front.statistics().limits.connections:  # noqa: ASYNC110  # it has no event
            await trio.sleep(0.1)
        assert trio.current_time() - began_s < 20


@pytest.mark.parametrize(
    ("member", "address"),
    [("203.0.113.1:4711", "203.0.113.1"), ("[2001:db8::1]:99", "2001:db8::1")],
)
async def test_every_request_of_a_proxys_connection_counts_towards_its_own_person(
    member: str, address: str
) -> None:
    settings = evolve(QUICK, trusted_proxies=("127.0.0.1",))
    with capture_logs() as logs:
        async with running(settings) as server:
            client = await server.dial()
            await client.send(HEAD[:-2] + b"x-forwarded-for: 203.0.113.9\r\n\r\n")
            await client.head()
            await client.exactly(len(b'{"status": "ok"}'))
            forwarded = f"x-forwarded-for: {member}\r\nupgrade: websocket\r\n\r\n".encode()
            await client.send(b"GET /nowhere HTTP/1.1\r\nhost: x\r\n" + forwarded)
            await client.rest()
    (line,) = [line for line in logs if line["event"] == "handshake_refused"]
    assert line["peer"] == address


@pytest.mark.parametrize(
    ("header", "expected"), [("forwarded", "203.0.113.2"), ("x-forwarded-for", "203.0.113.1")]
)
async def test_only_the_header_that_the_proxy_writes_is_read(header: str, expected: str) -> None:
    """It may pass on what its client wrote in the other one."""
    settings = evolve(QUICK, trusted_proxies=("127.0.0.1",), forwarded_header=header)
    both = b"x-forwarded-for: 203.0.113.1\r\nforwarded: for=203.0.113.2\r\n"
    with capture_logs() as logs:
        async with running(settings) as server:
            client = await server.dial()
            await client.send(
                b"GET /x HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\n" + both + b"\r\n"
            )
            await client.rest()
    assert [line["peer"] for line in logs if line["event"] == "handshake_refused"] == [expected]


async def test_a_proxy_that_is_not_trusted_is_warned_of_loudly_and_seldom() -> None:
    with capture_logs() as logs:
        async with running() as server:
            for _ in range(30):
                client = await server.dial()
                await client.send(HEAD[:-2] + b"x-forwarded-for: 203.0.113.1\r\n\r\n")
                assert b" 200 " in await client.head()
    lines = [line for line in logs if line["event"] == "proxy_not_trusted"]
    assert 0 < len(lines) <= 10
    assert all(line["log_level"] == "warning" for line in lines)
    assert 'net.trusted_proxies = ["127.0.0.1"]' in lines[0]["advice"]


def test_a_front_without_a_guard_makes_its_own() -> None:
    front = Front(QUICK, None, {})  # type: ignore[arg-type]  # its site is never used
    assert len(front.guard.ledger) == 0
    assert guard_of(QUICK, POOR, lambda: True).ledger.settings is POOR

"""Hostile clients on the port harm only themselves.

The first three are ways for one client to bring down a bare `trio_websocket.serve_websocket`.
"""

import pytest
import trio
from attrs import evolve

from server.budget.settings import BudgetSettings
from server.net.frames import BINARY, CLOSE, PING, TEXT
from server.net.websocket import Connection, ConnectionEnded, Route
from tests.server.net.frame_strategies import frame
from tests.server.net.server import PATIENCE_S, QUICK, Running, running, upgrade_head

pytestmark = pytest.mark.usefixtures("plain_and_tls")
BOTH_ECHOES = pytest.mark.parametrize("path", ["/echo", "/echo/tick"])


async def count_settles(server: Running, count: int) -> None:
    """Wait until that many connections are left."""
    with trio.fail_after(PATIENCE_S):
        while server.front.statistics().limits.connections != count:  # noqa: ASYNC110
            await trio.sleep(0.005)  # no event says when a reset arrives


async def closes_at_once(connection: Connection) -> None:
    await connection.receive()
    await connection.close(4000, "bye")


async def has_a_bug(connection: Connection) -> None:
    await connection.receive()
    raise ValueError("a bug in the handler")


def any_client(handler: object) -> Route:
    return Route(handler, needs_subprotocol=False)  # type: ignore[arg-type]


async def test_a_ping_that_crosses_our_close_frame_ends_one_connection() -> None:
    async with running(routes={"/bye": any_client(closes_at_once)}) as server:
        client = await server.upgraded("/bye")
        await client.send(frame(BINARY))
        assert (await client.exactly(4))[2:] == (4000).to_bytes(2, "big")
        await client.send(frame(PING) * 3 + frame(BINARY))
        await client.rest()
        assert await server.still_works()
        assert server.front.statistics().handshakes["broken"] == 1  # the reader did fail
        assert server.front.statistics().faults == 0


async def test_a_bad_handshake_and_a_reset_end_one_connection() -> None:
    async with running() as server:
        for _ in range(20):
            client = await server.dial()
            await client.send(upgrade_head(sec_websocket_key=None))
            client.reset()
        await count_settles(server, 0)
        assert await server.still_works()
        assert server.front.statistics().faults == 0


async def test_a_handshake_and_a_reset_end_one_connection() -> None:
    async with running() as server:
        for _ in range(20):
            client = await server.dial()
            await client.send(upgrade_head())
            client.reset()
        await count_settles(server, 0)
        assert await server.still_works()
        assert server.front.statistics().faults == 0


async def test_eighty_resets_at_four_stages_leave_nothing() -> None:
    async with running() as server:
        for number in range(80):
            path = ("/echo", "/echo/tick")[number // 4 % 2]
            client = await server.dial()
            if number % 4 > 0:
                await client.send(upgrade_head(path)[: None if number % 4 > 1 else 40])
            if number % 4 > 2:
                await client.head()
                await client.send(frame(PING) * 100 + frame(BINARY, b"x")[:5])
            client.reset()
        await count_settles(server, 0)
        assert await server.still_works()
        assert server.front.statistics().faults == 0


async def test_a_bug_in_a_handler_costs_one_connection_and_says_so() -> None:
    async with running(routes={"/bug": any_client(has_a_bug)}) as server:
        client, bystander = await server.upgraded("/bug"), await server.upgraded("/echo")
        await client.send(frame(BINARY))
        (closed,) = await client.frames_to_the_end()
        assert closed.code == 1011
        await bystander.send(frame(BINARY, b"!"))
        assert await bystander.exactly(3) == b"\x82\x01!"
        await count_settles(server, 1)
        assert server.front.statistics().handshakes["fault"] == 1


async def test_a_head_that_trickles_is_cut_off_at_the_deadline() -> None:
    async with running(QUICK) as server:
        client = await server.dial()
        with trio.fail_after(PATIENCE_S):
            async with trio.open_nursery() as nursery:

                async def trickle() -> None:
                    await client.send(b"GET / HTTP/1.1\r\n")
                    while True:  # a byte at a time must not push the deadline away
                        await client.send(b"x")
                        await trio.sleep(0.02)

                nursery.start_soon(trickle)
                assert b" 408 " in await client.head()
                nursery.cancel_scope.cancel()
        assert await server.still_works()


async def test_a_silent_connection_is_closed_without_words() -> None:
    async with running(QUICK) as server:
        client = await server.dial()
        assert await client.rest() == b""


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"a" * 20_000, b" 431 "),
        (b"GET /" + b"a" * 20_000, b" 414 "),
        (b"GET /" + b"a" * 3_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n", b" 414 "),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b" 400 "),  # a TLS hello
        (b"\x00\xff garbage \xfe\r\n\r\n", b" 400 "),
        (b"GET / HTTP/1.1\r\n\r\n", b" 400 "),  # no Host
        (b"GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n", b" 400 "),
        (b"POST /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n", b" 413 "),
        (b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: " + b"9" * 5_000 + b"\r\n\r\n", b" 400 "),
        (b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", b" 411 "),
        (b"PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n", b" 400 "),
    ],
)
async def test_nonsense_is_answered_with_a_status_and_an_end(said: bytes, status: bytes) -> None:
    async with running() as server:
        client = await server.dial()
        await client.send(said)
        answer = await client.rest()
        assert status in answer[:16]
        assert b"connection: close" in answer.lower()
        assert await server.still_works()


async def test_a_body_beyond_the_limit_is_refused_before_it_has_arrived() -> None:
    async with running() as server:
        client = await server.dial()
        await client.send(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n")
        assert b" 413 " in await client.head()


async def test_a_flood_of_connections_from_one_address_is_told_to_wait() -> None:
    limits = evolve(QUICK, unlimited_addresses=(), connections_per_address_max=5)
    async with running(limits, budget=BudgetSettings(echoes_per_address=5)) as server:
        friends = [await server.upgraded() for _ in range(5)]
        for _ in range(100):
            client = await server.dial()
            answer = await client.rest()
            assert answer == b"" or (b" 429 " in answer and b"retry-after: " in answer)
        assert server.front.statistics().refused["ADDRESS_COUNT"] == 100
        await friends[0].send(frame(BINARY, b"!"))
        assert await friends[0].exactly(3) == b"\x82\x01!"
        friends[1].reset()
        await count_settles(server, 4)
        await server.upgraded()  # a connection slot is free again


async def test_a_full_server_says_so() -> None:
    async with running(evolve(QUICK, connections_max=1)) as server:
        await server.upgraded()
        client = await server.dial()
        assert b" 503 " in await client.head()


async def test_of_unfinished_heads_the_oldest_makes_room() -> None:
    async with running(evolve(QUICK, handshakes_max=2, head_timeout_s=5)) as server:
        slow = [await server.dial() for _ in range(2)]
        await slow[0].send(b"GET / HTTP/1.1\r\n")
        await server.upgraded()
        assert b" 408 " in await slow[0].rest()
        await slow[1].send(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        assert b" 200 " in await slow[1].head()


@BOTH_ECHOES
async def test_a_message_too_long_is_closed_with_1009(path: str) -> None:
    async with running() as server:
        client = await server.upgraded(path)
        await client.send(frame(BINARY, bytes(140_000)))
        events = await client.frames_to_the_end()
        assert events[-1].code == 1009


async def test_text_where_none_is_spoken_is_closed_with_1003() -> None:
    ended: list[int] = []

    async def binary_only(connection: Connection) -> None:
        try:
            await connection.receive()
        except ConnectionEnded as end:
            ended.append(end.code)

    async with running(routes={"/binary": any_client(binary_only)}) as server:
        client = await server.upgraded("/binary")
        await client.send(frame(TEXT, b"hello"))
        assert (await client.exactly(4))[2:] == (1003).to_bytes(2, "big")
        await client.send(frame(CLOSE, (1003).to_bytes(2, "big")))
        await client.rest()
        assert ended == [1003]


@BOTH_ECHOES
async def test_a_client_that_never_reads_disturbs_nobody(path: str) -> None:
    async with running() as server:
        client = await server.upgraded(path)
        with trio.move_on_after(0.3):  # until the server stops reading, which it must
            while True:
                await client.send(frame(BINARY, bytes(10_000)))
        assert await server.still_works()
        client.reset()
        await count_settles(server, 0)


@BOTH_ECHOES
async def test_a_flood_of_pings_that_nobody_reads_stays_bounded(path: str) -> None:
    async with running() as server:
        client = await server.upgraded(path)
        sent_bytes = 0
        with trio.move_on_after(0.5):
            while sent_bytes < 50_000_000:
                await client.send(frame(PING, bytes(125)) * 50)
                sent_bytes += 131 * 50
        assert sent_bytes < 50_000_000, "the server swallows pings without end"
        assert await server.still_works()


async def test_a_silent_websocket_is_pinged_and_closed() -> None:
    limits = evolve(QUICK, heartbeat_s=0.05, heartbeat_timeout_s=0.1)
    async with running(limits) as server:
        client = await server.upgraded()
        events = await client.frames_to_the_end()
        assert [type(event).__name__ for event in events] == ["Ping", "CloseConnection"]
        assert events[1].code == 4006


@BOTH_ECHOES
async def test_a_websocket_that_talks_is_not_pinged(path: str) -> None:
    limits = evolve(QUICK, heartbeat_s=0.2, heartbeat_timeout_s=5)
    async with running(limits) as server:
        client = await server.upgraded(path)
        until_s = trio.current_time() + 3 * limits.heartbeat_s
        while trio.current_time() < until_s:
            await client.send(frame(BINARY, b"!"))
            assert await client.exactly(3) == b"\x82\x01!"


@BOTH_ECHOES
async def test_a_websocket_that_answers_pings_lives(path: str) -> None:
    limits = evolve(QUICK, heartbeat_s=0.05, heartbeat_timeout_s=5)
    async with running(limits) as server:
        client = await server.upgraded(path)
        for _ in range(3):
            header = await client.exactly(2)
            assert header[0] == 0x89
            await client.send(frame(10, await client.exactly(header[1])))
        await client.send(frame(BINARY, b"!"))
        assert await client.exactly(3) == b"\x82\x01!"

"""The PROXY protocol: who is named is who counts, and not a byte too many is read."""

import socket
import struct
from ipaddress import IPv4Address, IPv6Address

import pytest
import trio
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from trio.testing import wait_all_tasks_blocked

from server.net.proxy_protocol import (
    HEAD,
    LENGTH_MAX,
    LOCAL,
    PROXY,
    SIGNATURE,
    TCP_OVER_IPV4,
    TCP_OVER_IPV6,
    ProxyProtocolError,
    length_of,
    read_source,
    source_of,
)
from server.net.transport import socket_transport
from tests.examples import examples
from tests.server.net.server import PATIENCE_S, PATIENT, Client, Running, running

BEHIND = evolve(PATIENT, trusted_proxies=("127.0.0.1",), proxy_protocol=True)
ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))
EXTENSIONS = st.binary(max_size=200)


def header(
    address: IPv4Address | IPv6Address, extensions: bytes = b"", command: int = PROXY
) -> bytes:
    """A header as HAProxy writes it."""
    family = TCP_OVER_IPV4 if address.version == 4 else TCP_OVER_IPV6
    body = address.packed * 2 + struct.pack("!HH", 1, 2) + extensions
    return HEAD.pack(SIGNATURE, 0x20 | command, family, len(body)) + body


async def read_from(sent: bytes, cut: int) -> tuple[str | None, bytes]:
    """What a header that comes in two pieces names, and what is left behind it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        transport = socket_transport(ours)
        theirs.sendall(sent[:cut])
        async with trio.open_nursery() as nursery:
            found: list[str | None] = []

            async def read() -> None:
                found.append(await read_source(transport))

            nursery.start_soon(read)
            await wait_all_tasks_blocked()
            theirs.sendall(sent[cut:])
        return found[0], transport.io.read_nowait(10_000) or b""


@given(ADDRESSES, EXTENSIONS, st.binary(max_size=50), st.integers(0, 300))
@examples(60)
def test_the_client_is_named_and_nothing_behind_the_header_is_read(
    address: IPv4Address | IPv6Address, extensions: bytes, rest: bytes, cut: int
) -> None:
    found, left = trio.run(read_from, header(address, extensions) + rest, cut)
    assert found is not None
    assert type(address)(found) == address
    assert left == rest


@given(ADDRESSES)
@examples(20)
def test_a_proxy_that_speaks_for_itself_names_nobody(address: IPv4Address | IPv6Address) -> None:
    found, _ = trio.run(read_from, header(address, command=LOCAL), 0)
    assert found is None


@given(st.binary(min_size=HEAD.size, max_size=HEAD.size), st.binary(max_size=100))
@examples(200)
def test_anything_else_is_refused_with_a_reason(head: bytes, body: bytes) -> None:
    with pytest.raises(ProxyProtocolError):
        length_of(head)


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        (b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n", "does not begin"),
        (HEAD.pack(SIGNATURE, 0x11, TCP_OVER_IPV4, 12) + bytes(12), "version or command: 0x11"),
        (HEAD.pack(SIGNATURE, 0x22, TCP_OVER_IPV4, 12) + bytes(12), "version or command: 0x22"),
        (HEAD.pack(SIGNATURE, 0x21, TCP_OVER_IPV4, 11) + bytes(11), "addresses in 11 bytes"),
        (HEAD.pack(SIGNATURE, 0x21, TCP_OVER_IPV6, 12) + bytes(12), "addresses in 12 bytes"),
        (HEAD.pack(SIGNATURE, 0x21, TCP_OVER_IPV4, LENGTH_MAX + 1), "a header of 2049 bytes"),
    ],
)
async def test_a_header_that_is_wrong_closes_the_connection_and_is_logged(
    spoiled: bytes, said: str
) -> None:
    with capture_logs() as logs:
        async with running(BEHIND) as server:
            client = await server.dial()
            await client.send(spoiled)
            assert await client.rest() == b""
    line = next(line for line in logs if line["event"] == "proxy_header_missing")
    assert said in line["reason"]


def test_other_families_name_nobody() -> None:
    assert source_of(HEAD.pack(SIGNATURE, 0x21, 0x31, 4), b"/tmp") is None


async def refused_as(server: Running, *sent: bytes) -> str:
    """Whom the log names for a request that is no good."""
    with capture_logs() as logs:
        client = await server.dial()
        await client.send(b"".join(sent) + b"GET /  HTTP/1.1\r\n\r\n")
        await client.rest()
    return str(next(line["peer"] for line in logs if line["event"] == "bad_request"))


async def test_whoever_is_named_counts_and_is_logged() -> None:
    async with running(BEHIND) as server:
        assert await refused_as(server, header(IPv4Address("192.0.2.7"))) == "192.0.2.7"
        assert await refused_as(server, header(IPv6Address("2001:db8::1"))) == "2001:db8::1"
        own = header(IPv4Address("192.0.2.7"), command=LOCAL)
        assert await refused_as(server, own) == "127.0.0.1"


async def test_a_client_that_is_no_proxy_cannot_name_anybody() -> None:
    async with running(evolve(BEHIND, trusted_proxies=("192.0.2.1",))) as server:
        assert await refused_as(server, header(IPv4Address("192.0.2.7"))) == "127.0.0.1"


async def test_a_proxy_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with capture_logs() as logs:
        async with running(evolve(BEHIND, head_timeout_s=0.05)) as server:
            client: Client = await server.dial()
            with trio.fail_after(PATIENCE_S):
                assert await client.rest() == b""
    assert [line["reason"] for line in logs if line["event"] == "proxy_header_missing"] == [
        "no header in time"
    ]

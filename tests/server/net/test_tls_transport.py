"""TLS over a transport: every byte arrives once and in order, and nothing ever waits."""

import gc
import socket
import ssl
import weakref
from collections.abc import Iterator
from contextlib import suppress

import pytest
import trio
from hypothesis import example, given
from hypothesis import strategies as st

from server.net.frames import BINARY
from server.net.stream import TickStream
from server.net.tls_channel import READ_BYTES, UNSENT_BYTES_MAX
from server.net.tls_transport import TlsTransport
from server.net.transport import SocketTransport, socket_transport
from tests.examples import examples
from tests.server.net.frame_strategies import frame
from tests.server.net.sockets import SETTINGS, StingySocket, Wires
from tests.server.net.tls_peers import TlsPeer, server_context


class TlsWires(Wires):
    """Pairs with TLS between them."""

    def secured(self, script: list[int] | None = None) -> tuple[TlsTransport, TlsPeer]:
        """A transport whose socket takes only what the script allows, and its peer."""
        ours, theirs = self._connected()
        if script is None:
            return TlsTransport(socket_transport(ours), server_context()), TlsPeer(theirs)
        sock = StingySocket(fileno=ours.detach())
        self._open.append(sock)
        sock.setblocking(False)
        sock.script = iter(script)
        return TlsTransport(SocketTransport(sock), server_context()), TlsPeer(theirs)

    def established(self, script: list[int] | None = None) -> tuple[TlsTransport, TlsPeer]:
        """The same after the handshake."""
        transport, peer = self.secured(script)
        shake_hands(transport, peer)
        return transport, peer


def shake_hands(transport: TlsTransport, peer: TlsPeer) -> None:
    for _ in range(1_000):
        peer.pump()
        if peer.is_established and transport.is_established and transport.io.flush_nowait():
            return
        assert transport.io.read_nowait(100) is None
        transport.io.flush_nowait()
    raise AssertionError("no handshake")


@pytest.fixture
def wires() -> Iterator[TlsWires]:
    made = TlsWires()
    yield made
    made.close()


SCRIPTS = st.lists(st.integers(0, 400), max_size=60)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.binary(min_size=1, max_size=2_000)),
        st.tuples(st.just("send"), st.binary(min_size=1, max_size=6_000)),
        st.tuples(st.just("read"), st.integers(1, 6_000)),
        st.tuples(st.just("pump"), st.integers(1, 3_000)),
    ),
    max_size=40,
)


@given(SCRIPTS, STEPS)
@example([0] * 40, [("write", b"begun"), ("write", b"refused"), ("pump", 100)])
@example([], [("send", b"x" * 6_000), ("pump", 3_000), ("read", 6_000)])
@examples(200)
def test_bytes_arrive_once_and_in_order_both_ways(script: list[int], steps: list) -> None:
    wires = TlsWires()
    transport, peer = wires.established(script)
    io = transport.io
    accepted, sent, taken = b"", b"", b""
    for kind, value in steps:
        if kind == "write":
            count = io.write_nowait(value)
            assert count in (0, len(value))  # all or nothing: a frame is never half accepted
            accepted += value[:count]
        elif kind == "send":
            peer.send(value)
            sent += value
        elif kind == "read":
            taken += io.read_nowait(value) or b""
        else:
            peer.pump(value)
    for _ in range(200):
        peer.pump()
        io.flush_nowait()
        taken += io.read_nowait(65_536) or b""
    assert peer.received == accepted
    assert taken == sent
    assert (io.bytes_out, io.bytes_in) == (len(accepted), len(sent))
    wires.close()


@given(st.lists(st.integers(1, 5_000), max_size=8), st.integers(1, 700))
@examples(100)
def test_a_short_read_leaves_nothing_to_decrypt_and_a_full_one_says_so(
    sizes: list[int], bytes_max: int
) -> None:
    wires = TlsWires()
    transport, peer = wires.established()
    for size in sizes:
        peer.send(b"x" * size)
    peer.flush()
    left = sum(sizes)
    while (chunk := transport.io.read_nowait(bytes_max)) is not None:
        left -= len(chunk)
        if len(chunk) < bytes_max:
            assert not transport.io.has_unread
            break
    if not left:
        assert transport.io.read_nowait(bytes_max) is None
    else:  # in the kernel, which reports it: no byte is forgotten on our side
        assert transport.io.read_nowait(bytes_max) is not None
    wires.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("size", [1, 7, 100, 5_000])
def test_the_handshake_may_come_in_pieces(
    wires: TlsWires, size: int, version: ssl.TLSVersion
) -> None:
    transport, peer = wires.secured()
    peer.tls.context.minimum_version = peer.tls.context.maximum_version = version
    try:
        for _ in range(5_000):
            peer.pump(size)
            assert transport.io.read_nowait(100) is None
            if peer.is_established and transport.is_established:
                break
    finally:
        peer.tls.context.minimum_version = ssl.TLSVersion.TLSv1_2
        peer.tls.context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
    assert transport.is_established


def test_bytes_right_behind_the_handshake_are_read(wires: TlsWires) -> None:
    transport, peer = wires.secured()
    peer.pump()
    assert transport.io.read_nowait(100) is None
    peer.pump()
    peer.send(b"at once")
    peer.flush()  # with the end of the handshake, in one segment
    assert transport.io.read_nowait(100) == b"at once"


def test_nothing_is_sent_before_the_handshake(wires: TlsWires) -> None:
    transport, peer = wires.secured()
    assert transport.io.write_nowait(b"secret") == 0
    shake_hands(transport, peer)
    assert transport.io.write_nowait(b"secret") == 6
    peer.pump()
    assert peer.received == b"secret"


async def test_a_sender_waits_for_the_handshake_not_for_room(wires: TlsWires) -> None:
    """A socket has room at once; waiting for that would spin until the peer speaks."""
    transport, peer = wires.secured()
    waits = 0

    async def send() -> None:
        nonlocal waits
        while not transport.io.write_nowait(b"hello"):
            waits += 1
            await transport.wait_writable()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(send)
        for _ in range(100):
            await trio.lowlevel.checkpoint()
        assert waits == 1
        with trio.fail_after(10):
            while peer.received != b"hello":
                peer.pump()
                await trio.lowlevel.checkpoint()
    assert waits < 10


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        (b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", "the client spoke plain HTTP"),
        (b"\x16\x03\x01\x00\x05hello", "unexpected message"),
        (b"\x16\x03\x01\xff\xff" + b"x" * 70_000, ""),
        (b"\x00" * 100, "the client spoke plain HTTP"),
    ],
)
def test_whatever_is_not_tls_ends_the_connection(
    wires: TlsWires, said: bytes, failure: str
) -> None:
    transport, peer = wires.secured()
    peer.socket.sendall(said[:60_000])
    for _ in range(50):
        if transport.io.read_nowait(100) == b"":
            break
    assert transport.io.is_broken
    assert transport.io.failure
    assert failure in transport.io.failure
    assert transport.io.write_nowait(b"secret") == 0


@pytest.mark.parametrize("sent_bytes", [0, 1, 50, 10_000])
@pytest.mark.parametrize("is_reset", [False, True])
def test_a_client_that_hangs_up_during_the_handshake_is_told_unless_it_said_nothing(
    wires: TlsWires, sent_bytes: int, is_reset: bool
) -> None:
    """A load balancer's probe only connects and leaves."""
    transport, peer = wires.secured()
    with suppress(ssl.SSLWantReadError):
        peer.tls.do_handshake()
    peer.socket.sendall(peer.outgoing.read()[:sent_bytes])
    if is_reset:
        transport.io.read_nowait(100)  # our answer stays unread there, which makes a reset
        peer.socket.close()
    else:
        peer.socket.shutdown(socket.SHUT_WR)
    for _ in range(5):
        if transport.io.read_nowait(100) == b"":
            break
    assert transport.io.has_ended
    assert transport.io.failure == ("the client hung up during the handshake" if sent_bytes else "")
    transport.shut_down_writing()
    assert transport.io.read_nowait(100) == b""


def test_plain_http_is_answered_in_plain_http(wires: TlsWires) -> None:
    transport, peer = wires.secured()
    peer.socket.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    assert transport.io.read_nowait(100) == b""
    answer = peer.socket.recv(4_096)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"https://" in answer


def test_a_client_that_does_not_trust_the_certificate_is_told_apart(wires: TlsWires) -> None:
    transport, peer = wires.secured()
    ours, theirs = transport, TlsPeer(peer.socket, ssl.create_default_context())
    theirs.pump()
    assert ours.io.read_nowait(100) is None
    with pytest.raises(ssl.SSLCertVerificationError):
        theirs.pump()
    theirs.flush()
    assert ours.io.read_nowait(100) == b""
    assert ours.io.failure == "the client does not trust who issued the certificate"


def test_old_versions_are_refused(wires: TlsWires) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    transport, peer = wires.secured()
    old = TlsPeer(peer.socket, context)
    old.pump()
    assert transport.io.read_nowait(100) == b""
    assert transport.io.failure == "the client is too old: it has no TLS 1.2"


def test_the_peers_end_is_an_end_with_or_without_tls_saying_so(wires: TlsWires) -> None:
    for is_gentle in (True, False):
        transport, peer = wires.established()
        peer.send(b"last")
        if is_gentle:
            with pytest.raises(ssl.SSLWantReadError):
                peer.tls.unwrap()
        peer.flush()
        peer.socket.shutdown(socket.SHUT_WR)
        assert transport.io.read_nowait(100) == b"last"
        assert transport.io.read_nowait(100) == b""
        assert not transport.io.is_broken
        assert transport.io.write_nowait(b"still heard") == 11
        peer.pump()
        assert peer.received == b"still heard"


def test_our_end_is_said_in_tls_and_in_tcp(wires: TlsWires) -> None:
    transport, peer = wires.established()
    transport.io.write_nowait(b"last")
    transport.shut_down_writing()
    peer.pump()
    assert (peer.received, peer.has_ended) == (b"last", True)


def test_a_record_that_was_changed_on_the_way_breaks_the_connection(wires: TlsWires) -> None:
    transport, peer = wires.established()
    peer.send(b"x" * 100)
    record = bytearray(peer.outgoing.read())
    record[-1] ^= 1
    peer.socket.sendall(record)
    assert transport.io.read_nowait(100) == b""
    assert transport.io.is_broken


def test_one_read_takes_a_bounded_part_of_what_came(wires: TlsWires) -> None:
    """Half a record after the other, without a byte to return: others have their turn."""
    transport, peer = wires.established()
    peer.send(b"x" * 16_000)
    record = peer.outgoing.read()
    peer.socket.sendall(record[:-1])
    before = transport._inner.io.bytes_in
    assert transport.io.read_nowait(100) is None
    assert transport._inner.io.bytes_in - before <= 5 * READ_BYTES


def test_a_peer_that_does_not_read_is_not_read(wires: TlsWires) -> None:
    """Answers to key updates would pile up here; so would anything else that TLS answers."""
    transport, peer = wires.established()
    while transport.io.write_nowait(b"x" * 8 * UNSENT_BYTES_MAX):
        pass
    peer.send(b"hello")
    peer.flush()
    assert transport.io.read_nowait(100) is None
    for _ in range(50):
        peer.pump()
        transport.io.flush_nowait()
    assert transport.io.read_nowait(100) == b"hello"


async def test_a_stream_over_tls_serves_ticks(wires: TlsWires) -> None:
    transport, peer = wires.established()
    stream = TickStream(transport, SETTINGS)
    stream.begin_frames(SETTINGS.message_bytes_max)
    stream.begin_ticks()
    payloads = [bytes((n,)) * n for n in range(1, 60)]
    for payload in payloads:
        peer.send(frame(BINARY, payload))
    peer.flush()
    came: list[bytes] = []
    for _ in range(20):
        came += stream.core.messages_nowait()
        if not stream.core.has_backlog and not peer_has_more(transport):
            break
    assert came == payloads
    assert stream.core.send_nowait(b"snapshot")
    peer.pump()
    assert peer.received == b"\x82\x08snapshot"
    await stream.aclose()


def peer_has_more(transport: TlsTransport) -> bool:
    """Whether the kernel has bytes for this transport, which epoll would report."""
    sock = socket.socket(fileno=transport.fileno())
    try:
        return bool(sock.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
    finally:
        sock.detach()


async def test_a_stream_sends_all_before_it_returns(wires: TlsWires) -> None:
    transport, peer = wires.established([0, 100, 0, 0, 1_000, 0] * 20)
    stream = TickStream(transport, SETTINGS)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(stream.send_all, b"x" * 40_000)
        with trio.fail_after(10):
            while len(peer.received) < 40_000:
                peer.pump()
                await trio.lowlevel.checkpoint()
    await stream.aclose()


async def test_a_closed_connection_is_freed_without_a_collection(wires: TlsWires) -> None:
    transport, peer = wires.established()
    peer.send(b"x")
    peer.flush()
    assert transport.io.read_nowait(100) == b"x"
    kept = weakref.ref(transport._channel._tls)
    gc.disable()
    try:
        transport.close()
        assert transport.io.read_nowait(100) == b""
        assert transport.io.write_nowait(b"x") == 0
        del transport
        assert kept() is None
    finally:
        gc.enable()


async def test_a_reader_that_was_held_back_does_not_sleep_on_bytes_that_are_here(
    wires: TlsWires,
) -> None:
    """The kernel no longer knows of them, so it would not wake anybody for them."""
    transport, peer = wires.established()
    peer.send(b"x" * 2_000)
    peer.flush()
    assert len(transport.io.read_nowait(1_000) or b"") == 1_000
    while transport.io.write_nowait(b"y" * 8 * UNSENT_BYTES_MAX):
        pass
    assert transport.io.read_nowait(1_000) is None  # until the peer reads
    with trio.fail_after(10):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(transport.wait_readable)
            while len(peer.received) < 8 * UNSENT_BYTES_MAX:
                peer.pump()
                transport.io.flush_nowait()
                await trio.lowlevel.checkpoint()
    assert len(transport.io.read_nowait(1_000) or b"") == 1_000

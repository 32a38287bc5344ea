"""TickStream: which side gets which bytes, in which order, and how it ends."""

import socket

import pytest
import trio
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from trio.testing import wait_all_tasks_blocked
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, Ping

from server.net.frames import BINARY, CLOSE, PING, TEXT, close_frame
from server.net.tick_core import FIRST_READ_BYTES, READ_BYTES
from server.net.transport import socket_transport
from tests.examples import examples
from tests.server.net.frame_strategies import frame
from tests.server.net.sockets import SETTINGS, Wires, everything

PING_OF_SERVER = b"\x89\x02hi"

# Events on a stream's writing side, in any order.
WRITES = st.lists(
    st.one_of(
        st.tuples(st.just("tick"), st.binary(max_size=300)),
        st.tuples(st.just("library"), st.binary(max_size=120)),
        st.tuples(st.just("flush"), st.just(b"")),
        st.tuples(st.just("pause"), st.just(b"")),
    ),
    max_size=20,
)


@given(st.lists(st.integers(0, 20), max_size=60), WRITES)
@example([1], [("tick", b"begun"), ("library", b"behind")])
@examples(150)
def test_no_frame_is_ever_cut_by_another(script: list[int], writes: list) -> None:
    wires = Wires()
    trio.run(_check_writes, wires, script, writes)
    wires.close()


async def _check_writes(wires: Wires, script: list[int], writes: list[tuple[str, bytes]]) -> None:
    stream, peer = wires.stingy(script)
    to_library, from_test = trio.open_memory_channel[bytes](100)
    sent: list[bytes] = []

    async def library() -> None:  # one send at a time, as trio-websocket's lock ensures
        async for payload in from_test:
            await stream.send_all(bytes((0x89, len(payload))) + payload)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(library)
        for kind, payload in writes:
            if kind == "tick" and stream.core.send_nowait(payload):
                sent.append(payload)
            elif kind == "library":
                to_library.send_nowait(payload)
            elif kind == "flush":
                stream.core.flush_nowait()
            elif kind == "pause":
                await trio.lowlevel.checkpoint()
        to_library.close()
    while not stream.core.flush_nowait():
        pass
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(everything(peer))
    events = list(client.events())
    messages, whole = [], b""
    for event in events:
        if isinstance(event, BytesMessage):
            whole += event.data
            if event.message_finished:
                messages.append(whole)
                whole = b""
    assert messages == sent
    pings = [bytes(event.payload) for event in events if isinstance(event, Ping)]
    assert pings == [payload for kind, payload in writes if kind == "library"]


async def first_bytes(peer: socket.socket) -> bytes:
    """Let other tasks run until something is sent."""
    while not (received := everything(peer)):
        await trio.lowlevel.checkpoint()
    return received


async def test_before_ticks_all_bytes_go_to_the_reader(wires: Wires) -> None:
    stream, peer = wires.framed()
    content = frame(BINARY, b"one") + frame(PING, b"two")
    peer.send(content)
    assert await stream.receive_some() == content
    assert stream.core.messages_nowait() == []


async def test_a_frame_begun_before_the_ticks_is_finished_where_it_began(wires: Wires) -> None:
    stream, peer = wires.framed()
    whole = frame(BINARY, b"x" * 50)
    peer.send(whole[:20])
    assert await stream.receive_some() == whole[:20]
    stream.begin_ticks()
    peer.send(whole[20:] + frame(BINARY, b"mine"))
    assert stream.core.messages_nowait() == [b"mine"]
    assert await stream.receive_some() == whole[20:]


async def test_in_ticks_the_reader_sleeps_through_messages(
    wires: Wires, autojump_clock: object
) -> None:
    stream, peer = wires.framed()
    received: list[bytes] = []

    async def reader() -> None:
        received.append(await stream.receive_some())

    async with trio.open_nursery() as nursery:
        nursery.start_soon(reader)
        await wait_all_tasks_blocked()  # it waits for the socket now
        stream.begin_ticks()
        peer.send(frame(BINARY, b"a") + frame(BINARY, b"b"))
        await wait_all_tasks_blocked()
        assert received == []
        assert stream.core.messages_nowait() == [b"a", b"b"]
        peer.send(frame(PING, b"still there?"))
        assert stream.core.messages_nowait() == []
        await wait_all_tasks_blocked()
        assert received == [frame(PING, b"still there?")]


async def test_after_a_close_frame_the_ticks_are_over(wires: Wires) -> None:
    stream, peer = wires.framed()
    stream.begin_ticks()
    goodbye = frame(CLOSE, b"\x03\xe8")
    peer.send(frame(BINARY, b"last") + goodbye + frame(BINARY, b"too late"))
    assert stream.core.messages_nowait() == [b"last"]
    assert stream.is_closed
    assert not stream.core.send_nowait(b"no")
    assert (await stream.receive_some()).startswith(goodbye)


async def test_the_peers_end_ends_the_reader(wires: Wires) -> None:
    stream, peer = wires.framed()
    stream.begin_ticks()
    peer.close()
    assert stream.core.messages_nowait() == []
    assert stream.is_closed
    assert await stream.receive_some() == b""


async def test_a_broken_peer_is_noticed_by_sending(wires: Wires) -> None:
    stream, peer = wires.framed()
    stream.begin_ticks()
    peer.close()
    assert not stream.core.send_nowait(b"x")
    assert stream.is_closed
    assert await stream.receive_some() == b""


async def test_closing_wakes_a_sleeping_reader(wires: Wires) -> None:
    stream, _peer = wires.framed()
    stream.begin_ticks()
    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:

            async def reader() -> None:
                with pytest.raises(trio.ClosedResourceError):
                    await stream.receive_some()

            nursery.start_soon(reader)
            await wait_all_tasks_blocked()
            stream.close_nowait()


async def test_ending_the_ticks_gives_half_a_frame_back(wires: Wires) -> None:
    stream, peer = wires.framed()
    stream.begin_ticks()
    whole = frame(BINARY, b"x" * 30)
    peer.send(whole[:15])
    assert stream.core.messages_nowait() == []
    stream.end_ticks()
    peer.send(whole[15:])
    received = await stream.receive_some()
    while len(received) < len(whole):
        received += await stream.receive_some()
    assert received == whole


async def test_a_reader_that_sleeps_holds_the_peer_back(wires: Wires) -> None:
    once = FIRST_READ_BYTES + READ_BYTES
    limits = evolve(SETTINGS, passed_bytes_max=READ_BYTES)
    stream, peer = wires.framed(limits)
    stream.begin_ticks()
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 400_000)
    for _ in range(200):
        peer.send(frame(TEXT, b"t" * 100))
    for _ in range(50):
        stream.core.messages_nowait()
    assert stream.statistics().bytes_in == once
    read_bytes = 0
    while read_bytes < once:
        read_bytes += len(await stream.receive_some())
    stream.core.messages_nowait()
    assert once < stream.statistics().bytes_in <= 2 * once  # it reads on once the reader has read


async def test_one_tick_reads_no_more_than_its_budget(wires: Wires) -> None:
    once = FIRST_READ_BYTES + READ_BYTES
    limits = evolve(SETTINGS, drain_bytes_max=once, drain_messages_max=4_096)
    stream, peer = wires.framed(limits)
    stream.begin_ticks()
    peer.send(frame(BINARY, b"") * 2_000)
    taken = stream.core.messages_nowait()
    assert stream.statistics().bytes_in == once
    assert len(taken) == once // 6


async def test_a_peer_that_does_not_read_is_skipped_and_catches_up(wires: Wires) -> None:
    stream, peer = wires.framed()
    stream.begin_ticks()
    count = 0
    while stream.core.send_nowait(bytes(1_000)):
        count += 1
        assert count < 10_000, "the kernel takes everything"
    everything(peer)
    assert stream.core.send_nowait(b"again")
    assert stream.statistics().remainder_bytes == 0


async def test_while_the_library_sends_the_tick_is_busy(
    wires: Wires, autojump_clock: object
) -> None:
    stream, peer = wires.stingy([3, *[0] * 10])
    async with trio.open_nursery() as nursery:
        nursery.start_soon(stream.send_all, PING_OF_SERVER)
        assert await first_bytes(peer) == PING_OF_SERVER[:3]
        assert not stream.core.send_nowait(b"not inside")
    assert everything(peer) == PING_OF_SERVER[3:]
    assert stream.core.send_nowait(b"behind")


async def test_a_send_cancelled_half_way_breaks_the_stream(wires: Wires) -> None:
    stream, peer = wires.stingy([3] + [0] * 10_000)
    with trio.CancelScope() as scope:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(stream.send_all, PING_OF_SERVER)
            assert await first_bytes(peer) == PING_OF_SERVER[:3]
            scope.cancel()
    assert stream.is_closed
    assert not stream.core.send_nowait(b"inside half a frame")
    stream.send_close_nowait(1001, "")
    assert everything(peer) == b""
    with pytest.raises(trio.BrokenResourceError):
        await stream.send_all(b"x")


async def test_a_send_cancelled_before_its_first_byte_breaks_nothing(wires: Wires) -> None:
    stream, peer = wires.framed()
    with trio.CancelScope() as scope:
        scope.cancel()
        await stream.send_all(PING_OF_SERVER)
    assert stream.core.send_nowait(b"x")
    assert everything(peer) == b"\x82\x01x"


async def test_nothing_follows_a_close_frame(wires: Wires) -> None:
    stream, peer = wires.framed()
    stream.begin_ticks()
    stream.send_close_nowait(4001, "bye")
    assert not stream.core.send_nowait(b"x")
    stream.send_close_nowait(4002, "bye again")
    assert everything(peer) == close_frame(4001, "bye")


async def test_nothing_follows_the_close_frame_of_the_library(wires: Wires) -> None:
    stream, peer = wires.framed()
    stream.begin_ticks()
    await stream.send_all(close_frame(1000, ""))
    assert stream.is_closed
    assert not stream.core.send_nowait(b"x")
    assert everything(peer) == close_frame(1000, "")


async def test_ending_the_ticks_gives_a_backlog_back(wires: Wires) -> None:
    stream, peer = wires.framed(evolve(SETTINGS, drain_messages_max=1))
    stream.begin_ticks()
    peer.send(frame(BINARY, b"taken") + frame(BINARY, b"left"))
    assert stream.core.messages_nowait() == [b"taken"]
    assert stream.core.has_backlog
    stream.end_ticks()
    assert not stream.core.has_backlog
    with trio.fail_after(5):
        assert await stream.receive_some() == frame(BINARY, b"left")


async def test_the_last_message_arrives_though_bytes_were_left_unread(wires: Wires) -> None:
    stream, peer = wires.pair()
    peer.send(b"never read by us")
    async with trio.open_nursery() as nursery:
        await stream.send_all(b"the last words")
        nursery.start_soon(stream.finish)
        await wait_all_tasks_blocked()
        assert everything(peer) == b"the last words"
        peer.close()
    assert stream.is_closed


async def test_finish_does_not_wait_for_ever(
    wires: Wires, autojump_clock: trio.testing.MockClock
) -> None:
    stream, _peer = wires.pair()
    began_s = trio.current_time()
    await stream.finish()
    assert trio.current_time() - began_s == pytest.approx(SETTINGS.linger_s)
    assert stream.fileno() == -1


async def test_frames_from_before_our_answer_wait_for_it(wires: Wires) -> None:
    stream, _peer = wires.pair()
    early = frame(BINARY, b"early")
    stream.unread(early)
    stream.begin_handshake(b"HEAD")
    assert await stream.receive_some() == b"HEAD"
    with trio.move_on_after(0):
        await stream.receive_some()
        pytest.fail("frames came before the answer")
    stream.begin_frames(1_024)
    assert await stream.receive_some() == early


@pytest.mark.parametrize("is_ticking", [False, True])
async def test_two_looks_show_whether_bytes_arrived(wires: Wires, is_ticking: bool) -> None:
    stream, peer = wires.framed()
    if is_ticking:
        stream.begin_ticks()
    heard_bytes = stream.bytes_in
    peer.send(frame(PING, b""))
    await stream.receive_some() if not is_ticking else stream.core.messages_nowait()
    assert stream.bytes_in == heard_bytes + len(frame(PING, b""))


def test_the_kernel_tells_how_long_bytes_have_been_waiting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        peer = socket.create_connection(door.getsockname())
        transport = socket_transport(door.accept()[0])
    with peer:
        peer.send(b"x")
        assert 0 <= transport.idle_ms() < 10_000
        assert 0 <= transport.rtt_ms() < 1_000, "microseconds were taken for milliseconds"
        transport.socket.close()
        assert (transport.idle_ms(), transport.rtt_ms()) == (0, 0), (
            "a closed one has nothing to tell"
        )

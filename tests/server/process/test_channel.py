"""Messages and descriptors between two ends: in order, bounded, and nothing left over."""

import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2
import pytest
import trio
from attrs import define
from hypothesis import given
from hypothesis import strategies as st

from server.process.channel import (
    OUTBOX_MAX,
    REFUSABLE_MAX,
    STARVED_S,
    Channel,
    ChannelEndedError,
    accept,
    connect,
    listen_at,
    socket_pair,
)
from server.process.messages import HEAD_BYTES_MAX, TO_GATEWAY, TO_WORKER
from tests.server.people import open_descriptors

PATIENCE_S = 10.0
Ends = tuple[Channel, Channel]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """The gateway's end and the worker's; afterwards none of their descriptors is open."""
    before = open_descriptors()
    ours, theirs = socket_pair()
    yield Channel(ours, TO_WORKER, TO_GATEWAY), Channel(theirs, TO_GATEWAY, TO_WORKER)
    for end in (ours, theirs):
        end.close()
    assert open_descriptors() <= before


async def hear(channel: Channel) -> tuple[object, ...]:
    with trio.fail_after(PATIENCE_S):
        message = await channel.receive()
    return (message.name, *message.fields)


async def test_messages_arrive_in_the_order_in_which_they_were_said(ends: Ends, nursery):
    gateway, worker = ends
    nursery.start_soon(gateway.run)
    for number in range(OUTBOX_MAX // 2):
        assert gateway.send("kept", "m1", number)
    for number in range(OUTBOX_MAX // 2):
        assert await hear(worker) == ("kept", "m1", number)
    nursery.cancel_scope.cancel()


async def test_a_socket_goes_along_and_works_on_the_other_side(ends: Ends):
    gateway, worker = ends
    one, other = socket.socketpair()
    gateway.send("visit", "127.0.0.1", b"GET", descriptors=(one.detach(),))
    with trio.fail_after(PATIENCE_S):
        message = await worker.receive()
    with socket.socket(fileno=message.descriptors[0]) as passed, other:
        passed.send(b"hello")
        assert other.recv(9) == b"hello"


async def test_a_slow_reader_costs_the_channel_and_not_the_memory(ends: Ends):
    gateway, _ = ends
    said = 0
    while gateway.send("visit", "127.0.0.1", b"x" * HEAD_BYTES_MAX, descriptors=(os.dup(0),)):
        said += 1
    assert OUTBOX_MAX <= said < OUTBOX_MAX + 100, "what the kernel holds, and what we do"
    assert gateway.is_closed
    assert not gateway.send("kept", "m1", 1)


async def test_a_reader_who_wakes_up_gets_what_waited(ends: Ends, nursery):
    gateway, worker = ends
    for number in range(20):
        gateway.send("visit", str(number), b"x" * HEAD_BYTES_MAX, descriptors=(os.dup(0),))
    assert not gateway.is_idle
    nursery.start_soon(gateway.run)
    for number in range(20):
        with trio.fail_after(PATIENCE_S):
            message = await worker.receive()
        os.close(message.descriptors[0])
        assert message.fields[0] == str(number)
    with trio.fail_after(PATIENCE_S):
        await gateway.drain()
    assert gateway.is_idle
    nursery.cancel_scope.cancel()


async def test_a_dead_peers_last_messages_arrive_before_its_end(ends: Ends):
    gateway, worker = ends
    gateway.send("kept", "m1", 1)
    gateway.close()
    assert await hear(worker) == ("kept", "m1", 1)
    with pytest.raises(ChannelEndedError), trio.fail_after(PATIENCE_S):
        await worker.receive()
    worker.send("retiring")
    assert worker.is_closed


async def test_closing_ends_a_wait_for_messages(ends: Ends, nursery):
    gateway, _ = ends

    async def wait() -> None:
        with pytest.raises(ChannelEndedError):
            await gateway.receive()

    nursery.start_soon(wait)
    await trio.testing.wait_all_tasks_blocked()
    gateway.close()


@given(packet=st.binary(min_size=1, max_size=200), count=st.integers(0, 3))
def test_unknown_messages_end_the_channel_and_leave_no_descriptor(packet: bytes, count: int):
    async def run() -> None:
        raw, theirs = socket_pair()
        worker = Channel(theirs, TO_GATEWAY, TO_WORKER)
        with raw:
            socket.send_fds(raw, [packet], [0] * count)
            with pytest.raises(ChannelEndedError), trio.fail_after(PATIENCE_S):
                await worker.receive()
        assert worker.is_closed

    before = open_descriptors()
    trio.run(run)
    assert open_descriptors() <= before


async def test_a_packet_that_is_too_long_is_not_half_a_message(ends: Ends):
    raw, theirs = socket_pair()
    worker = Channel(theirs, TO_GATEWAY, TO_WORKER)
    with raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        raw.send(cbor2.dumps(["kept", "m1", 1]) + bytes(100_000))
        with pytest.raises(ChannelEndedError), trio.fail_after(PATIENCE_S):
            await worker.receive()


async def test_a_call_waits_for_an_answer_as_long_as_somebody_will_listen(tmp_path: Path):
    path = str(tmp_path / "gateway.sock")
    with pytest.raises(OSError, match="No such file"):
        connect(path)
    with listen_at(path) as listener, connect(path) as caller:
        caller.send(b"early")
        answer, _ = listener.accept()
        with answer:
            assert answer.recv(9) == b"early"


@define
class Starved:
    """A listener that at first has no free descriptors for connections."""

    listener: socket.socket
    refusals: int

    def fileno(self) -> int:
        return self.listener.fileno()

    def accept(self) -> tuple[socket.socket, object]:
        if self.refusals:
            self.refusals -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return self.listener.accept()


async def test_callers_wait_while_there_are_no_descriptors_for_them(
    tmp_path: Path, autojump_clock: object
):
    path = str(tmp_path / "sock")
    with listen_at(path) as listener, connect(path):
        began_s = trio.current_time()
        starved: Any = Starved(listener, 5)
        with await accept(starved):
            assert trio.current_time() - began_s == pytest.approx(5 * STARVED_S)


async def test_newcomers_have_no_room_long_before_the_processes_themselves_have_none(ends: Ends):
    gateway, worker = ends
    while gateway.has_room:
        gateway.send("visit", "10.0.0.1", b"x" * HEAD_BYTES_MAX, descriptors=(os.dup(0),))
    for number in range(OUTBOX_MAX - REFUSABLE_MAX):
        assert gateway.send("kept", "m1", number), "it is never closed for load"
    worker.close()
    gateway.close()
    assert not gateway.has_room

"""A connection through a bad network, between streams in memory and in virtual time: exactly."""

import random

import pytest
import trio
from trio.testing import memory_stream_pair

from clients.chaos.connection import RESET, SimulatedConnection, reset_after_s
from clients.chaos.link import NEVER
from clients.chaos.profiles import NetworkProfile

FAR = NetworkProfile(delay_s=0.1)


class Rig:
    """A client and a server, and a connection between them; `aborted` lists the broken streams."""

    def __init__(self, profile: NetworkProfile, seed: int = 1) -> None:
        self.client, self.near = memory_stream_pair()
        self.far, self.server = memory_stream_pair()
        self.aborted: list[trio.abc.Stream] = []
        self.connection = SimulatedConnection(profile, random.Random(seed), self.aborted.append)

    async def relay(self) -> None:
        await self.connection.relay(self.near, self.far)


def relayed(nursery: trio.Nursery, profile: NetworkProfile) -> Rig:
    rig = Rig(profile)
    nursery.start_soon(rig.relay)
    return rig


async def received(end: trio.abc.ReceiveStream, byte_count: int) -> bytes:
    data = b""
    while len(data) < byte_count:
        data += await end.receive_some(byte_count - len(data))
    return data


async def test_bytes_take_the_delay_in_both_directions(nursery, autojump_clock) -> None:
    rig = relayed(nursery, FAR)
    await rig.client.send_all(b"ping")
    assert await rig.server.receive_some() == b"ping"
    assert trio.current_time() == pytest.approx(0.1)
    await rig.server.send_all(b"pong")
    assert await rig.client.receive_some() == b"pong"
    assert trio.current_time() == pytest.approx(0.2)


async def test_a_slow_line_stops_who_writes_too_fast(nursery, autojump_clock) -> None:
    rig = relayed(nursery, NetworkProfile(delay_s=0.1, bytes_per_s=1_000))
    await rig.client.send_all(bytes(100_000))  # a stream in memory keeps what nobody takes
    came_bytes = 0
    with trio.move_on_after(60):
        while True:
            came_bytes += len(await rig.server.receive_some())
            assert rig.connection._up.link.unread_bytes <= rig.connection.profile.capacity_bytes
    assert came_bytes == pytest.approx(60_000, rel=0.05)


async def test_a_stall_holds_both_directions_and_then_all_comes_at_once(
    nursery, autojump_clock
) -> None:
    rig = relayed(nursery, NetworkProfile(stall_every_s=4, stall_for_s=2))
    times_s = [hundredth / 100 for hundredth in range(1_000)]
    begin_s = next(time_s for time_s in times_s if rig.connection._stalls.past(time_s) > time_s)
    await trio.sleep_until(begin_s + 0.1)
    for word in (b"one", b"two"):
        await rig.client.send_all(word)
        await rig.server.send_all(word)
        await trio.sleep(0.1)
    for end in (rig.server, rig.client):
        assert await received(end, 6) == b"onetwo"
        assert trio.current_time() == pytest.approx(begin_s + 2, abs=0.02)
    assert rig.connection.stall_count == 1


async def test_half_a_conversation_may_end_before_the_other(nursery, autojump_clock) -> None:
    rig = Rig(FAR)
    ended = trio.Event()

    async def relay() -> None:
        await rig.relay()
        ended.set()

    nursery.start_soon(relay)
    await rig.client.send_all(b"last words")
    await rig.client.send_eof()
    assert await rig.server.receive_some() == b"last words"
    assert await rig.server.receive_some() == b""
    assert not ended.is_set()
    await rig.server.send_all(b"the answer")
    await rig.server.send_eof()
    assert await rig.client.receive_some() == b"the answer"
    assert await rig.client.receive_some() == b""
    await ended.wait()
    assert rig.connection.ending == "ended by the client"
    assert (rig.connection.up_bytes, rig.connection.down_bytes) == (10, 10)
    assert not rig.aborted


async def test_one_side_that_breaks_breaks_the_other(autojump_clock) -> None:
    rig = Rig(FAR)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(rig.relay)
        await trio.testing.wait_all_tasks_blocked()
        await rig.far.aclose()
    assert rig.aborted == [rig.near, rig.far]
    assert rig.connection.ending == "reset by the server"


async def test_the_reset_comes_when_the_dice_say(autojump_clock) -> None:
    always = NetworkProfile(reset_per_minute=1.0)
    rig = Rig(always, 3)
    await rig.relay()
    assert 0 < trio.current_time() < 60
    assert rig.aborted == [rig.near, rig.far]
    assert rig.connection.ending == RESET
    again = Rig(always, 3)
    first_s = trio.current_time()
    await again.relay()
    assert trio.current_time() == pytest.approx(2 * first_s)


def test_resets_are_as_likely_within_a_minute_as_was_asked() -> None:
    dice = random.Random(1)
    profile = NetworkProfile(reset_per_minute=0.25)
    times = [reset_after_s(profile, dice) for _ in range(4_000)]
    assert 0.22 < sum(time_s < 60 for time_s in times) / 4_000 < 0.28
    assert reset_after_s(NetworkProfile(), dice) == NEVER

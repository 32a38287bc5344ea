"""The simulated network keeps TCP's promises in any profile: a run is only as good as that."""

import random

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from tests.simulation.network import Network, NetworkTrouble
from tests.simulation.pipe import NEVER, NetworkProfile, Pipe
from tests.simulation.sim_transport import SimTransport

ROUGH = NetworkTrouble(delay_s_max=0.2, jitter_share=2.0, short_write_share=0.5, slow=0.5)


async def wired(seed: int, trouble: NetworkTrouble) -> tuple[Network, SimTransport, SimTransport]:
    """A network and both ends of a connection: the client's and the server's."""
    network = Network(random.Random(seed), trouble)
    listener = network.listen(None)
    client = await network.connect("10.0.0.1")
    return network, client, listener.backlog[0][0]


async def send(transport: SimTransport, data: bytes) -> None:
    left = data
    while left:
        await transport.wait_writable()
        left = left[transport.io.write_nowait(left) :]
    transport.shut_down_writing()


async def receive(transport: SimTransport) -> bytes:
    received = b""
    while True:
        chunk = transport.io.read_nowait(100)
        if chunk is None:
            await transport.wait_readable()
        elif not chunk:
            return received
        else:
            received += chunk


@given(data=st.binary(max_size=20_000), seed=st.integers(0, 10_000))
def test_all_bytes_arrive_once_in_order_and_then_the_end(data: bytes, seed: int) -> None:
    async def main() -> None:
        _, client, server = await wired(seed, ROUGH)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(send, client, data)
            assert await receive(server) == data

    trio.run(main, clock=MockClock(autojump_threshold=0))


@given(
    writes=st.lists(st.integers(1, 3_000), max_size=20),
    capacity_bytes=st.integers(1, 5_000),
    seed=st.integers(0, 100),
)
def test_a_reader_that_does_not_read_stops_the_writer(writes, capacity_bytes, seed) -> None:
    profile = NetworkProfile(delay_s=0.01, bytes_per_s=1e6, capacity_bytes=capacity_bytes)
    pipe = Pipe(profile, random.Random(seed), short_write_share=0.5)
    taken = sum(pipe.write(bytes(count), 0.0) for count in writes)
    assert taken == pipe.unread_bytes <= capacity_bytes
    assert len(pipe.read(taken + 1, 100.0) or b"") == taken
    assert pipe.unread_bytes == 0


async def test_a_reset_ends_both_sides_and_destroys_what_was_under_way(autojump_clock) -> None:
    _, client, server = await wired(1, NetworkTrouble(delay_s_max=0.1, jitter_share=5.0))
    client.io.write_nowait(b"half a fr")
    client.reset()
    await trio.sleep(1)
    assert server.io.read_nowait(100) == b""
    assert server.io.is_broken
    assert server.io.write_nowait(b"too late") == 0
    with pytest.raises(trio.BrokenResourceError):
        await server.wait_writable()


async def test_a_half_open_peer_says_nothing_and_takes_what_the_buffer_holds(
    autojump_clock,
) -> None:
    _, client, server = await wired(2, NetworkTrouble())
    client.outbound.lost_s = client.inbound.lost_s = 0.0
    client.io.write_nowait(b"into the void")
    while server.io.write_nowait(bytes(1_000)):
        pass
    with trio.move_on_after(60) as patience:
        await server.wait_readable()
    assert patience.cancelled_caught
    assert not server.outbound.is_writable(trio.current_time())


async def test_nobody_listens_after_a_death_and_what_was_written_before_arrives(
    autojump_clock,
) -> None:
    network, client, server = await wired(3, NetworkTrouble())
    server.io.write_nowait(b"last words")
    network.drop_owner(None)
    assert await receive(client) == b"last words"
    assert server.fileno() == -1
    with pytest.raises(ConnectionRefusedError):
        await network.connect("10.0.0.1")


async def test_after_healing_nothing_new_goes_wrong(autojump_clock) -> None:
    always = NetworkTrouble(refused=1.0, reset=1.0, half_open=1.0, stall=1.0)
    network = Network(random.Random(4), always)
    network.listen(None)
    network.heal()
    client = await network.connect("10.0.0.1")
    assert client.inbound.broken_s == client.inbound.lost_s == NEVER

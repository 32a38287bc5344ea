"""Heartbeat timers of many connections expire together."""

from typing import Any

import trio
import trio.testing
from hypothesis import given
from hypothesis import strategies as st

from server.net.settings import NetSettings
from server.net.websocket import MOMENTS_PER_HEARTBEAT, Connection, next_shared_moment

HEARTBEAT_S = 15.0


@given(st.floats(0, 1e6), st.floats(0.05, 3_600))
def test_nobody_waits_much_longer_for_company(due_s: float, heartbeat_s: float) -> None:
    moment_s = next_shared_moment(due_s, heartbeat_s)
    assert -1e-6 <= moment_s - due_s <= heartbeat_s / MOMENTS_PER_HEARTBEAT + 1e-6


def test_clients_that_connect_one_by_one_wake_the_process_few_times() -> None:
    came_s = [1_000 + index * HEARTBEAT_S / 1_000 for index in range(1_000)]
    moments = {next_shared_moment(each + HEARTBEAT_S, HEARTBEAT_S) for each in came_s}
    assert len(moments) <= MOMENTS_PER_HEARTBEAT + 1


class Silent:
    """A peer that says nothing and answers every ping: both halves of a connection."""

    bytes_in = 0

    def __init__(self, pinged_s: set[float]) -> None:
        self.pinged_s = pinged_s

    async def ping(self) -> None:
        """Note the time of the ping."""
        self.pinged_s.add(trio.current_time())


async def test_connections_are_pinged_together(autojump_clock: trio.testing.MockClock) -> None:
    pinged_s: set[float] = set()
    settings = NetSettings(heartbeat_s=HEARTBEAT_S)
    with trio.move_on_after(2.5 * HEARTBEAT_S):
        async with trio.open_nursery() as nursery:
            for _ in range(300):
                peer: Any = Silent(pinged_s)
                nursery.start_soon(Connection("peer", "/", peer, peer, settings).keep_alive)
                await trio.sleep(HEARTBEAT_S / 300)
    assert MOMENTS_PER_HEARTBEAT <= len(pinged_s) <= 2 * MOMENTS_PER_HEARTBEAT

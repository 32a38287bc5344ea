"""Timers of many connections ring together."""

from hypothesis import given
from hypothesis import strategies as st

from server.net.websocket import MOMENTS_PER_HEARTBEAT, in_company

HEARTBEAT_S = 15.0


@given(st.floats(0, 1e6), st.floats(0.05, 3_600))
def test_nobody_waits_much_longer_for_company(due_s: float, heartbeat_s: float) -> None:
    moment_s = in_company(due_s, heartbeat_s)
    assert -1e-6 <= moment_s - due_s <= heartbeat_s / MOMENTS_PER_HEARTBEAT + 1e-6


def test_those_who_came_one_by_one_wake_the_process_few_times() -> None:
    came_s = [1_000 + index * HEARTBEAT_S / 1_000 for index in range(1_000)]
    moments = {in_company(each + HEARTBEAT_S, HEARTBEAT_S) for each in came_s}
    assert len(moments) <= MOMENTS_PER_HEARTBEAT + 1

"""A process that was suspended does not count that time as anybody's silence."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trio
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from server.process.channel import Channel, socket_pair
from server.process.child_handle import ChildHandle
from server.process.messages import TO_CHILD, TO_SUPERVISOR
from server.runtime.clock import NAP_S, PAUSE_MIN_S, AwakeClock, AwakeTime

SILENT_S = 10.0
ALIVE_S = 1.0


@define
class Machine:
    """A fake machine's clock, and the CPU time of this process."""

    passed_s: float = 1_000.0
    worked_s: float = 0.0
    pauses_s: list[float] = field(factory=list)

    def awake_time(self) -> AwakeTime:
        return AwakeTime(lambda: self.passed_s, lambda: self.worked_s, self.pauses_s.append)

    def pause(self, seconds: float) -> None:
        """Suspend the process."""
        self.passed_s += seconds

    def work(self, seconds: float) -> None:
        """Compute without reading a clock."""
        self.passed_s += seconds
        self.worked_s += seconds


@define(eq=False)
class QuickClock(AwakeClock):
    """A clock whose sleeps take no time; a sleeping process still counts as awake."""

    machine: Machine = field(kw_only=True)

    def deadline_to_sleep_time(self, deadline: float) -> float:
        nap_s = max(1e-6, super().deadline_to_sleep_time(deadline))  # a clock moves on
        self.machine.passed_s += nap_s
        return 0.0


def run(main: Callable[[Machine], Awaitable[None]]) -> Machine:
    machine = Machine()
    trio.run(main, machine, clock=QuickClock(machine.awake_time(), machine=machine))
    return machine


@given(
    st.lists(st.tuples(st.sampled_from(["nap", "work", "pause"]), st.floats(0.01, 1e6)), max_size=9)
)
def test_naps_and_work_pass_and_pauses_do_not(course: list[tuple[str, float]]):
    machine = Machine()
    awake = machine.awake_time()
    began_s, last_s, expected_s = awake.now_s(), awake.now_s(), 0.0
    for what, drawn_s in course:
        seconds = min(drawn_s, NAP_S) if what == "nap" else drawn_s
        if what == "nap":
            machine.passed_s += seconds
        elif what == "work":
            machine.work(seconds)
        else:
            machine.pause(PAUSE_MIN_S + seconds)
        now_s = awake.now_s()
        assert now_s >= last_s, "it never goes back"
        last_s = now_s
        expected_s += 0 if what == "pause" else seconds
    slack_s = 0.21 * len(course)  # of each pause
    assert last_s - began_s == pytest.approx(expected_s, abs=slack_s, rel=1e-6)


@pytest.mark.parametrize("pause_s", [2.0, 12.0, 100_000.0])
def test_a_deadline_is_as_far_away_after_a_pause_as_before_it(pause_s: float):
    async def main(machine: Machine) -> None:
        with trio.move_on_after(SILENT_S) as patience:
            await trio.sleep(SILENT_S / 2)
            machine.pause(pause_s)
            await trio.sleep(SILENT_S / 2 - NAP_S)
        assert not patience.cancelled_caught
        with trio.move_on_after(SILENT_S) as patience:
            machine.pause(pause_s)
            await trio.sleep(SILENT_S + NAP_S)
        assert patience.cancelled_caught, "it comes all the same"

    assert run(main).pauses_s == pytest.approx([pause_s] * 2, abs=NAP_S)


def test_a_loop_that_is_busy_is_late_and_was_not_paused():
    async def main(machine: Machine) -> None:
        began_s = trio.current_time()
        machine.work(30.0)
        await trio.lowlevel.checkpoint()
        assert trio.current_time() - began_s == pytest.approx(30.0)

    assert run(main).pauses_s == []


class FakeProcess:
    pid = 1

    def __init__(self) -> None:
        self.is_killed = False

    def kill(self) -> None:
        self.is_killed = True


async def talk(child: Channel) -> None:
    while True:
        child.send("alive", 0)
        await trio.sleep(ALIVE_S)


@pytest.mark.parametrize("pause_s", [SILENT_S + 2, 3_600.0])
def test_a_supervisor_that_was_stopped_with_its_children_kills_none_of_them(pause_s: float):
    async def main(machine: Machine) -> None:
        ours, theirs = socket_pair()
        process: Any = FakeProcess()
        child = ChildHandle(process, -1, Channel(ours, TO_CHILD, TO_SUPERVISOR), SILENT_S)
        there = Channel(theirs, TO_SUPERVISOR, TO_CHILD)
        child.last_message_s = trio.current_time()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(child._receive_all, trio.Event())
            nursery.start_soon(child._watch_silence)
            async with trio.open_nursery() as life:
                life.start_soon(talk, there)
                for _ in range(5):
                    await trio.sleep(SILENT_S)
                    machine.pause(pause_s)
                assert not process.is_killed
                life.cancel_scope.cancel()  # now it hangs
            await trio.sleep(2 * SILENT_S)
            assert process.is_killed, "silence that was heard is silence"
            nursery.cancel_scope.cancel()
        child.channel.close()
        there.close()

    with capture_logs() as logs:
        run(main)
    assert [it["event"] for it in logs] == ["process_silent"] * len(logs)

"""Turns for all work other than match ticks, so that a tick is late by at most one slice.

Owns: the order of the waiting tasks, and their part of the processor. Must not know: what the work
is. Trio runs every runnable task before it looks at its clock again: without turns, a hundred
sockets that are readable at once would delay a tick by the work of all hundred. Here at most
one slice of work runs before the clock is checked. While no match runs, nothing waits.

    run                      child of the front: gives turns, lane after lane
"""

from collections import deque
from collections.abc import Callable

import trio
from attrs import define, field

from server.budget.bucket import Bucket

US_PER_S = 1_000_000
TURN_US = 60  # to wake a task; its work is charged where the cost is known
REST_S = 0.001  # the shortest wait that the kernel's poll supports
RESERVED_US_MIN = 100
REMEMBERED_TURNS = 256  # their mean cost is the expected cost of a turn


def _always() -> bool:
    return True


@define(eq=False)
class _Waiter:
    may_go: trio.Event = field(factory=trio.Event)
    reserved_us: float = 0.0


@define(eq=False)
class Share:
    """`part` of a core, in slices of `slice_us`. `is_playing` tells whether a match runs."""

    part: float
    slice_us: float
    is_playing: Callable[[], bool] = _always
    waited_count: int = field(default=0, init=False)  # turns that were not given at once
    _bucket: Bucket = field(init=False)
    _lanes: dict[str, deque[_Waiter]] = field(factory=dict, init=False)
    _waiting_count: int = field(default=0, init=False)
    _bell: trio.Event = field(factory=trio.Event, init=False)
    _is_running: bool = field(default=False, init=False)
    _charged_us: float = field(default=0.0, init=False)  # over the last `_turn_count` turns
    _turn_count: float = field(default=1.0, init=False)

    @_bucket.default
    def _full(self) -> Bucket:
        return Bucket(self.part * US_PER_S, self.slice_us, 0.0)

    def reload(self, part: float, slice_us: float) -> None:
        """Put a new part and slice in force for later turns."""
        self.part, self.slice_us = part, slice_us
        self._bucket.change(part * US_PER_S, slice_us, trio.current_time())

    def charge(self, cost_us: float) -> None:
        """Charge work that is about to be done; later turns wait until it is paid."""
        if self._is_running:
            self._charged_us += cost_us
            self._bucket.charge(trio.current_time(), cost_us)

    async def turn(self, lane: str) -> None:
        """Wait until work of this lane may be done; always a checkpoint.

        Lanes get turns evenly: a flood of HTTP requests does not hold up the lobby.
        """
        if not self._is_running or not self.is_playing():
            await trio.lowlevel.checkpoint()
            return
        waiter = _Waiter()
        try:
            if not self._waiting_count and self._bucket.level(trio.current_time()) > 0:
                self._let_go(waiter)
                await trio.lowlevel.checkpoint()
            else:
                await self._wait_in_line(lane, waiter)
        finally:
            self._bucket.charge(trio.current_time(), -waiter.reserved_us)
        self.charge(TURN_US)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Give turns until cancelled, then release all waiting tasks. If several fronts share them,
        the first one does that for all.
        """
        task_status.started()
        if self._is_running:
            await trio.sleep_forever()
        self._is_running = True
        try:
            while True:
                await self._bell.wait()
                while self._waiting_count:
                    self._give_turns()
                    await trio.sleep(REST_S)
                self._bell = trio.Event()
        finally:
            self._is_running = False
            while self._waiting_count:
                self._give_one_to_each_lane()

    async def _wait_in_line(self, lane: str, waiter: _Waiter) -> None:
        line = self._lanes.setdefault(lane, deque())
        line.append(waiter)
        self._waiting_count += 1
        self.waited_count += 1
        self._bell.set()
        try:
            await waiter.may_go.wait()
        finally:
            if not waiter.may_go.is_set():
                line.remove(waiter)
                self._waiting_count -= 1

    def _let_go(self, waiter: _Waiter) -> None:
        """Release a task. Its cost is charged only when the work begins; until then an estimate is
        reserved, so that no more tasks are released at once than the slice has room for.
        """
        waiter.reserved_us = max(RESERVED_US_MIN, self._charged_us / self._turn_count)
        self._bucket.charge(trio.current_time(), waiter.reserved_us)
        self._turn_count += 1
        if self._turn_count > REMEMBERED_TURNS:
            self._turn_count /= 2
            self._charged_us /= 2
        waiter.may_go.set()

    def _give_turns(self) -> None:
        while self._waiting_count and (
            self._bucket.level(trio.current_time()) > 0 or not self.is_playing()
        ):
            self._give_one_to_each_lane()

    def _give_one_to_each_lane(self) -> None:
        for line in self._lanes.values():
            if line:
                self._let_go(line.popleft())
                self._waiting_count -= 1

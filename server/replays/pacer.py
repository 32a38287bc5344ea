"""Whose turn it is to work on a replay, and how much: so that live matches never wait for one.

Owns: turns and the budget of all viewers. Must not know: what the work is. Invariants: one piece of
work at a time, of `SLICE_S` or little more, and everybody else's turn between two of them; over any
while, all of it together takes no more of a core than the share it was given.

Threads would not do: beside one that computes, each system call of a tick waits for up to 5 ms to
get Python's lock back, and a tick makes one for each player.
"""

import time
from collections.abc import Callable

import trio
from attrs import define, field

SLICE_S = 0.001
BURST_S = 0.1  # of work that nobody has to have saved for


@define(eq=False)
class Pacer:
    """`share`: of a core."""

    share: float
    clock: Callable[[], float] = time.thread_time  # a process that is paused works on nothing
    longest_slice_s: float = 0.0  # so far
    _turn: trio.Lock = field(factory=trio.Lock)
    _paid_until_s: float = float("-inf")  # by the loop's clock: what was done is paid for then

    async def work(self, piece: Callable[[], bool]) -> None:
        """Call `piece` until it says that there is no more; a piece takes a fraction of a slice."""
        is_left = True
        while is_left:
            async with self._turn:
                await self._wait_paid()
                is_left = self._slice(piece)
            await trio.lowlevel.checkpoint()

    def _slice(self, piece: Callable[[], bool]) -> bool:
        began_s = now_s = self.clock()
        is_left = True
        while is_left and now_s - began_s < SLICE_S:
            is_left = piece()
            now_s = self.clock()
        took_s = now_s - began_s
        self.longest_slice_s = max(self.longest_slice_s, took_s)
        self._paid_until_s = (
            max(self._paid_until_s, trio.current_time() - BURST_S / self.share)
            + took_s / self.share
        )
        return is_left

    async def _wait_paid(self) -> None:
        if self._paid_until_s > trio.current_time():
            await trio.sleep_until(self._paid_until_s)

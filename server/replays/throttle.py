"""Pacing of all work on replays, so that live matches never wait for it.

Owns: turns and the budget of all viewers. Must not know: what the work is. Invariants: one slice of
work at a time, of `SLICE_S` or little more, with a turn for all other tasks between two slices;
over time, all of it together takes no more than its share of a core.

Threads would not work: beside a thread that computes, each system call of a tick waits up to 5 ms
to get the GIL back, and a tick makes one for each player.
"""

import time
from collections.abc import Callable

import trio
from attrs import define, field

SLICE_S = 0.001
BURST_S = 0.1  # of work that may be done at once after a pause


@define(eq=False)
class Throttle:
    """`share` is the part of a core that all work may take."""

    share: float
    clock: Callable[[], float] = time.thread_time  # CPU time: a paused process uses none
    longest_slice_s: float = 0.0  # so far
    _turn: trio.Lock = field(factory=trio.Lock)
    _paid_until_s: float = float("-inf")  # when the work so far is paid off, by Trio's clock

    async def work(self, piece: Callable[[], bool]) -> None:
        """Call `piece` until it returns False; each call should take a fraction of a slice."""
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

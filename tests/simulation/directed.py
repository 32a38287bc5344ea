"""Takes chance and time away from everything that runs in a simulation.

Owns: every place where the outside world could get in: the clock, the dice of the system, Trio's
own order of tasks, threads. Must not know: servers. Invariant: while `directed` lasts, whatever
asks for time or chance gets it from the run.

Trio shuffles the tasks that are ready, so that nobody comes to rely on an order. For tests it has a
switch that puts them in the order of their birth before it shuffles, and a generator that may be
seeded; `trio.testing` has no door to them, and both have kept their names for years (Hypothesis and
pytest-trio seed the same generator).
"""

import gc
import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import trio
import trio._core._run as trio_run

UNIX_START_S = 1_700_000_000.0  # when every run begins: before any file on this disk was made
THREAD_S_MAX = 0.05  # how long work in a thread seems to take


def unix_s() -> float:
    """Unix time as the simulated machine has it."""
    try:
        return UNIX_START_S + trio.current_time()
    except RuntimeError:  # before the loop runs, or after
        return UNIX_START_S


@contextmanager
def directed(seed: int) -> Iterator[random.Random]:
    """Everything within follows from `seed`; yields a generator for the run itself.

    A collection of garbage runs finalizers at a moment that depends on all that was in memory
    before: it waits until the run is over.
    """
    dice = random.Random(f"system {seed}")
    was_sorted = trio_run._ALLOW_DETERMINISTIC_SCHEDULING
    was_collecting = gc.isenabled()
    with ExitStack() as patches:
        for target, name, replacement in _replacements(dice):
            patches.enter_context(mock.patch.object(target, name, replacement))
        trio_run._ALLOW_DETERMINISTIC_SCHEDULING = True
        trio_run._r.seed(seed)
        random.seed(seed)  # trio-websocket's pings
        gc.disable()
        try:
            yield random.Random(f"run {seed}")
        finally:
            trio_run._ALLOW_DETERMINISTIC_SCHEDULING = was_sorted
            trio_run._r.seed()
            random.seed()
            if was_collecting:
                gc.enable()


def _replacements(dice: random.Random) -> Iterator[tuple[Any, str, Any]]:
    yield os, "urandom", dice.randbytes
    yield random, "_urandom", dice.randbytes  # what `random.SystemRandom` draws from
    yield secrets, "token_bytes", lambda count=32: dice.randbytes(count)
    yield secrets, "token_hex", lambda count=32: dice.randbytes(count).hex()
    yield secrets, "randbits", dice.getrandbits
    yield secrets, "choice", dice.choice
    yield time, "time", unix_s
    yield trio.to_thread, "run_sync", _in_no_thread(dice)
    yield threading.Thread, "start", _refuse_thread


def _refuse_thread(thread: threading.Thread) -> None:
    raise AssertionError(f"{thread.name}: in a simulation no thread may start")


def _in_no_thread(dice: random.Random) -> Callable[..., Any]:
    """Work for a thread, done here, after a while: a thread would end when it likes."""

    async def run_sync(work: Callable[..., Any], *args: Any, **_: Any) -> Any:
        await trio.sleep(dice.random() * THREAD_S_MAX)
        return work(*args)

    return run_sync

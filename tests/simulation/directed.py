"""Makes time and randomness deterministic for everything that runs in a simulation.

Owns: every way for the outside world to get in: the clock, the system's randomness, Trio's order of
tasks, threads. Must not know: servers. Invariant: within `directed`, everything that asks for time
or randomness gets it from the run.

Trio shuffles the tasks that are ready, so that no code relies on their order. For tests it has a
switch that sorts them by age before the shuffle, and a generator that can be seeded. `trio.testing`
does not expose them, but both have kept their names for years (Hypothesis and pytest-trio seed the
same generator).
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

UNIX_START_S = 1_700_000_000.0  # when every run begins: earlier than any file on this disk
THREAD_S_MAX = 0.05  # how long work in a thread appears to take


def unix_s() -> float:
    """Unix time of the simulated machine."""
    try:
        return UNIX_START_S + trio.current_time()
    except RuntimeError:  # before the loop runs, or after
        return UNIX_START_S


@contextmanager
def directed(seed: int) -> Iterator[random.Random]:
    """Derive everything within from `seed`; yields a generator for the run itself.

    Garbage collection is off until the run is over: it runs finalizers at moments that depend on
    everything that was in memory before.
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
    """Run a thread's work in this task after a delay: when a real thread ends is not determined."""

    async def run_sync(work: Callable[..., Any], *args: Any, **_: Any) -> Any:
        await trio.sleep(dice.random() * THREAD_S_MAX)
        return work(*args)

    return run_sync

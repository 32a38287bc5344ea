"""The kernel's figures: a process's CPU time, and the facts of this machine.

Owns reading /proc. Linux only, as the bench is.
"""

import os
import platform
import time
from contextlib import suppress
from pathlib import Path

CPUCLOCK_SCHED = 2  # part of the id of a process's clock: see clock_getcpuclockid(3)


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and its threads, including ended ones, by the scheduler's own count
    in nanoseconds.
    """
    return time.clock_gettime(~pid << 3 | CPUCLOCK_SCHED)


def waited_s(pid: int) -> float:
    """Seconds in which a process's threads could have run but others had the cores."""
    total_ns = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread may have just ended
            total_ns += int((task / "schedstat").read_text().split()[1])
    return total_ns / 1e9


def memory_mb(pid: int) -> float:
    """Resident memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def facts() -> dict[str, str | int]:
    """The facts that make these numbers comparable with others."""
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "name": platform.node(),
        "cores": os.cpu_count() or 0,
        "processor": model[0] if model else platform.machine(),
        "kernel": platform.release(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }

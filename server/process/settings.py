"""The operator's settings for processes.

Owns: their number, and how long they wait for each other. Must not know: how they are started.
"""

from attrs import frozen

from server.config.options import option


@frozen
class ProcessSettings:
    """How many processes share the work. Units are in the names."""

    workers: int = option(
        0, "worker processes; 0: all in one process; one for each core is a good choice", (0, 256)
    )
    run_dir: str = option(
        "", "folder of the processes' sockets; empty: `run` in store.data_dir", (0, 4_096)
    )
    wait_s: float = option(
        3.0, "somebody who comes back to a match waits so long for its next process", (0, 60)
    )
    restart_pause_s: float = option(
        30.0, "longest pause before a process that dies again and again is replaced", (0.1, 3_600)
    )
    silent_s: float = option(
        10.0, "a process that says nothing for so long is killed and replaced", (1, 600)
    )

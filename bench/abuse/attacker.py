"""The attackers: `python -m bench.abuse.attacker PORT MATCH`.

A process of its own, which does what it is told in lines: row, seconds, share, hint. Each attack
ends by itself; waits that a broken server would draw out are cut short. The process ends when
nobody is left to tell it anything. It gives way to the others on this machine: from another one it
would take nobody's core. Tells in a line what it did.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.abuse.outcome import Outcome, Target
from bench.abuse.rows import ROWS, target_number
from bench.abuse.wire import Ended

NICENESS = 5
OVER_S = 2.0  # for an attack to close its connections; then each wait is cut short
AGAIN_S = 0.5


def order(row: str, seconds: float, share: float, hint: str) -> str:
    """A line that tells an attacker what to do."""
    return json.dumps([row, seconds, share, hint])


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """After `seconds`, interrupt whatever the block waits for, repeatedly."""

    def cut(*_: object) -> None:
        raise Ended("cut short")

    signal.signal(signal.SIGALRM, cut)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> int:
    """Attack, once for each line of standard input."""
    parser = argparse.ArgumentParser(prog="python -m bench.abuse.attacker", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("match_id")
    chosen = parser.parse_args()
    os.nice(NICENESS)
    print("ready", flush=True)
    for line in sys.stdin:
        row, seconds, share, hint = json.loads(line)
        target = Target(chosen.port, chosen.match_id, target_number(row), hint, share)
        try:
            with bounded(seconds + OVER_S):
                outcome = ROWS[row].attack(target, time.monotonic() + seconds)
        except Ended as ended:
            outcome = Outcome()
            outcome.ended[ended.word] += 1
        print(outcome.dumps(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Changes that a test makes to the code of the processes it starts; each interpreter imports it.

A file in the working folder turns each on: `poison` (a duel kills its process after 90 ticks),
`changed` (the rules move players a little otherwise), `broken` (no process without a role can
start) and `faulty` (a worker's report fails, once for each file).
"""

import os
import signal
import sys
from pathlib import Path


def poison() -> None:
    from server.match.tuned_rules import TunedRules  # noqa: PLC0415  # where it is turned on only

    whole = TunedRules.step  # methods of compiled classes cannot be replaced for compiled callers

    def step(world, commands, inputs):
        if world.config.mode == "duel" and world.tick > 90:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(world, commands, inputs)

    TunedRules.step = staticmethod(step)


def change() -> None:
    from game.journal.replay import Replay  # noqa: PLC0415
    from server.match.tuned_rules import TunedRules  # noqa: PLC0415

    whole = TunedRules.step

    def step(world, commands, inputs):
        events = whole(world, commands, inputs)
        for player in world.players.values():
            player.x += 1 if player.vx else 0
        return events

    TunedRules.step = staticmethod(step)
    begin = Replay.__init__
    Replay.__init__ = lambda self, *given: begin(self, *given, step=step)


def fail() -> None:
    from server.process.worker import MatchReporter  # noqa: PLC0415

    whole = MatchReporter.report

    def report(reporter: MatchReporter) -> None:
        if Path("faulty").exists():
            Path("faulty").unlink()
            raise RuntimeError("a bug in the report")
        whole(reporter)

    MatchReporter.report = report


if Path("broken").exists() and "server.process.child" in " ".join(sys.orig_argv):
    os._exit(7)
if Path("poison").exists():
    poison()
if Path("changed").exists():
    change()
if Path("with faults").exists():
    fail()

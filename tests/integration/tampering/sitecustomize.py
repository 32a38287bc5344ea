"""Changes that a test makes to the code of the processes it starts; each interpreter imports it.

A file in the working folder turns each on: `poison` (a match kills its process as soon as somebody
called Poison sits in it), `changed` (the rules move players a little otherwise), `broken` (no
process that knows no role yet can start) and `faulty` (a worker's link fails, once for each file).
"""

import os
import signal
import sys
from pathlib import Path


def poison() -> None:
    from server.match.match import Match  # noqa: PLC0415  # for whom it is turned on only

    whole = Match.advance

    def advance(match: Match) -> None:
        names = [member.name for member in match.seating.players.values()]
        if "Poison" in names and match.world.tick > 90:
            os.kill(os.getpid(), signal.SIGKILL)
        whole(match)

    Match.advance = advance


def change() -> None:
    import game  # noqa: PLC0415
    from game.journal.replay import Replay  # noqa: PLC0415

    whole = game.step

    def step(world, commands, inputs):
        events = whole(world, commands, inputs)
        for player in world.players.values():
            player.x += 1 if player.vx else 0
        return events

    game.step = step
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

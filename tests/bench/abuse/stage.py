"""Attacks in a short form, on one server for a whole file of tests: what holds however slow the
machine is.
"""

import time
from collections.abc import Iterator, Set
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from attrs import define

from bench.abuse.attacks import replays
from bench.abuse.rows import ROWS
from bench.abuse.scene import Record, Scene, Windows, scene
from bench.abuse.server import Plan

PEOPLE = 4
HOSTS = ("team-deathmatch",)
SHORT = Windows(before_s=0.05, during_s=1.5, after_s=0.05, back_s=20.0, share=0.2)
TRIES = 4
SEEN_S = 20.0  # far more than it takes
# Nothing outlives its connection, so that each row can be asked what it left behind.
SETTINGS = {
    "SKIRMISH_LOBBY__RESUME_S": "0",
    "SKIRMISH_MATCH__RESUME_S": "0",
    "SKIRMISH_MATCH__EMPTY_S": "3",
    "SKIRMISH_NET__LINGER_S": "0.2",
    # A second of an attack is enough to use it up.
    "SKIRMISH_BUDGET__CONNECTION_BURST_MS": "60",
    "SKIRMISH_MATCH__WATCH_DELAY_S": "0",
}


@define
class Stage:
    """A scene that is used again and again."""

    scene: Scene

    def attack(self, name: str, answers: Set[str]) -> Record:
        """Play a row until the attackers have had one of these answers, a few times at most."""
        for _ in range(TRIES):
            record = self._attack(name)
            if not answers or answers & {*record["answers"], *record["ended"]}:
                break
        return record

    def _attack(self, name: str) -> Record:
        """Play it; the bystander must have been shown everything, and go on being shown it."""
        record = self.scene.play(ROWS[name], SHORT)
        over_s = time.monotonic()
        while (seen := self.scene.notes.read())[-1][0] < over_s:
            assert self.scene.bystander.process.poll() is None, "the bystander was thrown out"
            assert time.monotonic() < over_s + SEEN_S, "the bystander sees nothing any more"
            time.sleep(0.02)
        ticks = [tick for _, tick in seen]
        assert all(a < b for a, b in pairwise(ticks)), "snapshots went back in time"
        assert not record["lost"], "others of the match were thrown out"
        assert not record["faults"], record["faults"]
        assert not record["left"], f"left of the attack: {record['left']}"
        assert record["others_held"], record["others"]
        return record


@contextmanager
def stage(folder: Path, workers: int) -> Iterator[Stage]:
    """Everything that the rows need."""
    plan = Plan(workers, settings=SETTINGS, fill=replays.fill)
    with scene(folder, plan, PEOPLE, HOSTS) as begun:
        yield Stage(begun)

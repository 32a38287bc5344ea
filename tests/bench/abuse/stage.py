"""Attacks in a short form, on one server for a whole file of tests: checks what holds however slow
the machine is.
"""

import re
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from attrs import define, evolve

from bench.abuse.attacks import replays
from bench.abuse.honest_users import Waiting
from bench.abuse.rows import ROWS
from bench.abuse.scene import Record, Scene, Windows, scene
from bench.abuse.server import Plan

PEOPLE = 4
HOSTS = ("team-deathmatch",)
SHORT = Windows(before_s=0.05, during_s=1.0, after_s=0.05, back_s=20.0, share=0.2)
TOLD_S = 2.5  # after this, workers have reported what they hold
TRIES = 4
SEEN_S = 20.0  # far more than needed
# A match of 127 bots takes a while to start, and only the second is one too many.
SECONDS = {"private-matches": 2.5}
CLOSED = re.compile(r'websockets_closed_total\{code="(\d+)"\}')
OURS = range(4_000, 5_000)  # close codes that name a client's mistake
SLOW, FAULT = 4_009, 4_010
# Nothing outlives its connection, so that each row can be checked for what it left behind.
SETTINGS = {
    "SKIRMISH_LOBBY__BOT_FILL_AFTER_S": "0",
    "SKIRMISH_LOBBY__RESUME_S": "0",
    "SKIRMISH_LOBBY__TICKET_S": "3",
    "SKIRMISH_MATCH__RESUME_S": "0",
    "SKIRMISH_MATCH__EMPTY_S": "1",
    "SKIRMISH_NET__LINGER_S": "0.2",
    # One second of an attack exhausts it.
    "SKIRMISH_BUDGET__CONNECTION_BURST_MS": "60",
    "SKIRMISH_BUDGET__SESSION_BURST_MS": "200",
    "SKIRMISH_MATCH__WATCH_DELAY_S": "0",
}


@define
class Stage:
    """A scene that is reused for many rows."""

    scene: Scene

    def attack(self, name: str, answers: Set[str], counted: str = "") -> Record:
        """Play a row until the attackers have got one of these answers and the server has counted
        `counted`: a few times at most, each longer than the last, because on a busy machine it
        takes a while to exhaust a budget.
        """
        for number in range(TRIES):
            record = self._attack(name, answers, SECONDS.get(name, SHORT.during_s) * (number + 1))
            is_answered = not answers or answers & {*record["answers"], *record["ended"]}
            if is_answered and (not counted or record["counted"].get(counted)):
                break
        return record

    def _attack(self, name: str, answers: Set[str], seconds: float) -> Record:
        """Play a row; the bystander must have got every snapshot, and still get them."""
        after_s = TOLD_S if self.scene.workers else SHORT.after_s
        record = self.scene.play(ROWS[name], evolve(SHORT, during_s=seconds, after_s=after_s))
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
        assert not (wrong := closed_beside(record, answers)), f"others were closed: {wrong}"
        return record


def closed_beside(record: Record, answers: Set[str]) -> dict[int, int]:
    """How many connections were closed that the attackers do not know about, by code.

    Honest users who stay must not be closed at all. In other rows an attacker may leave before
    reading the reason; but no client counts as slow because others are busy, and no bug shows.
    """
    stay = issubclass(ROWS[record["row"]].others, Waiting)
    found = {}
    for metric, count in record["counted"].items():
        match = CLOSED.fullmatch(metric)
        code = int(match[1]) if match else 0
        word = f"close {code}"
        watched = code in OURS if stay else code in (SLOW, FAULT) and word not in answers
        if watched and count > record["ended"].get(word, 0):
            found[code] = count - record["ended"].get(word, 0)
    return found


@contextmanager
def stage(folder: Path, workers: int) -> Iterator[Stage]:
    """Provide everything that the rows need."""
    plan = Plan(workers, settings=SETTINGS, fill=replays.fill)
    with scene(folder, plan, PEOPLE, HOSTS) as begun:
        yield Stage(begun)

"""A round counts if all players stayed to its end, and the rounds that count make a row."""

import os
from contextlib import contextmanager

import pytest
from attrs import evolve

from bench import rounds
from bench.contender import Contender
from bench.raw_websocket import Closed
from bench.rounds import MeasuredRound, VoidRound, measure, play_rounds, summary
from bench.swarm import Counts

ALL_WELL = Counts(
    players=2,
    lost=0,
    sent=60,
    unsent=0,
    late=0,
    snapshots=60,
    snapshot_bytes=6_000,
    snapshots_least=30,
    gaps_ms=(0,) * 1_000,
)


class Swarm:
    """A load with given counts."""

    def __init__(self, counts: Counts) -> None:
        self.take = lambda: counts

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class Server(Contender):
    """This process, and a load with given counts; None: the server refuses all players."""

    name = "server"

    def __init__(self, counts: Counts | None) -> None:
        self._counts = counts

    def prepare(self):
        pass

    def command(self, port):
        return []

    def group(self, port, first, count):
        return []

    @contextmanager
    def running(self, core=None):
        yield os.getpid(), 1

    def gather(self, port, count):
        if self._counts is None:
            raise Closed("full")
        return Swarm(self._counts)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(rounds.time, "sleep", lambda _: None)


def test_a_round_tells_what_each_client_got():
    measured = measure(Server(ALL_WELL), clients=2, seconds=1.0)
    assert (measured.snapshots_per_s, measured.bytes_per_snapshot) == (30.0, 100.0)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        (evolve(ALL_WELL, players=1, lost=1), "1 of 2 clients were lost"),
        (None, "somebody was refused: full"),
    ],
)
def test_a_round_in_which_somebody_was_lost_or_refused_is_void(counts, reason):
    assert measure(Server(counts), clients=2, seconds=1.0) == VoidRound("server", reason)


def test_contenders_play_in_turns_and_what_is_void_is_said():
    said: list[str] = []
    contenders = [Server(ALL_WELL), Server(None)]
    contenders[1].name = "full server"
    results = play_rounds(contenders, 2, lambda each: measure(each, 2, 1.0), said.append)
    assert [len(result) for result in results.values()] == [2, 2]
    assert ["void" in line for line in said] == [False, True, False, True]


def test_a_contender_that_does_not_start_is_no_reason_to_stop():
    def fail(contender):
        raise RuntimeError("it does not start")

    results = play_rounds([Server(ALL_WELL)], 1, fail, lambda _: None)
    assert results == {"server": [VoidRound("server", "it does not start")]}


def measured(cost_us: float) -> MeasuredRound:
    return MeasuredRound("Skirmish", cost_us, 100.0, 30.0, 0.1, 50.0, 0.0)


def test_a_row_has_the_median_the_least_and_the_most_of_the_rounds_that_count():
    row = summary(
        [measured(9.0), measured(30.0), VoidRound("Skirmish", "one lost"), measured(10.0)]
    )
    keys = ("cpu_us_least", "cpu_us_per_client_tick", "cpu_us_most", "rounds")
    assert [row[key] for key in keys] == [9.0, 10.0, 30.0, 3]
    assert row["void"] == ["one lost"]


def test_a_row_without_a_round_that_counts_has_no_numbers():
    assert summary([VoidRound("Skirmish", "one lost")]) == {
        "name": "Skirmish",
        "rounds": 0,
        "void": ["one lost"],
    }

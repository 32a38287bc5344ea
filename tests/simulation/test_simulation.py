"""The whole server from a seed: it keeps its promises, and the same seed gives the same run."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from game.compiled import is_compiled
from game.journal import Journal, read_journal
from tests.simulation.__main__ import FOLDER, main
from tests.simulation.canaries import CANARIES, IN_SOURCES
from tests.simulation.run import simulate

QUICK_SEED = 2
KNOWN_SEEDS = (3, 4, 7, 8, 12, 45, 148)  # crashes, rooms, spectators, hostile people, a full disk
FOUND = {  # what these seeds found once
    10014: "a match went on without what a full disk had kept out of its file",
    200381: "a connection that came late took away the token of the one that came before",
    # Since maps are loaded beside the start, also: a round archived before its result was stored.
    200458: "a match that had ended between two snapshots stepped once more",
    200478: "a round whose scoreboard was gone on with twice was scored twice",
    200647: "a match that had ended was gone on with by the process in which it had",
    200770: "a player who came in the moment of a move lost their seat",
    500120: "a match was blamed after a move for what had been long before it",
    300568: "the ticket of somebody who came while a match moved was used up",
    383105297: "nothing, but that a machine that stands still shows nobody that a match is sound",
    600485: "who died in the middle of beginning a file forgot who plays",
}
FRESH_RUNS = 20
CANARY_SEEDS_MAX = 30  # a bug that takes more seeds counts as not found
FOUND_BY = {  # the first seeds that found each bug: tried first, as the quickest proof
    "journal_after_frame": 3,
    "match_never_forgiven": 3,
    "queue_forgets_somebody": 3,
    "result_counted_twice": 2,
    "result_forgotten_by_recovery": 7,
    "seat_given_away_early": 4,
    "token_good_only_once": 3,
}
AGAIN = "from tests.simulation.run import simulate; print(simulate(int({!r})).digest)"


def assert_passes(seed: int, left: Path) -> None:
    """Run one seed. A failure leaves its files where `make simulate` leaves them.

    Its journals stay in `left`, where other Pythons find them (`make versions`).
    """
    outcome = simulate(seed, keep=FOLDER / str(seed), left=left / str(seed))
    again = f"make simulate SEED={seed}    its trace and journals: {FOLDER / str(seed)}"
    assert not outcome.faults, f"{again}\n" + "\n".join(outcome.faults[:3])


def test_a_run_holds_what_the_server_promises(tmp_path: Path) -> None:
    assert_passes(QUICK_SEED, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [*KNOWN_SEEDS, *FOUND])
def test_known_seeds_pass(seed: int, tmp_path: Path) -> None:
    assert_passes(seed, tmp_path)


@pytest.mark.slow
def test_seeds_that_nobody_has_tried_pass(tmp_path: Path) -> None:
    first = time.time_ns() % 10**9
    for seed in range(first, first + FRESH_RUNS):
        assert_passes(seed, tmp_path)


@pytest.mark.slow
def test_the_same_seed_is_the_same_run_and_another_is_another() -> None:
    first = simulate(KNOWN_SEEDS[0])
    assert simulate(KNOWN_SEEDS[0]).digest == first.digest
    assert simulate(QUICK_SEED).digest != first.digest
    assert first.counts["recovered"]
    assert first.counts["snapshots"] > 100


@pytest.mark.slow
def test_another_process_with_other_hashes_runs_the_same_run() -> None:
    """The order of sets and the addresses of objects differ there."""
    expected = simulate(QUICK_SEED).digest
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", AGAIN.format(QUICK_SEED)]
        answer = subprocess.check_output(command, env=environment, text=True)
        assert answer.strip() == expected


@pytest.mark.slow
@pytest.mark.parametrize("name", CANARIES)
def test_a_planted_bug_is_found(name: str, tmp_path) -> None:
    if is_compiled() and name in IN_SOURCES:
        assert any(_is_found_in_sources(name, *seeds, tmp_path) for seeds in _seeds(name))
    else:
        seeds = (first + number for first, runs in _seeds(name) for number in range(runs))
        assert any(simulate(seed, CANARIES[name]).faults for seed in seeds)


def _seeds(name: str) -> tuple[tuple[int, int], ...]:
    """Pairs of a first seed and a number of runs: the seed that found the bug before, then all."""
    return (FOUND_BY.get(name, 1), 1), (1, CANARY_SEEDS_MAX)


def _is_found_in_sources(name: str, first: int, runs: int, folder: Path) -> bool:
    words = ["--seed", str(first), "--runs", str(runs), "--jobs", "1", "--folder", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--canary", name, *words],
        env={**os.environ, "SKIRMISH_COMPILED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "runs passed" in done.stdout, done.stderr
    return done.returncode == 1


@pytest.mark.slow
def test_a_failure_leaves_its_seed_its_trace_and_its_journals(tmp_path, capsys) -> None:
    words = ["--seed", "1", "--jobs", "1", "--folder", str(tmp_path)]
    assert main([*words, "--canary", "frames_cut_short"]) == 1
    said = capsys.readouterr().out
    assert "SEED 1 FAILED, again with: make simulate SEED=1" in said
    assert "virtual hours" in said
    assert "makes no sense" in said
    trace = (tmp_path / "1" / "trace.txt").read_text()
    assert "FAULT" in trace
    (watched,) = re.findall("watch: skirmish debug (.*)", said)
    assert isinstance(read_journal(Path(watched).read_bytes()), Journal)

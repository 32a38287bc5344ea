"""`make versions`: the same journals under the other Pythons of this machine, digest for digest.

Owns: the order of the work and what is said about it. Must not know: how a Python is found, how a
journal is replayed. Invariant: a version that is not here is named; status 0 only when all that are
here agree with this one and pass the tests of the rules.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from attrs import frozen

from dev import JOURNALS, ROOT, Refusal
from game.modes import MODES
from server.maps import load_maps
from tests.journals import MAPS, played
from tests.versions.answers import Answer
from tests.versions.compare import differences, faults_of, missing_kinds
from tests.versions.pythons import OWN, WANTED, equip, find_others

TESTS = ["tests/game", "tests/properties", "tests/vectors"]  # the golden journals are in the last
PLAYED_TICKS = 900
CROWDS = {"duel": 2, "last-standing": 24}
CROWD = 8
SHOWN_MAX = 20


@frozen
class Work:
    """What a version was asked; the tests' output, and their status."""

    answers: "Future[dict[str, Answer]]"
    tests: "Future[subprocess.CompletedProcess[str]] | None" = None


def main(words: list[str]) -> int:
    """Ask all of them; 1 when one says something else."""
    arguments = _parse(words)
    try:
        others = {version: equip(version, it) for version, it in find_others().items()}
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="skirmish-versions-") as own:
        play_all(Path(own) / "played")
        folders = [Path(own), arguments.journals]
        began_s = time.monotonic()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            measure = Work(pool.submit(ask, sys.executable, folders))
            works = {version: _begin(pool, it, folders) for version, it in others.items()}
        faults = list(judge(measure.answers.result(), works, is_whole=arguments.whole))
    for fault in faults[:SHOWN_MAX]:
        print("  -", fault)
    print(f"{len(faults)} faults after {time.monotonic() - began_s:.0f} s")
    _say_what_is_missing({OWN, *others})
    return 1 if faults else 0


def _parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make versions", description=__doc__)
    parser.add_argument(
        "--journals",
        type=Path,
        default=JOURNALS,
        help="what a test run left (default: %(default)s)",
    )
    parser.add_argument(
        "--whole", action="store_true", help="it was a whole run: kinds that are missing are faults"
    )
    return parser.parse_args(words)


def play_all(folder: Path) -> None:
    """A short match of bots in each mode: a test run's servers do not play all of them."""
    folder.mkdir()
    maps = load_maps(MAPS)
    for mode, rules in MODES.items():
        name = min(name for name, arena in maps.items() if rules.suits(arena))
        match = played(PLAYED_TICKS, CROWDS.get(mode, CROWD), map_name=name, mode=mode)
        (folder / f"{mode}.skj").write_bytes(match.journal)


def _begin(pool: ThreadPoolExecutor, python: str, folders: list[Path]) -> Work:
    return Work(pool.submit(ask, python, folders), pool.submit(run_tests, python))


def ask(python: str, folders: list[Path]) -> dict[str, Answer]:
    """What a Python makes of the journals. Raises CalledProcessError when it fails."""
    command = [python, "-m", "tests.versions.answers", *map(str, folders)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, Answer] = json.loads(said.stdout)
    return found


def run_tests(python: str) -> "subprocess.CompletedProcess[str]":
    """The quick tests of the rules, the wire and the journal."""
    options = ["-p", "no:cacheprovider", "--hypothesis-profile", "versions", "-m", "not slow"]
    command = [python, "-m", "pytest", *options, *TESTS]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def judge(expected: dict[str, Answer], works: dict[str, Work], *, is_whole: bool) -> Iterator[str]:
    """Say what was asked and answered; sentences about what is wrong."""
    ticks = sum(answer["ticks"] for answer in expected.values())
    print(f"Python {OWN}: {len(expected)} journals, {ticks:,} ticks: the measure")
    yield from faults_of(expected)
    if is_whole:
        yield from missing_kinds(expected, set(MODES))
    for version, work in works.items():
        try:
            found = sorted(differences(expected, work.answers.result()))
        except subprocess.CalledProcessError as error:
            found = [f"the replay itself failed:\n{error.stderr}"]
        tests = work.tests.result() if work.tests else None
        summary = tests.stdout.strip().rpartition("\n")[2] if tests else ""
        print(f"Python {version}: {len(found)} journals differ; tests of the rules: {summary}")
        yield from (f"Python {version}: {text}" for text in found)
        if tests and tests.returncode:
            yield f"Python {version}: tests of the rules fail:\n{tests.stdout}{tests.stderr}"


def _say_what_is_missing(here: set[str]) -> None:
    for version in WANTED:
        if version not in here:
            words = f"PYTHON {version} WAS NOT FOUND: nothing was shown for it"
            advice = f"install it, or name it: PYTHONS=…/python{version}"
            print(f"\n{' ' + words + ' ':!^100}\n{advice:^100}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

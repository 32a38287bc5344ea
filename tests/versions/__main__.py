"""`make versions`: the same journals under the other Pythons of this machine, and compiled, digest
for digest.

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

from build_compiled import CompilerError, build
from dev import Refusal
from dev_steps import JOURNALS, ROOT
from game.modes import MODES
from server.maps.files import load_maps
from tests.journals import MAPS, played
from tests.versions.answers import Answer
from tests.versions.compare import differences, faults_of, missing_kinds
from tests.versions.pythons import OWN, WANTED, equip, find_others

# Of the rules, the wire and the journal; the golden journals are in the last.
TESTS = ("tests/game", "tests/properties", "tests/vectors")
# These need packages that the environments of other Pythons lack.
TESTS_HERE = (
    "tests/server/match",
    "tests/simulation",
    "tests/clients/net",
    "tests/clients/netcode",
)
COMPILED, AS_WRITTEN = f"{OWN}, compiled", f"{OWN}, as written"
PLAYED_TICKS = 900
CROWDS = {"duel": 2, "last-standing": 24}
CROWD = 8
SHOWN_MAX = 20


@frozen
class Flavour:
    """A Python and its environment."""

    name: str
    python: str
    tests: tuple[str, ...] = ()
    is_compiled: bool = False

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a module under it to its end."""
        environment = {**os.environ, "SKIRMISH_COMPILED": str(int(self.is_compiled))}
        command = [self.python, "-m", *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )


@frozen
class Work:
    """A flavour's answers, and its tests' output and status where they ran."""

    answers: "Future[dict[str, Answer]]"
    tests: "Future[subprocess.CompletedProcess[str]] | None"


def main(words: list[str]) -> int:
    """Ask all Pythons; returns 1 when one disagrees."""
    arguments = _parse(words)
    try:
        others = [
            Flavour(version, equip(version, it), TESTS) for version, it in find_others().items()
        ]
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    as_written = TESTS_HERE if others else (*TESTS, *TESTS_HERE)
    others.append(Flavour(AS_WRITTEN, sys.executable, as_written))
    lacking = ""
    try:
        build()
        # In a whole run all tests ran compiled before.
        tests = () if arguments.whole else (*TESTS, *TESTS_HERE)
        others.append(Flavour(COMPILED, sys.executable, tests, is_compiled=True))
    except CompilerError as error:
        lacking = str(error)
    with tempfile.TemporaryDirectory(prefix="skirmish-versions-") as own:
        play_all(Path(own) / "played")
        folders = [Path(own), arguments.journals]
        began_s = time.monotonic()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            measure = pool.submit(ask, Flavour(OWN, sys.executable), folders)
            works = {other.name: _begin(pool, other, folders) for other in others}
        faults = list(judge(measure.result(), works, is_whole=arguments.whole))
    for fault in faults[:SHOWN_MAX]:
        print("  -", fault)
    print(f"{len(faults)} faults after {time.monotonic() - began_s:.0f} s")
    _say_what_is_missing({OWN, *works})
    if lacking:
        _shout("NOTHING WAS COMPILED: nothing was shown for it", lacking)
    is_lacking = bool(lacking) and os.environ.get("CI") == "true"  # there everything must run
    return 1 if faults or is_lacking else 0


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
    """Play a short match of bots in each mode: a test run's servers do not play every mode."""
    folder.mkdir()
    maps = load_maps(MAPS)
    for mode, rules in MODES.items():
        name = min(name for name, arena in maps.items() if rules.suits(arena))
        match = played(PLAYED_TICKS, CROWDS.get(mode, CROWD), map_name=name, mode=mode)
        (folder / f"{mode}.skj").write_bytes(match.journal)


def _begin(pool: ThreadPoolExecutor, flavour: Flavour, folders: list[Path]) -> Work:
    tests = pool.submit(run_tests, flavour) if flavour.tests else None
    return Work(pool.submit(ask, flavour, folders), tests)


def ask(flavour: Flavour, folders: list[Path]) -> dict[str, Answer]:
    """Replay the journals under a Python. Raises CalledProcessError when it fails."""
    said = flavour.run("tests.versions.answers", *map(str, folders))
    said.check_returncode()
    found: dict[str, Answer] = json.loads(said.stdout)
    return found


def run_tests(flavour: Flavour) -> "subprocess.CompletedProcess[str]":
    """Run the quick tests of a flavour, and those that must run everywhere."""
    options = ["-p", "no:cacheprovider", "--hypothesis-profile", "versions"]
    options += ["-m", "not slow or everywhere"]
    return flavour.run("pytest", *options, *flavour.tests)


def judge(expected: dict[str, Answer], works: dict[str, Work], *, is_whole: bool) -> Iterator[str]:
    """Print what was asked and answered; yields sentences about what is wrong."""
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
        print(f"Python {version}: {len(found)} journals differ")
        yield from (f"Python {version}: {text}" for text in found)
        if work.tests is None:
            continue
        tests = work.tests.result()
        print(f"Python {version}: tests: {tests.stdout.strip().rpartition(chr(10))[2]}")
        if tests.returncode:
            yield f"Python {version}: tests fail:\n{tests.stdout}{tests.stderr}"


def _say_what_is_missing(here: set[str]) -> None:
    for version in WANTED:
        if version not in here:
            words = f"PYTHON {version} WAS NOT FOUND: nothing was shown for it"
            _shout(words, f"install it, or name it: PYTHONS=…/python{version}")


def _shout(words: str, advice: str) -> None:
    print(f"\n{' ' + words + ' ':!^100}\n{advice:^100}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

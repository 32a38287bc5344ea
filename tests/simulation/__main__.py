"""Many runs: `python -m tests.simulation --seed 1 --runs 100`, or `make simulate SEED=1 RUNS=100`.

Owns: the command line, and what a failure leaves. Must not know: what a run is. Invariant: a seed
that failed is printed with the command that runs it again alone.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from game.compiled import is_compiled
from server.match.journal_files import segment_name
from tests.simulation.canaries import CANARIES, IN_SOURCES
from tests.simulation.run import Outcome, simulate

FOLDER = Path(os.path.relpath(Path(__file__).parents[2] / "test-journals" / "simulation"))
SHOWN_FAULTS = 3
PROGRESS_RUNS = 100


def main(words: list[str]) -> int:
    """Run the seeds and print the outcome; returns 1 when one failed."""
    arguments = _parse(words)
    first = arguments.seed if arguments.seed is not None else time.time_ns() % 10**9
    seeds = range(first, first + arguments.runs)
    print(f"{len(seeds)} runs, seeds {seeds[0]} to {seeds[-1]}", flush=True)
    began_s = time.perf_counter()
    failed, virtual_s = 0, 0.0
    for number, outcome in enumerate(_outcomes(seeds, arguments), 1):
        virtual_s += outcome.virtual_s
        if number % PROGRESS_RUNS == 0:
            print(f"{number} runs after {time.perf_counter() - began_s:.0f} s", flush=True)
        if outcome.faults:
            failed += 1
            _tell(outcome, arguments)
        elif arguments.verbose or len(seeds) == 1:
            print(outcome.seed, outcome.digest, outcome.counts, flush=True)
    took_s = time.perf_counter() - began_s
    print(
        f"{len(seeds) - failed} runs passed, {failed} failed: {virtual_s / 3600:.1f} virtual hours"
        f" in {took_s:.0f} s, {len(seeds) / took_s:.1f} runs/s"
    )
    return 1 if failed else 0


def _parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="of the first run; the clock's when not given")
    parser.add_argument("--runs", type=int, default=1, help="as many seeds, one after the other")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="for what failed")
    parser.add_argument("--canary", choices=CANARIES, help="plant this bug, to see it found")
    parser.add_argument("--verbose", action="store_true", help="a line for each run")
    arguments = parser.parse_args(words)
    if is_compiled() and arguments.canary in IN_SOURCES:
        parser.error(f"{arguments.canary} can be planted only with SKIRMISH_COMPILED=0")
    return arguments


def _outcomes(seeds: Iterable[int], arguments: argparse.Namespace) -> Iterator[Outcome]:
    """Yield outcomes in the order of the seeds, which run one at a time or in parallel."""
    run = partial(_run, canary=arguments.canary, folder=arguments.folder)
    if arguments.jobs == 1:
        yield from map(run, seeds)
        return
    with ProcessPoolExecutor(arguments.jobs) as pool:
        yield from pool.map(run, seeds)


def _run(seed: int, canary: str | None, folder: Path) -> Outcome:
    return simulate(seed, CANARIES[canary] if canary else None, keep=folder / str(seed))


def _tell(outcome: Outcome, arguments: argparse.Namespace) -> None:
    planted = f" ARGS='--canary {arguments.canary}'" if arguments.canary else ""
    way = "SKIRMISH_COMPILED=0 " if arguments.canary in IN_SOURCES else ""
    command = f"{way}make simulate SEED={outcome.seed}{planted}"
    print(f"\nSEED {outcome.seed} FAILED, again with: {command}")
    folder = arguments.folder / str(outcome.seed)
    print(f"  its trace and journals are in {folder}")
    for path in newest_journals(folder, outcome.faults[0]):
        print(f"  watch: skirmish debug {path}")
    for text in outcome.faults[:SHOWN_FAULTS]:
        print("  -", text.replace("\n", "\n    "))
    sys.stdout.flush()


def newest_journals(folder: Path, fault: str) -> list[Path]:
    """The last file of each match that a fault names, or of all when it names none."""
    last: dict[str, Path] = {}
    for path in sorted(folder.glob("data/**/*.skj*"), key=lambda path: path.name):
        name = segment_name(path.name)
        if name is not None:
            last[name.match_id] = path
    return [path for match_id, path in last.items() if match_id in fault] or list(last.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The steps of `make check` and `make test`, and how commands are run.

Owns: the steps, their order, and which run in parallel. Must not know: how anything is
installed. Like `dev.py`, it needs only the standard library. Invariant: a command that was started
is waited for, even when the run is told to stop.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
JOURNALS = ROOT / "build" / "journals"  # a sample of each kind from the servers of a test run
BYTECODE = ROOT / "build" / "bytecode"
STOPPING = [signal.SIGINT, signal.SIGTERM]
NOTHING_COMPILED = (
    "Nothing is compiled here, so a server takes about twice the processor time: there is no "
    "C compiler, or Python's headers are missing. On Debian or Ubuntu: sudo apt install "
)
PYTEST = [str(VENV_PYTHON), "-m", "pytest"]
STYLE = [
    ("format", [str(VENV_PYTHON), "-m", "ruff", "format", "--check", "--quiet", "."]),
    ("lint", [str(VENV_PYTHON), "-m", "ruff", "check", "--quiet", "."]),
    ("types", [str(VENV_PYTHON), "-m", "mypy", "--no-error-summary"]),
    ("browser types", [str(VENV_PYTHON), "hatch_build.py", "check"]),
    ("browser tests", [str(VENV_PYTHON), "hatch_build.py", "test"]),
    ("architecture", PYTEST + ["tests/test_architecture.py"]),
]
VERSIONS = [str(VENV_PYTHON), "-m", "tests.versions"]
QUICK_TESTS = PYTEST + ["-n", "2", "-m", "not slow and not browser"]
QUICK_TESTS += ["--ignore=tests/test_architecture.py"]
# Long tests only take processor time; those of real processes mostly wait, so three run at once.
# Browsers take about a core each. Tests that need a page to play well run one at a time.
LONG = ["tests/game", "tests/probes", "tests/properties", "tests/server", "tests/simulation"]
LONG_TESTS = PYTEST + ["-n", "2", "-m", "slow"] + LONG
PROCESSES = ["tests/bench", "tests/clients", "tests/deploy", "tests/docs", "tests/integration"]
PROCESS_TESTS = PYTEST + ["-n", "3", "-m", "slow or browser"] + PROCESSES
ALONE = ["tests/browser/test_networks.py", "tests/browser/test_play.py"]
TESTS_ALONE = PYTEST + ALONE
END_TO_END_TESTS = PYTEST + ["-n", "2", "--dist", "loadfile", "-m", "slow or browser"]
END_TO_END_TESTS += ["--ignore=" + path for path in LONG + PROCESSES + ALONE]


def run(command):
    """Run a command from the root; returns its status, or ends with it when told to stop."""
    return run_together([command], [None])[0]


def run_together(commands, outputs):
    """Run commands side by side from the root, each with a file for its output, or None for ours;
    returns their statuses, or ends with one of them when told to stop.

    A terminal's Ctrl-C reaches the commands by itself, a SIGTERM is passed on to them. Then they
    get the time they take: whatever they started and have to say goodbye to is not left behind.
    """
    started, told = [], []

    def stop(number, _frame):
        told.append(number)
        if number == signal.SIGTERM:
            for process in started:
                process.send_signal(number)

    handlers = [(number, signal.signal(number, stop)) for number in STOPPING]
    try:
        for command, output in zip(commands, outputs, strict=True):
            words = [str(word) for word in command]
            started.append(subprocess.Popen(words, cwd=str(ROOT), stdout=output, stderr=output))
            if signal.SIGTERM in told:  # it came before this one was there
                started[-1].send_signal(signal.SIGTERM)
        statuses = [process.wait() for process in started]
    finally:
        for number, handler in handlers:
            signal.signal(number, handler)
    if told:
        status = max(statuses, key=abs)
        sys.exit(128 - status if status < 0 else status)  # as a shell writes "ended by a signal"
    return statuses


def run_steps(verb, steps, beside=(), compiled="0"):
    """Run all steps, each under its name; before them those of `beside`, all at once and on the
    sources as they are; the last line sums up.
    """
    failed, started_s = [], time.monotonic()
    os.environ["SKIRMISH_COMPILED"] = "0"
    # Dozens of processes import the same modules: keep the bytecode.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(BYTECODE)
    with contextlib.ExitStack() as files:
        outputs = [files.enter_context(tempfile.TemporaryFile()) for _ in beside]
        statuses = run_together([command for _, command in beside], outputs)
        for (name, _), output, status in zip(beside, outputs, statuses, strict=True):
            output.seek(0)
            said = output.read().decode(errors="replace")
            if status != 0:
                failed.append(name)
            print("\n== %s\n%s-- %s: %s" % (name, said, name, "FAILED" if status else "ok"))
    if beside:
        print("\n-- all at once: %.1f s" % (time.monotonic() - started_s), flush=True)
    os.environ["SKIRMISH_COMPILED"] = compiled
    for name, command in steps:
        print("\n== %s" % name, flush=True)
        step_started_s = time.monotonic()
        if run(command) != 0:
            failed.append(name)
        word = "FAILED" if name in failed else "ok"
        print("-- %s: %s, %.1f s" % (name, word, time.monotonic() - step_started_s), flush=True)
    took_s = time.monotonic() - started_s
    counts = (verb, len(steps) + len(beside) - len(failed), len(failed), took_s)
    print("\nmake %s: %d steps passed, %d failed, %.0f s" % counts, end="")
    print(": " + ", ".join(failed) if failed else "")
    return 1 if failed else 0


def check(arguments):
    """Run the fast loop, interpreted."""
    few_examples = ["--hypothesis-profile=quick"]
    return run_steps("check", [("tests", QUICK_TESTS + few_examples + arguments)], STYLE)


def test(arguments):
    """Everything there is, the slow and the end-to-end tests included, compiled as operators run it
    where that is possible; then as it is written, under other Pythons.
    """
    import build_compiled

    shutil.rmtree(str(JOURNALS), ignore_errors=True)
    if arguments:
        chosen, is_whole = [("tests", PYTEST + arguments)], []
    else:
        chosen, is_whole = [("tests", QUICK_TESTS), ("long tests", LONG_TESTS)], ["--whole"]
        chosen += [("tests of processes", PROCESS_TESTS), ("end-to-end tests", END_TO_END_TESTS)]
        chosen.append(("end-to-end tests, one at a time", TESTS_ALONE))
    steps = [(name, command + ["--journals=" + str(JOURNALS)]) for name, command in chosen]
    steps.append(("other Pythons", VERSIONS + is_whole))
    if build_compiled.lacking():
        print(NOTHING_COMPILED + build_compiled.lacking(), flush=True)
        return run_steps("test", steps, STYLE)
    compiler = ("compiler", [VENV_PYTHON, "build_compiled.py"])
    return run_steps("test", steps, STYLE + [compiler], compiled="1")

"""Sets this checkout up and runs it: `python3 dev.py VERB`, or `make VERB`.

Owns `.venv` and the steps behind each verb. Must not need anything installed: the standard library
only, and syntax that an old Python reads, so that it can find a newer one and start again under it.
Invariant: `.venv` holds what the stamps in it say, so a second start installs nothing.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
JOURNALS = ROOT / "build" / "journals"  # what the servers of a test run wrote: some of each kind
OLDEST = (3, 11)
STOPPING = [signal.SIGINT, signal.SIGTERM]
CANDIDATES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"]
RUNTIME, DEVELOPMENT, NATIVE = "runtime", "development", "native"
INSTALLED_FROM = ["pyproject.toml", "hatch_build.py", "constraints.txt"]
LEFT_BEHIND = [
    ".venv", "build", "dist", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
    "clients/browser/dist", "clients/browser/node_modules", "clients/browser/.built",
    "bench/build", "bench/colyseus/node_modules", "native/build", "native/skirmish_native.egg-info",
]  # fmt: skip

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
# Long ones take nothing but the processor's time, those of real processes mostly wait: two at once.
# What plays in a browser, and anything else, has the machine for itself.
LONG = ["tests/game", "tests/probes", "tests/properties", "tests/server", "tests/simulation"]
LONG_TESTS = PYTEST + ["-n", "2", "-m", "slow"] + LONG
PROCESSES = ["tests/bench", "tests/clients", "tests/deploy", "tests/docs", "tests/integration"]
PROCESS_TESTS = PYTEST + ["-n", "2", "-m", "slow or browser"] + PROCESSES
END_TO_END_TESTS = PYTEST + ["-m", "slow or browser"]
END_TO_END_TESTS += ["--ignore=" + folder for folder in LONG + PROCESSES]


class Refusal(Exception):
    """Something is missing that only a person can give; the text says what to do."""


def run(command):
    """Run a command from the root; returns its status, or ends with it when told to stop.

    A terminal's Ctrl-C reaches the command by itself, a SIGTERM is passed on to it. Then it gets
    the time it takes: whatever it started and has to say goodbye to is not left behind.
    """
    started, told, too_early = [], [], []

    def stop(number, _frame):
        told.append(number)
        if number == signal.SIGTERM:
            if started:
                started[0].send_signal(number)
            else:
                too_early.append(number)

    handlers = [(number, signal.signal(number, stop)) for number in STOPPING]
    try:
        started.append(subprocess.Popen([str(word) for word in command], cwd=str(ROOT)))
        for number in too_early:
            started[0].send_signal(number)
        status = started[0].wait()
    finally:
        for number, handler in handlers:
            signal.signal(number, handler)
    if told:
        sys.exit(128 - status if status < 0 else status)  # as a shell writes "ended by a signal"
    return status


def must_run(command, otherwise):
    """Run a command that has to succeed."""
    if run(command) != 0:
        raise Refusal(otherwise)


# The right Python


def version_of(program):
    """Ask a program which Python it is; (0, 0) when it is none (a pyenv shim of nothing, say)."""
    question = [program, "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        answer = subprocess.check_output(question, stderr=subprocess.DEVNULL)
        major, minor = answer.split()
        return int(major), int(minor)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0, 0


def continue_under_newer_python():
    """Start again under the first Python on the path that is new enough."""
    for name in CANDIDATES:
        program = shutil.which(name)
        if program and version_of(program) >= OLDEST:
            sys.exit(run([program, ROOT / "dev.py"] + sys.argv[1:]))
    raise Refusal(
        "Skirmish needs Python 3.11 or newer, and this is %d.%d. On Debian or Ubuntu: "
        "sudo apt install python3.11 python3.11-venv. Elsewhere: python.org or pyenv."
        % sys.version_info[:2]
    )


# The virtual environment


def missing_venv_advice():
    """Say how to get a working `venv` here."""
    package = "python%d.%d-venv" % sys.version_info[:2]
    return (
        "This Python cannot make a virtual environment with pip in it. "
        "On Debian or Ubuntu: sudo apt install %s, then try again." % package
    )


def make_venv():
    """Make `.venv` afresh. The system's own Python is never installed into (PEP 668)."""
    print("Making .venv with Python %d.%d" % sys.version_info[:2], flush=True)
    shutil.rmtree(str(VENV), ignore_errors=True)
    try:
        import ensurepip  # noqa: F401  # Debian ships Python without it unless python3-venv is installed
        import venv
    except ImportError:
        raise Refusal(missing_venv_advice()) from None
    try:
        venv.create(str(VENV), with_pip=True)
    except (subprocess.CalledProcessError, OSError):
        shutil.rmtree(str(VENV), ignore_errors=True)
        raise Refusal(missing_venv_advice()) from None


def venv_is_usable():
    """Tell whether `.venv` is there, answers, and is new enough."""
    return VENV_PYTHON.exists() and version_of(str(VENV_PYTHON)) >= OLDEST


def wanted_stamp(level):
    """Name what an installation of this level is made from."""
    summary = hashlib.sha256((level + str(VENV)).encode())  # a moved environment does not work
    for name in INSTALLED_FROM:
        summary.update((ROOT / name).read_bytes())
    return summary.hexdigest()


def stamp_file(level):
    """Where it is noted what was installed."""
    return VENV / ("installed-" + level)


def native_stamp():
    """Name what the compiled extra is made from."""
    summary = hashlib.sha256(str(VENV).encode())
    folder = ROOT / "native"
    for file in sorted([*folder.glob("*.*"), *folder.glob("src/*.*")]):
        if file.is_file():
            summary.update(file.name.encode() + file.read_bytes())
    return summary.hexdigest()


def is_installed(level):
    """Tell whether `.venv` holds what this level needs today."""
    stamp = stamp_file(level)
    wanted = native_stamp() if level == NATIVE else wanted_stamp(level)
    return stamp.exists() and stamp.read_text() == wanted


def pip(*arguments):
    """Run pip of the virtual environment, with the versions of constraints.txt."""
    command = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    must_run(
        command + list(arguments),
        "Installing failed, see above. It needs a package index within reach: check the network, "
        "and HTTPS_PROXY or pip's own settings where a proxy is in the way.",
    )


def remove_former_name():
    """Take out Skirmish under the distribution name that it had once: both own `skirmish`."""
    if [*VENV.glob("[Ll]ib/**/site-packages/skirmish-*.dist-info")]:
        uninstall = [VENV_PYTHON, "-m", "pip", "uninstall", "--quiet", "--yes", "skirmish"]
        must_run(uninstall, "What has an old name cannot be taken out: remove .venv.")


def install(level):
    """Bring `.venv` to a level, and the browser client to its sources."""
    import hatch_build

    if not venv_is_usable():
        make_venv()
    enough = is_installed(level) or (level == RUNTIME and is_installed(DEVELOPMENT))
    if enough and hatch_build.is_fresh(ROOT):
        return
    started_s = time.monotonic()
    if enough:
        print("Building the browser client: its sources changed", flush=True)
        isolation = ["--no-build-isolation"] if is_installed(DEVELOPMENT) else []
        pip("--no-deps", *isolation, "-e", ".")
    else:
        print(
            "Installing Skirmish into .venv (%s); the first time takes a minute" % level, flush=True
        )
        remove_former_name()
        pip("--upgrade", "pip>=25.1")  # older ones do not know dependency groups
        groups = ["--group", "dev"] if level == DEVELOPMENT else []
        pip("--constraint", "constraints.txt", "-e", ".", *groups)
        stamp_file(level).write_text(wanted_stamp(level))
    print("Ready after %.0f s" % (time.monotonic() - started_s), flush=True)


def check_compiler():
    """Refuse when nothing can be compiled for this Python."""
    header = Path(sysconfig.get_path("include")) / "Python.h"
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if os.name == "nt" or (header.exists() and shutil.which(os.environ.get("CC", compiler))):
        return  # Windows' compilers are found by setuptools
    raise Refusal(
        "The compiled extra needs a C compiler and Python's headers. On Debian or Ubuntu: "
        "sudo apt install gcc libc6-dev python%d.%d-dev. Without it everything works, and takes "
        "more of the processor." % sys.version_info[:2]
    )


def compile_native(*where):
    """Let pip build it; a development's environment has all that it takes."""
    check_compiler()
    isolation = ["--no-build-isolation"] if is_installed(DEVELOPMENT) else []
    pip("--no-deps", *isolation, *where, str(ROOT / "native"))


def build_native(folder):
    """Build the compiled extra into a folder that is not on any path by itself."""
    stamp = folder / "built-from"
    if stamp.exists() and stamp.read_text() == native_stamp():
        return
    shutil.rmtree(str(folder), ignore_errors=True)
    compile_native("--target", str(folder))
    stamp.write_text(native_stamp())


def install_native():
    """Compile the extra for `.venv`; from then on servers use it."""
    if not is_installed(NATIVE):
        compile_native("--force-reinstall")
        stamp_file(NATIVE).write_text(native_stamp())


def renew_native():
    """Compile the extra anew when its sources have changed; who cannot any more goes on without."""
    try:
        install_native()
    except Refusal as refusal:
        must_run(
            [VENV_PYTHON, "-m", "pip", "uninstall", "--quiet", "--yes", "skirmish-native"],
            "The compiled extra is out of date and cannot be taken out: remove .venv.",
        )
        stamp_file(NATIVE).unlink()
        print("%s\nIts sources have changed, so it was taken out of .venv." % refusal, flush=True)


# The verbs


def run_steps(verb, steps):
    """Run all steps, each under its name and time; the last line sums up."""
    os.environ["SKIRMISH_NATIVE"] = "0"  # the default is what is tested; `versions` adds the extra
    failed, started_s = [], time.monotonic()
    for name, command in steps:
        print("\n== %s" % name, flush=True)
        step_started_s = time.monotonic()
        if run(command) != 0:
            failed.append(name)
        word = "FAILED" if name in failed else "ok"
        print("-- %s: %s, %.1f s" % (name, word, time.monotonic() - step_started_s), flush=True)
    took_s = time.monotonic() - started_s
    counts = (verb, len(steps) - len(failed), len(failed), took_s)
    print("\nmake %s: %d steps passed, %d failed, %.0f s" % counts, end="")
    print(": " + ", ".join(failed) if failed else "")
    return 1 if failed else 0


def check(arguments):
    """The fast loop."""
    few_examples = ["--hypothesis-profile=quick"]
    return run_steps("check", STYLE + [("tests", QUICK_TESTS + few_examples + arguments)])


def test(arguments):
    """Everything there is, the slow and the end-to-end tests included; then other Pythons."""
    shutil.rmtree(str(JOURNALS), ignore_errors=True)
    if arguments:
        chosen, is_whole = [("tests", PYTEST + arguments)], []
    else:
        chosen, is_whole = [("tests", QUICK_TESTS), ("long tests", LONG_TESTS)], ["--whole"]
        chosen += [("tests of processes", PROCESS_TESTS), ("end-to-end tests", END_TO_END_TESTS)]
    steps = [(name, command + ["--journals=" + str(JOURNALS)]) for name, command in chosen]
    return run_steps("test", STYLE + steps + [("other Pythons", VERSIONS + is_whole)])


def versions(arguments):
    """The journals of the last test run, under the other Pythons of this machine."""
    return run(VERSIONS + arguments)


def format_files(_arguments):
    """Rewrite the Python files."""
    lint = run([VENV_PYTHON, "-m", "ruff", "check", "--fix-only", "--quiet", "."])
    return lint or run([VENV_PYTHON, "-m", "ruff", "format", "."])


def skirmish(command):
    """Make a verb that hands over to a subcommand of `skirmish`."""

    def handed_over(arguments):
        return run([VENV_PYTHON.parent / "skirmish", command] + arguments)

    return handed_over


def native(_arguments):
    """The compiled extra."""
    install_native()
    print("Compiled and installed: servers of this checkout use it. SKIRMISH_NATIVE=0 does not.")
    return 0


def bench(arguments):
    """Measure; what is compiled has rows of its own."""
    os.environ["SKIRMISH_NATIVE"] = "0"
    return run([VENV_PYTHON, "-m", "bench"] + arguments)


def simulate(arguments):
    """Run the server, its clients and their troubles in virtual time."""
    return run([VENV_PYTHON, "-m", "tests.simulation"] + arguments)


def clean(_arguments):
    """Remove what was built or installed here; data and settings of a server stay."""
    for name in LEFT_BEHIND:
        path = ROOT / name
        if path.is_dir():
            shutil.rmtree(str(path))
        elif path.exists():
            path.unlink()
    return 0


VERBS = {
    "play": (RUNTIME, skirmish("play")),
    "serve": (RUNTIME, skirmish("serve")),
    "test": (DEVELOPMENT, test),
    "check": (DEVELOPMENT, check),
    "format": (DEVELOPMENT, format_files),
    "bench": (DEVELOPMENT, bench),
    "simulate": (DEVELOPMENT, simulate),
    "versions": (DEVELOPMENT, versions),
    "native": (RUNTIME, native),
    "clean": (None, clean),
}


def main(words):
    """Do what the first word says; returns the exit status."""
    if not words or words[0] not in VERBS:
        print("usage: python3 dev.py {%s} …" % ",".join(VERBS))
        return 2
    level, verb = VERBS[words[0]]
    try:
        if sys.version_info < OLDEST:
            continue_under_newer_python()
        if level:
            install(level)
            if stamp_file(NATIVE).exists():
                renew_native()
        return verb(words[1:])
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Sets this checkout up and runs it: `python3 dev.py VERB`, or `make VERB`.

Owns `.venv` and what each verb does. Must not need anything installed: the standard library
only, and syntax that an old Python reads, so that it can find a newer one and start again under it.
Invariant: `.venv` holds what the stamps in it say, so a second start installs nothing.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time

from dev_steps import NOTHING_COMPILED, ROOT, VENV, VENV_PYTHON, VERSIONS, check, run, test

OLDEST = (3, 11)
CANDIDATES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"]
RUNTIME, DEVELOPMENT, COMPILER = "runtime", "development", "compiler"
INSTALLED_FROM = ["pyproject.toml", "hatch_build.py", "constraints.txt"]
LEFT_BEHIND = [
    ".venv", "build", "dist", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
    "clients/browser/dist", "clients/browser/node_modules", "clients/browser/.built",
    "bench/build", "bench/bun/node_modules", "bench/colyseus/node_modules",
    "game/built", "maps/built",
]  # fmt: skip


class Refusal(Exception):
    """Something is missing that only a person can give; the text says what to do."""


def must_run(command, otherwise):
    """Run a command that has to succeed."""
    if run(command) != 0:
        raise Refusal(otherwise)


# The right Python


def version_of(program):
    """Ask a program for its Python version; (0, 0) when it has none (an empty pyenv shim, say)."""
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
    """Advice on how to get a working `venv` here."""
    package = "python%d.%d-venv" % sys.version_info[:2]
    return (
        "This Python cannot make a virtual environment with pip in it. "
        "On Debian or Ubuntu: sudo apt install %s, then try again." % package
    )


def make_venv():
    """Make a new `.venv`. Nothing is ever installed into the system's own Python (PEP 668)."""
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
    """Whether `.venv` exists, runs, and is new enough."""
    return VENV_PYTHON.exists() and version_of(str(VENV_PYTHON)) >= OLDEST


def wanted_stamp(level):
    """A hash of everything that an installation of this level is made from."""
    summary = hashlib.sha256((level + str(VENV)).encode())  # a moved environment does not work
    for name in INSTALLED_FROM:
        summary.update((ROOT / name).read_bytes())
    return summary.hexdigest()


def stamp_file(level):
    """The file that records what was installed."""
    return VENV / ("installed-" + level)


def is_installed(level):
    """Whether `.venv` has what this level currently needs."""
    stamp = stamp_file(level)
    return stamp.exists() and stamp.read_text() == wanted_stamp(level)


def pip(*arguments):
    """Run the virtual environment's pip with the versions of constraints.txt."""
    command = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    must_run(
        command + list(arguments),
        "Installing failed, see above. It needs a package index within reach: check the network, "
        "and HTTPS_PROXY or pip's own settings where a proxy is in the way.",
    )


def remove_former_name():
    """Uninstall Skirmish under its former distribution name: both install `skirmish`."""
    if [*VENV.glob("[Ll]ib/**/site-packages/skirmish-*.dist-info")]:
        uninstall = [VENV_PYTHON, "-m", "pip", "uninstall", "--quiet", "--yes", "skirmish"]
        must_run(uninstall, "What has an old name cannot be taken out: remove .venv.")


def install(level):
    """Bring `.venv` to a level, and build the browser client if it is stale."""
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
    run([VENV_PYTHON, "-m", "server.maps.sight_files"])  # a start without them only takes longer
    print("Ready after %.0f s" % (time.monotonic() - started_s), flush=True)


def compile_sources():
    """Compile what `game/compiled.py` lists unless that is done. Prints why and returns False where
    nothing can be compiled.
    """
    import build_compiled

    if build_compiled.is_fresh():
        return True
    if not can_compile():
        return False
    if not is_installed(DEVELOPMENT) and not is_installed(COMPILER):
        pip("--constraint", "constraints.txt", "--group", COMPILER)
        stamp_file(COMPILER).write_text(wanted_stamp(COMPILER))
    print("Compiling the hottest modules; one to two minutes, once after each change", flush=True)
    return run([VENV_PYTHON, ROOT / "build_compiled.py"]) == 0


def can_compile():
    """Whether a compiler and what it needs are here; prints what to do where they are not."""
    import build_compiled

    packages = build_compiled.lacking()
    if packages:
        print(NOTHING_COMPILED + packages, flush=True)
    return not packages


# The verbs


def versions(arguments):
    """Replay the last test run's journals under the other Pythons of this machine."""
    return run(VERSIONS + arguments)


def format_files(_arguments):
    """Rewrite the Python files."""
    lint = run([VENV_PYTHON, "-m", "ruff", "check", "--fix-only", "--quiet", "."])
    return lint or run([VENV_PYTHON, "-m", "ruff", "format", "."])


def skirmish(command):
    """Make a verb that runs a subcommand of `skirmish`."""

    def handed_over(arguments):
        return run([VENV_PYTHON.parent / "skirmish", command] + arguments)

    return handed_over


def wants_compiled():
    """Whether the environment asks for compiled modules, or leaves the choice to us."""
    return os.environ.get("SKIRMISH_COMPILED") != "0"


def compile_here(_arguments):
    """Compile for the next servers of this checkout. One may be running meanwhile."""
    if hasattr(os, "nice"):
        os.nice(19)
    return 0 if compile_sources() else 1


def serve(arguments):
    """Run the server, compiled where that is possible and wanted."""
    if wants_compiled():
        compile_sources()
    return skirmish("serve")(arguments)


def play(arguments):
    """Play at once, and compile in the background for the next start."""
    import build_compiled

    if not wants_compiled() or build_compiled.is_fresh() or not can_compile():
        return skirmish("play")(arguments)
    command = [sys.executable, str(ROOT / "dev.py"), "compile"]
    compiler = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        return skirmish("play")(arguments)
    finally:
        compiler.terminate()
        compiler.wait()


def bench(arguments):
    """Run the bench on the default build; interpreted runs have rows of their own."""
    compile_sources()
    return run([VENV_PYTHON, "-m", "bench"] + arguments)


def simulate(arguments):
    """Simulate the server, its clients and their failures in virtual time."""
    return run([VENV_PYTHON, "-m", "tests.simulation"] + arguments)


def clean(_arguments):
    """Remove what was built or installed here, but no server's data or settings."""
    for name in LEFT_BEHIND:
        path = ROOT / name
        if path.is_dir():
            shutil.rmtree(str(path))
        elif path.exists():
            path.unlink()
    return 0


VERBS = {
    "play": (RUNTIME, play),
    "serve": (RUNTIME, serve),
    "test": (DEVELOPMENT, test),
    "check": (DEVELOPMENT, check),
    "format": (DEVELOPMENT, format_files),
    "bench": (DEVELOPMENT, bench),
    "simulate": (DEVELOPMENT, simulate),
    "versions": (DEVELOPMENT, versions),
    "compile": (RUNTIME, compile_here),
    "clean": (None, clean),
}


def main(words):
    """Run the verb that the first word names; returns the exit status."""
    if not words or words[0] not in VERBS:
        print("usage: python3 dev.py {%s} …" % ",".join(VERBS))
        return 2
    level, verb = VERBS[words[0]]
    try:
        if sys.version_info < OLDEST:
            continue_under_newer_python()
        if level:
            install(level)
        return verb(words[1:])
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
